import type { Failure } from '#lib/domain/failure-words.ts';

type Answer<T> = { ok: true; value: T } | ({ ok: false } & Failure);

/** Something the service was asked for: what it said last, and what went wrong since. */
export class Asked<T> {
	#ask: () => Promise<Answer<T>>;
	#value = $state.raw<T>();
	#failure = $state.raw<Failure>();
	#busy = $state(false);
	#asked = 0;
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

	/** Asks; what is known already stays meanwhile. Of several questions the last one's answer counts. */
	async load(): Promise<void> {
		const asked = ++this.#asked;
		this.#busy = true;
		const answer = await this.#ask();
		if (asked !== this.#asked) return;
		this.#busy = false;
		if (answer.ok) this.take(answer.value);
		else this.#failure = answer;
	}

	/** Takes what was learnt in another way. */
	take(value: T): void {
		this.#value = value;
		this.#failure = undefined;
		this.#at = Date.now();
	}
}
