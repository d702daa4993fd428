import type { LedgerColumns } from '#lib/domain/ledger/ledger-columns.ts';
import { selectInSteps } from '#lib/domain/ledger/select.ts';
import type { SearchNames } from '#lib/domain/ledger/word-test.ts';

/** How long the page may be kept from drawing and from keys, in milliseconds. */
const SLICE_MS = 4;

/** What was found, and for which query. */
export interface Found {
	readonly query: string;
	/** Newest first. They stay as they are when the ledger changes. */
	readonly rows: Uint32Array;
}

/**
 * The rows that a search finds. A large ledger is searched a few milliseconds at a time, and what was found
 * last stays on screen until the new rows are there.
 */
export class FoundRows {
	#found = $state.raw<Found>({ query: '', rows: new Uint32Array(0) });
	#timer: ReturnType<typeof setTimeout> | undefined;
	/** What is being searched for. */
	#query: string | undefined;
	/** Set where the ledger has changed since that search began. */
	#again: (() => void) | undefined;
	#begun = false;

	get found(): Found {
		return this.#found;
	}

	/**
	 * Searches for a query (none finds everything), or again for the same one where the ledger has changed.
	 * The first search is done at once: the page may be scrolled to what it finds.
	 */
	follow(columns: LedgerColumns, query: string, names: SearchNames): void {
		const search = (): void => {
			this.#query = query;
			const steps = selectInSteps(columns, { text: query }, names);
			// What was typed is on screen before it is searched for.
			this.#timer = setTimeout(() => this.#step(query, steps, SLICE_MS));
		};
		if (query !== '' && query === this.#query) {
			// Begun anew at every change, it would never end while many come.
			this.#again = search;
			return;
		}
		this.stop();
		if (query === '') this.#found = { query, rows: columns.order.slice() };
		else if (this.#begun) search();
		else this.#step(query, selectInSteps(columns, { text: query }, names), Infinity);
		this.#begun = true;
	}

	stop(): void {
		clearTimeout(this.#timer);
		this.#query = undefined;
		this.#again = undefined;
	}

	#step(query: string, steps: Generator<void, Uint32Array>, sliceMs: number): void {
		const end = performance.now() + sliceMs;
		do {
			const step = steps.next();
			if (step.done) return this.#show({ query, rows: step.value });
		} while (performance.now() < end);
		this.#timer = setTimeout(() => this.#step(query, steps, sliceMs));
	}

	#show(found: Found): void {
		const again = this.#again;
		this.stop();
		this.#found = found;
		again?.();
	}
}
