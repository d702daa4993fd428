import { expect, test } from 'vitest';
import { generateLargeLedger } from '#tests/support/large-ledger.ts';
import { toEntry } from './entry.ts';
import { LedgerColumns } from './ledger-columns.ts';
import { dayStarts, placeOf } from './row-places.ts';

const columns = LedgerColumns.empty();
columns.put(generateLargeLedger(500).transactions.map((transaction) => toEntry(transaction)));
const days = Array.from(columns.order, (row) => columns.entryAt(row).spentOn);

test('a day starts where the entry before is of another', () => {
	const starts = days.flatMap((day, place) => (day === days[place - 1] ? [] : [place]));
	expect([...dayStarts(columns, columns.order)]).toEqual(starts);
	expect(dayStarts(columns, new Uint32Array(0)).length).toBe(0);
});

test('a row is found in the whole list and in a part of it', () => {
	const { order } = columns;
	const part = order.filter((_, place) => place % 3 === 0);
	for (const [place, row] of order.entries()) {
		expect(placeOf(columns, order, row)).toBe(place);
		expect(placeOf(columns, part, row)).toBe(place % 3 === 0 ? place / 3 : undefined);
	}
});
