export interface Toast {
	readonly id: number;
	readonly text: string;
	readonly action: { readonly label: string; run(): void } | undefined;
}

/** Long enough to read; with something to press, long enough to reach. It waits while it is pointed at. */
const PLAIN_MS = 5_000;
const WITH_ACTION_MS = 12_000;
/** What takes no longer than this needs no word about it. */
const UNNOTICED_MS = 1_000;

/** Short news at the foot of the screen. At most one is there at a time: the newest. */
class ToastList {
	#current = $state.raw<Toast>();
	#timer: ReturnType<typeof setTimeout> | undefined;
	#next = 1;
	/** The one that stays until what it speaks of is over. */
	#lasting: number | undefined;

	get current(): Toast | undefined {
		return this.#current;
	}

	show(text: string, action?: Toast['action']): void {
		this.#current = { id: this.#next++, text, action };
		this.resume();
	}

	/** Says `text` while `work` goes on, where that takes long; then it is gone, or replaced by what came of it. */
	async during<Result>(work: Promise<Result>, text: string): Promise<Result> {
		let id: number | undefined;
		const timer = setTimeout(() => {
			id = this.#lasting = this.#next;
			this.show(text);
		}, UNNOTICED_MS);
		try {
			return await work;
		} finally {
			clearTimeout(timer);
			if (id !== undefined && this.#current?.id === id) this.dismiss();
		}
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
		if (this.#current?.id === this.#lasting) return;
		const wait = this.#current?.action ? WITH_ACTION_MS : PLAIN_MS;
		this.#timer = setTimeout(() => this.dismiss(), wait);
	}
}

export const toasts = new ToastList();
