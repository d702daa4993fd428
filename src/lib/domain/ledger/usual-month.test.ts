import { expect, test } from 'vitest';
import { columnsOf } from '#tests/support/columns-of.ts';
import { usualMonth } from './usual-month.ts';

const spent = (spentOn: string, amountMinor: number, currency = 'EUR') => ({
	spentOn,
	amountMinor,
	currency
});

test('a usual month is the average of the three before it', () => {
	const columns = columnsOf(
		spent('2026-11-05', 9999),
		spent('2026-10-01', 100),
		spent('2026-10-31', 200),
		spent('2026-09-30', 300),
		spent('2026-08-02', 600),
		spent('2026-08-03', 7, 'JPY'),
		spent('2026-07-31', 5000)
	);
	expect(usualMonth(columns, 'EUR', '2026-11-22')).toEqual({
		months: 3,
		allMinor: 400,
		byNowMinor: Math.round(700 / 3)
	});
	// The last day of the month is the last day of a shorter one, too.
	expect(usualMonth(columns, 'EUR', '2026-10-31')).toMatchObject({
		byNowMinor: Math.round((300 + 600 + 5000) / 3)
	});
});

test('months before the first entry do not count, a quiet one in between does', () => {
	const columns = columnsOf(spent('2026-09-10', 400));
	expect(usualMonth(columns, 'EUR', '2026-11-22')).toEqual({
		months: 2,
		allMinor: 200,
		byNowMinor: 200
	});
	expect(usualMonth(columns, 'EUR', '2026-09-22')).toEqual({
		months: 0,
		allMinor: 0,
		byNowMinor: 0
	});
});
