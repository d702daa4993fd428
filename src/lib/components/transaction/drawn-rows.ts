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
	/** It shows what is listed no more, or elsewhere, and waits out of sight for another entry. */
	isSpare: boolean;
}

/** The heading over the first entry of a day. */
export interface DrawnDay {
	day: CalendarDay;
	/** Of all entries of the day that are listed. */
	totals: readonly Totals[];
}

/** How many entries may come onto the page at a time. */
export interface Room {
	/** In elements that are there or are made. */
	changed: number;
	/** Of those, in elements that are made. */
	made: number;
}

/** The entries that are on the page. One that did not change stays the same object, and is not drawn again. */
export class DrawnRows {
	readonly #ledger: Rows;
	readonly #slots = new Slots();
	#rows: readonly DrawnRow[] = [];
	#all: readonly DrawnRow[] = [];
	#layout = ListLayout.NONE;

	constructor(ledger: Rows) {
		this.#ledger = ledger;
	}

	/** Newest first. */
	get rows(): readonly DrawnRow[] {
		return this.#rows;
	}

	/** What the page has: the same, and the spare ones among them. */
	get all(): readonly DrawnRow[] {
		return this.#all;
	}

	/** In which the rows stand. */
	get layout(): ListLayout {
		return this.#layout;
	}

	/**
	 * Draws the entries at these places.
	 *
	 * @param wanted the most urgent first.
	 * @param most how many of those that are not on the page yet may come: `made` elements are new, and
	 * the others are taken over from other entries. `undefined` = all may.
	 * @returns whether all are drawn.
	 */
	draw(layout: ListLayout, wanted: readonly number[], most?: Room): boolean {
		const { ids } = this.#ledger.columns.table;
		const idAt = (place: number): string => ids[layout.rows[place] ?? -1] ?? '';
		// What was let go since the rows were listed has no id any more.
		const listed = wanted.filter((place) => idAt(place) !== '');
		const places = this.#choose(listed, idAt, most).sort((a, b) => a - b);
		const isWhole = places.length === listed.length;
		const entries = this.#ledger.entriesAt(places.map((place) => layout.rows[place] ?? 0));
		const slots = this.#slots.assign(places.map(idAt), !isWhole);
		const before = new Map(this.#all.map((row) => [row.slot, row]));
		this.#layout = layout;
		this.#rows = entries.map((entry, at) => {
			const place = places[at] ?? 0;
			const slot = slots[at] ?? 0;
			const row: DrawnRow = {
				slot,
				place,
				index: place + layout.dayAt(place) + 3,
				top: layout.topOf(place),
				entry,
				day: this.#dayOver(place, entry),
				isSpare: false
			};
			const known = before.get(slot);
			return known && isSame(known, row) ? known : row;
		});
		const drawn = new Map(this.#rows.map((row) => [row.slot, row]));
		this.#all = this.#slots.order.flatMap((slot) => drawn.get(slot) ?? toSpare(before.get(slot)));
		return isWhole;
	}

	/** Of the most urgent, those that are on the page already and as many others as may come. */
	#choose(
		wanted: readonly number[],
		idAt: (place: number) => string,
		most: Room | undefined
	): number[] {
		if (!most) return [...wanted];
		let elements = this.#slots.size + most.made;
		let { changed } = most;
		return wanted.filter((place) => {
			const isThere = this.#slots.has(idAt(place));
			if (elements === 0 || (!isThere && changed === 0)) return false;
			elements -= 1;
			if (!isThere) changed -= 1;
			return true;
		});
	}

	#dayOver(place: number, entry: Entry): DrawnDay | undefined {
		const { from, to } = this.#layout.placesOf(this.#layout.dayAt(place));
		if (from !== place) return undefined;
		const rows = this.#layout.rows.subarray(from, to);
		return { day: entry.spentOn, totals: totalsOf(this.#ledger.columns, rows) };
	}
}

function toSpare(row: DrawnRow | undefined): DrawnRow[] {
	if (!row) return [];
	return [row.isSpare ? row : { ...row, isSpare: true }];
}

function isSame(a: DrawnRow, b: DrawnRow): boolean {
	return (
		a.entry === b.entry &&
		a.place === b.place &&
		a.top === b.top &&
		a.index === b.index &&
		a.isSpare === b.isSpare &&
		isSameDay(a.day, b.day)
	);
}

function isSameDay(a: DrawnDay | undefined, b: DrawnDay | undefined): boolean {
	if (!a || !b) return a === b;
	return a.day === b.day && JSON.stringify(a.totals) === JSON.stringify(b.totals);
}
