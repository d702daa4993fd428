import type { CalendarDay } from '#contract/documents/calendar.ts';
import type { Entry } from '#lib/domain/ledger/entry.ts';
import { totalsOf } from '#lib/domain/ledger/totals.ts';
import type { Totals } from '#lib/domain/report.ts';
import type { LedgerState } from '#lib/state/ledger.svelte.ts';
import { ListLayout } from './list-layout.ts';
import { Slots } from './slots.ts';

/** What a list needs of the ledger. */
export type Rows = Pick<LedgerState, 'columns' | 'entriesAt'>;

/** An entry that is drawn. */
export interface DrawnRow {
	/** The element that shows it. */
	slot: number;
	/** Its place among all that are listed. */
	place: number;
	/** Its row's number in a table of all that is listed, days' headings and the columns' included, from 1. */
	index: number;
	/** Where it begins, the heading of its day included, in CSS pixels. */
	top: number;
	entry: Entry;
	/** Set for the first entry of a day. */
	day: DrawnDay | undefined;
}

/** The heading over the first entry of a day. */
export interface DrawnDay {
	day: CalendarDay;
	/** Of all entries of the day that are listed. */
	totals: readonly Totals[];
}

/** The entries that are on the page. One that did not change stays the same object, and is not drawn again. */
export class DrawnRows {
	readonly #ledger: Rows;
	readonly #slots = new Slots();
	#rows: readonly DrawnRow[] = [];
	#layout = ListLayout.NONE;

	constructor(ledger: Rows) {
		this.#ledger = ledger;
	}

	/** Newest first. */
	get rows(): readonly DrawnRow[] {
		return this.#rows;
	}

	/** In which the rows stand. */
	get layout(): ListLayout {
		return this.#layout;
	}

	/** Draws the entries at these places. */
	draw(layout: ListLayout, wanted: readonly number[]): readonly DrawnRow[] {
		const { ids } = this.#ledger.columns.table;
		// What was let go since the rows were listed has no id any more.
		const places = wanted.filter((place) => ids[layout.rows[place] ?? -1]);
		const entries = this.#ledger.entriesAt(places.map((place) => layout.rows[place] ?? 0));
		const slots = this.#slots.assign(entries.map(({ _id }) => _id));
		const before = new Map(
			this.#layout === layout ? this.#rows.map((row) => [row.slot, row] as const) : []
		);
		this.#layout = layout;
		this.#rows = entries.map((entry, at) => {
			const place = places[at] ?? 0;
			const slot = slots[at] ?? 0;
			const known = before.get(slot);
			if (known?.place === place && known.entry === entry) return known;
			const index = place + layout.dayAt(place) + 3;
			return {
				slot,
				place,
				index,
				top: layout.topOf(place),
				entry,
				day: this.#dayOver(place, entry)
			};
		});
		return this.#rows;
	}

	#dayOver(place: number, entry: Entry): DrawnDay | undefined {
		const { from, to } = this.#layout.placesOf(this.#layout.dayAt(place));
		if (from !== place) return undefined;
		const rows = this.#layout.rows.subarray(from, to);
		return { day: entry.spentOn, totals: totalsOf(this.#ledger.columns, rows) };
	}
}
