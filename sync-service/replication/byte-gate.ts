/** How much may be behind a gate at a time. */
export interface GateLimits {
	/** Bytes of all. */
	mostBytes: number;
	/** Bytes of one owner. */
	mostBytesOfOne: number;
	/** Milliseconds to wait for a place. */
	waitMs: number;
	/** How many wait at a time. */
	mostWaiting: number;
}

/** Gives a place back. */
export type Leave = () => void;

interface Waiting {
	owner: string;
	bytes: number;
	answer: (leave: Leave | undefined) => void;
}

/** Lets so many bytes in at a time, in the order in which they came. */
export class ByteGate {
	readonly #limits: GateLimits;
	readonly #queue = new Set<Waiting>();
	readonly #byOwner = new Map<string, number>();
	#bytes = 0;

	constructor(limits: GateLimits) {
		this.#limits = limits;
	}

	/** Bytes behind the gate. */
	get bytes(): number {
		return this.#bytes;
	}

	/** How many wait for a place. */
	get waiting(): number {
		return this.#queue.size;
	}

	/** Resolves with the way out once there is room, or with `undefined` when there was none in time. */
	enter(owner: string, bytes: number, gone: AbortSignal): Promise<Leave | undefined> {
		const { mostWaiting, waitMs } = this.#limits;
		if (this.#queue.size === 0 && this.#fits(owner, bytes)) {
			return Promise.resolve(this.#take(owner, bytes));
		}
		if (this.#queue.size >= mostWaiting || gone.aborted) return Promise.resolve(undefined);
		return new Promise((resolve) => {
			const giveUp = () => waiting.answer(undefined);
			const timer = setTimeout(giveUp, waitMs);
			const waiting: Waiting = {
				owner,
				bytes,
				answer: (leave) => {
					clearTimeout(timer);
					gone.removeEventListener('abort', giveUp);
					this.#queue.delete(waiting);
					resolve(leave);
				}
			};
			gone.addEventListener('abort', giveUp, { once: true });
			this.#queue.add(waiting);
			this.#callNext();
		});
	}

	#fits(owner: string, bytes: number): boolean {
		const { mostBytes, mostBytesOfOne } = this.#limits;
		const ofOne = this.#byOwner.get(owner) ?? 0;
		return this.#bytes + bytes <= mostBytes && ofOne + bytes <= mostBytesOfOne;
	}

	#take(owner: string, bytes: number): Leave {
		this.#add(owner, bytes);
		return () => {
			this.#add(owner, -bytes);
			this.#callNext();
		};
	}

	#add(owner: string, bytes: number): void {
		this.#bytes += bytes;
		const ofOne = (this.#byOwner.get(owner) ?? 0) + bytes;
		if (ofOne === 0) this.#byOwner.delete(owner);
		else this.#byOwner.set(owner, ofOne);
	}

	#callNext(): void {
		for (const { owner, bytes, answer } of this.#queue) {
			// Who waits for themself only does not hold up the others.
			if (this.#fits(owner, bytes)) answer(this.#take(owner, bytes));
			else if (this.#bytes + bytes > this.#limits.mostBytes) return;
		}
	}
}
