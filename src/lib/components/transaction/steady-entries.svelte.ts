import type { Entry } from '#lib/domain/ledger/entry.ts';

/** So few new rows are drawn along with whatever else has changed. */
const FEW = 3;
/** How many rows are drawn at a time otherwise: a few milliseconds, on a slow device too. */
const STEP = 5;
/** How long nobody has typed until the rows are drawn, in milliseconds. */
const TYPING_MS = 200;
/** The pause between two steps, in milliseconds: about a frame. */
const PAUSE_MS = 16;

/**
 * The entries that a list draws. When many come at once they are taken over a few at a time, from the top,
 * so that the page goes on answering; what stood there stays below them until its turn comes.
 */
export class SteadyEntries {
	#drawn = $state.raw<readonly Entry[]>([]);
	#wanted = $state.raw<readonly Entry[]>([]);
	#timer: ReturnType<typeof setTimeout> | undefined;
	#begun = false;

	get drawn(): readonly Entry[] {
		return this.#drawn;
	}

	/** Whether everything that is wanted is drawn. Until then the list is shorter than it will be. */
	get isAll(): boolean {
		return this.#drawn === this.#wanted;
	}

	/**
	 * Goes after these entries, newest first. The first ones are drawn whole: the page may be scrolled to them.
	 *
	 * @param why what somebody types is drawn once they pause: the keys go before the rows.
	 */
	follow(wanted: readonly Entry[], why: 'changed' | 'typed' = 'changed'): void {
		this.#wanted = wanted;
		if (this.#begun && why === 'typed') {
			clearTimeout(this.#timer);
			this.#timer = setTimeout(() => this.#step(), TYPING_MS);
			return;
		}
		const { drawn, isAll } = takeOver(this.#drawn, wanted, FEW);
		if (!this.#begun) this.#drawn = wanted;
		else if (isAll) this.#drawn = drawn;
		else this.#timer ??= setTimeout(() => this.#step());
		this.#begun = true;
	}

	stop(): void {
		clearTimeout(this.#timer);
	}

	#step(): void {
		this.#timer = undefined;
		const { drawn, isAll } = takeOver(this.#drawn, this.#wanted, STEP);
		this.#drawn = drawn;
		if (!isAll) this.#timer = setTimeout(() => this.#step(), PAUSE_MS);
	}
}

/** What to draw next on the way from `drawn` to `wanted`, with at most `most` entries that were not drawn yet. */
export function takeOver(
	drawn: readonly Entry[],
	wanted: readonly Entry[],
	most: number
): { drawn: readonly Entry[]; isAll: boolean } {
	const before = new Set(drawn.map(({ _id }) => _id));
	let fresh = 0;
	const end = wanted.findIndex(({ _id }) => !before.has(_id) && ++fresh > most);
	if (end < 0) return { drawn: wanted, isAll: true };
	const head = wanted.slice(0, end);
	const last = head.at(-1);
	const taken = new Set(head.map(({ _id }) => _id));
	const still = new Map(wanted.slice(end).map((entry) => [entry._id, entry]));
	// In the order of the days, or one day would stand in two places.
	const tail = drawn
		.flatMap(({ _id }) => (taken.has(_id) ? [] : (still.get(_id) ?? [])))
		.filter(({ spentOn }) => !last || spentOn <= last.spentOn);
	return { drawn: [...head, ...tail], isAll: false };
}
