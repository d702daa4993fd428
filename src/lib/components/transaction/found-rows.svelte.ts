import { toFilterAddress } from '#lib/domain/ledger/filter-address.ts';
import type { LedgerColumns } from '#lib/domain/ledger/ledger-columns.ts';
import { type EntryFilter, selectInSteps } from '#lib/domain/ledger/select.ts';
import type { SearchNames } from '#lib/domain/ledger/word-test.ts';

/** How long the page may be kept from drawing and from keys, in milliseconds. */
const SLICE_MS = 4;
/** A quick typist's next key comes sooner, in milliseconds. */
const BETWEEN_KEYS_MS = 200;

/** What was found, and by which filter. */
export interface Found {
	/** The filter, as `toFilterAddress` writes it. */
	readonly address: string;
	/** Newest first. They stay as they are when the ledger changes. */
	readonly rows: Uint32Array;
}

/**
 * The rows that a search finds. A large ledger is searched a few milliseconds at a time, and what was found
 * last stays on screen until the new rows are there. A search waits until nobody types: a result that the next
 * key makes out of date is not worth a key that comes late.
 */
export class FoundRows {
	#found = $state.raw<Found>({ address: '', rows: new Uint32Array(0) });
	#timer: ReturnType<typeof setTimeout> | undefined;
	/** What is being searched for. */
	#address: string | undefined;
	/** The words that were searched for last. */
	#text: string | undefined;
	/** Set where the ledger has changed since that search began. */
	#again: (() => void) | undefined;
	#begun = false;

	get found(): Found {
		return this.#found;
	}

	/**
	 * Searches by a filter (an empty one finds everything), or again by the same one where the ledger has changed.
	 * The first search is done at once: the page may be scrolled to what it finds.
	 */
	follow(columns: LedgerColumns, filter: EntryFilter, names: SearchNames): void {
		const address = toFilterAddress(filter);
		const isTyped = filter.text !== this.#text;
		this.#text = filter.text;
		const search = (): void => {
			this.#address = address;
			const steps = selectInSteps(columns, filter, names);
			// What was typed is on screen before it is searched for.
			const wait = isTyped ? BETWEEN_KEYS_MS : 0;
			this.#timer = setTimeout(() => this.#step(address, steps, SLICE_MS), wait);
		};
		// A space, say, asks for nothing else, and is typed all the same: the next word follows it.
		if (address !== '' && address === this.#address && !isTyped) {
			// Begun anew at every change, it would never end while many come.
			this.#again = search;
			return;
		}
		this.stop();
		if (address === '') this.#found = { address, rows: columns.order.slice() };
		else if (this.#begun) search();
		else this.#step(address, selectInSteps(columns, filter, names), Infinity);
		this.#begun = true;
	}

	stop(): void {
		clearTimeout(this.#timer);
		this.#address = undefined;
		this.#again = undefined;
	}

	#step(address: string, steps: Generator<void, Uint32Array>, sliceMs: number): void {
		const end = performance.now() + sliceMs;
		do {
			const step = steps.next();
			if (step.done) return this.#show({ address, rows: step.value });
		} while (performance.now() < end);
		this.#timer = setTimeout(() => this.#step(address, steps, sliceMs));
	}

	#show(found: Found): void {
		const again = this.#again;
		this.stop();
		this.#found = found;
		again?.();
	}
}
