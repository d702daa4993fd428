import type { LedgerColumns } from './ledger-columns.ts';

/** Where days are noted before it is known how many there are. */
let noted = new Uint32Array(0);

/** The places in `rows`, which are ordered newest first, at which another day begins. */
export function dayStarts({ table }: LedgerColumns, rows: Uint32Array): Uint32Array {
	const { day } = table.columns;
	if (noted.length < rows.length) noted = new Uint32Array(rows.length * 2);
	const starts = noted;
	let days = 0;
	let last = -1;
	for (let place = 0; place < rows.length; place++) {
		const of = day[rows[place] ?? 0] ?? 0;
		if (of === last) continue;
		last = of;
		starts[days++] = place;
	}
	return starts.slice(0, days);
}

/** The place of a row in `rows`, which are ordered newest first; `undefined` = it is not among them. */
export function placeOf(
	{ table }: LedgerColumns,
	rows: Uint32Array,
	row: number
): number | undefined {
	let low = 0;
	let high = rows.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (table.compare(rows[middle] ?? 0, row) < 0) low = middle + 1;
		else high = middle;
	}
	return rows[low] === row ? low : undefined;
}
