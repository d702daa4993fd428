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
 * The rows that a search finds. While somebody types, a large ledger is searched a few milliseconds at a
 * time, and what the last query found stays on screen until the new rows are there.
 */
export class FoundRows {
	#found = $state.raw<Found>({ query: '', rows: new Uint32Array(0) });
	#query: string | undefined;
	#timer: ReturnType<typeof setTimeout> | undefined;

	get found(): Found {
		return this.#found;
	}

	/**
	 * Searches for a query (none finds everything), or again for the same one where the ledger has changed: that at once, as rows of
	 * the ledger before must not be looked at any more.
	 */
	follow(columns: LedgerColumns, query: string, names: SearchNames): void {
		clearTimeout(this.#timer);
		const isTyped = this.#query !== undefined && query !== this.#query;
		this.#query = query;
		if (query === '') {
			this.#found = { query, rows: columns.order.slice() };
			return;
		}
		const steps = selectInSteps(columns, { text: query }, names);
		// The letter is on screen before it is searched for.
		if (isTyped) this.#timer = setTimeout(() => this.#search(query, steps, SLICE_MS));
		else this.#search(query, steps, Infinity);
	}

	stop(): void {
		clearTimeout(this.#timer);
	}

	#search(query: string, steps: Generator<void, Uint32Array>, sliceMs: number): void {
		const end = performance.now() + sliceMs;
		do {
			const step = steps.next();
			if (step.done) return this.#show({ query, rows: step.value }, sliceMs);
		} while (performance.now() < end);
		this.#timer = setTimeout(() => this.#search(query, steps, sliceMs));
	}

	#show(found: Found, sliceMs: number): void {
		const show = (): void => {
			this.#found = found;
		};
		if (sliceMs === Infinity) show();
		else this.#timer = setTimeout(show);
	}
}
