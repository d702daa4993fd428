export interface Toast {
	readonly id: number;
	readonly text: string;
	readonly action: { readonly label: string; run(): void } | undefined;
}

/** Long enough to read; with something to press, long enough to reach. It waits while it is pointed at. */
const PLAIN_MS = 5_000;
const WITH_ACTION_MS = 12_000;

/** Short news at the foot of the screen. At most one is there at a time: the newest. */
class ToastList {
	#current = $state.raw<Toast>();
	#timer: ReturnType<typeof setTimeout> | undefined;
	#next = 1;

	get current(): Toast | undefined {
		return this.#current;
	}

	show(text: string, action?: Toast['action']): void {
		this.#current = { id: this.#next++, text, action };
		this.resume();
	}

	dismiss(): void {
		clearTimeout(this.#timer);
		this.#current = undefined;
	}

	/** The pointer or the focus is on it: it stays. */
	pause(): void {
		clearTimeout(this.#timer);
	}

	resume(): void {
		clearTimeout(this.#timer);
		const wait = this.#current?.action ? WITH_ACTION_MS : PLAIN_MS;
		this.#timer = setTimeout(() => this.dismiss(), wait);
	}
}

export const toasts = new ToastList();
