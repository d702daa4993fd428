import type { CalendarDay } from '#contract/documents/calendar.ts';
import type { LedgerColumns } from '#lib/domain/ledger/ledger-columns.ts';
import { placeOf } from '#lib/domain/ledger/row-places.ts';
import type { DrawnRows } from './drawn-rows.ts';
import type { ListLayout } from './list-layout.ts';

/** What is seen of a list, in CSS pixels from its top. */
export interface Seen {
	top: number;
	height: number;
}

/** An entry that somebody reads. */
interface Mark {
	id: string;
	day: CalendarDay;
	/** From the top of what is seen to the entry's end, in CSS pixels. */
	end: number;
}

/** What is read; nothing while the top of the list is seen, where new entries belong. */
export function marksOf({ rows, layout }: DrawnRows, { top, height }: Seen): Mark[] {
	if (top <= 0) return [];
	return rows
		.map(({ place, entry }) => ({
			id: entry._id,
			day: entry.spentOn,
			end: layout.endOf(place) - top
		}))
		.filter(({ end }) => end > 0 && end <= height + layout.sizes.entry);
}

/**
 * The top of what is to be seen so that the first of the marks that still stands in its day is where it
 * was, in CSS pixels from the top of the list; `undefined` = none of them is left.
 */
export function topOfMarks(
	marks: readonly Mark[],
	columns: LedgerColumns,
	layout: ListLayout
): number | undefined {
	for (const { id, day, end } of marks) {
		const place = findPlace(columns, layout, id, day);
		if (place !== undefined) return layout.endOf(place) - end;
	}
	return undefined;
}

/** The place at which an entry is listed, if it is listed, and in that day where one is given. */
export function findPlace(
	columns: LedgerColumns,
	layout: ListLayout,
	id: string,
	day?: CalendarDay
): number | undefined {
	const row = columns.rowOf(id);
	if (row === undefined) return undefined;
	if (day !== undefined && columns.entryAt(row).spentOn !== day) return undefined;
	return placeOf(columns, layout.rows, row);
}
