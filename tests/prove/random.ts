/** Random choices that one seed decides: the same seed, the same choices, on every machine. */
export class Random {
	#state: number;

	/** @param seeds any integers; together they decide every choice. */
	constructor(...seeds: readonly number[]) {
		this.#state = 0x9e3779b9;
		for (const seed of seeds) this.#state = (mix(this.#state) ^ seed) >>> 0;
	}

	/** An integer from 0 up to, but not including, `limit`; `limit` ≤ 2³². */
	below(limit: number): number {
		this.#state = (this.#state + 0x9e3779b9) >>> 0;
		return Math.floor((mix(this.#state) / 2 ** 32) * limit);
	}

	/** True about `share` of the time; `share` from 0 to 1. */
	chance(share: number): boolean {
		return this.below(2 ** 32) < share * 2 ** 32;
	}

	pick<T>(choices: readonly T[]): T {
		return choices[this.below(choices.length)] as T;
	}

	/** Some of the choices, at least one, in any order. */
	some<T>(choices: readonly T[]): T[] {
		return this.shuffle(choices).slice(0, 1 + this.below(choices.length));
	}

	shuffle<T>(choices: readonly T[]): T[] {
		const all = [...choices];
		for (let at = all.length - 1; at > 0; at--) {
			const other = this.below(at + 1);
			[all[at], all[other]] = [all[other] as T, all[at] as T];
		}
		return all;
	}
}

/** The finaliser of SplitMix32. */
function mix(number: number): number {
	let mixed = number;
	mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
	mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
	return (mixed ^ (mixed >>> 16)) >>> 0;
}
