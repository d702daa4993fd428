/** Whether the browser may throw this device's copy away when it runs out of room. */
export class StorageProtection {
	#persisted = $state<boolean>();
	#refused = $state(false);
	#usedBytes = $state<number>();

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

	async look(): Promise<void> {
		this.#persisted = await navigator.storage?.persisted?.();
		// Installed, browsers grant it without a question.
		if (this.#persisted === false && matchMedia('(display-mode: standalone)').matches) {
			this.#persisted = await navigator.storage.persist();
		}
		this.#usedBytes = (await navigator.storage?.estimate?.())?.usage;
	}

	async ask(): Promise<void> {
		this.#persisted = await navigator.storage?.persist?.();
		this.#refused = this.#persisted === false;
	}
}
