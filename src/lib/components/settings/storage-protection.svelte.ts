/** From this share of the room on it is worth a word. */
const NEARLY_FULL = 0.8;

/** Whether the browser may throw this device's copy away when it runs out of room. */
export class StorageProtection {
	#persisted = $state<boolean>();
	#refused = $state(false);
	#usedBytes = $state<number>();
	#quotaBytes = $state<number>();
	#nearlyFull = $state(false);

	/** `undefined` until it is known, or where the browser does not say. */
	get persisted(): boolean | undefined {
		return this.#persisted;
	}

	/** The person asked, and the browser would not. */
	get refused(): boolean {
		return this.#refused;
	}

	get usedBytes(): number | undefined {
		return this.#usedBytes;
	}

	/** How much the browser gives, at most. */
	get quotaBytes(): number | undefined {
		return this.#quotaBytes;
	}

	/** There is little left of the room that the browser gives: better said before a save fails. */
	get nearlyFull(): boolean {
		return this.#nearlyFull;
	}

	async look(): Promise<void> {
		this.#persisted = await navigator.storage?.persisted?.();
		// Installed, browsers grant it without a question.
		if (this.#persisted === false && matchMedia('(display-mode: standalone)').matches) {
			this.#persisted = await navigator.storage.persist();
		}
		const { usage, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
		this.#usedBytes = usage;
		this.#quotaBytes = quota || undefined;
		this.#nearlyFull = usage !== undefined && quota > 0 && usage > NEARLY_FULL * quota;
	}

	async ask(): Promise<void> {
		this.#persisted = await navigator.storage?.persist?.();
		this.#refused = this.#persisted === false;
	}
}
