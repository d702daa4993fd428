import type { Failure } from '#lib/domain/failure-words.ts';

type Answer<T> = { ok: true; value: T } | ({ ok: false } & Failure);

/** Something the service was asked for: what it said last, and what went wrong since. */
export class Asked<T> {
	#ask: () => Promise<Answer<T>>;
	#value = $state.raw<T>();
	#failure = $state.raw<Failure>();
	#busy = $state(false);
	#at = $state(0);

	constructor(ask: () => Promise<Answer<T>>) {
		this.#ask = ask;
	}

	/** `undefined` until it is known. */
	get value(): T | undefined {
		return this.#value;
	}

	get failure(): Failure | undefined {
		return this.#failure;
	}

	get busy(): boolean {
		return this.#busy;
	}

	/** When the value was told, in milliseconds since the Unix epoch. */
	get at(): number {
		return this.#at;
	}

	/** Asks; what is known already stays meanwhile. */
	async load(): Promise<void> {
		this.#busy = true;
		try {
			const answer = await this.#ask();
			if (answer.ok) this.take(answer.value);
			else this.#failure = answer;
		} finally {
			this.#busy = false;
		}
	}

	/** Takes what was learnt in another way. */
	take(value: T): void {
		this.#value = value;
		this.#failure = undefined;
		this.#at = Date.now();
	}
}
