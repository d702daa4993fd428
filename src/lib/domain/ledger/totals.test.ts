import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyEntry, anyLedger, anyRange, isWithin } from '#tests/support/any-entry.ts';
import { LedgerColumns } from './ledger-columns.ts';
import { totalsBetween } from './totals.ts';

test('totals of a range of days are what adding up its entries gives', () => {
	fc.assert(
		fc.property(anyLedger, anyRange, ({ columns, live }, range) => {
			const within = live.filter((entry) => isWithin(entry, range));
			const sum = (currency: string, kind: string) =>
				within
					.filter((entry) => entry.currency === currency && entry.kind === kind)
					.reduce((total, { amountMinor }) => total + amountMinor, 0);
			const currencies = [...new Set(within.map(({ currency }) => currency))].sort();
			const expected = currencies
				.map((currency) => ({
					currency,
					count: within.filter((entry) => entry.currency === currency).length,
					expenseMinor: sum(currency, 'expense'),
					incomeMinor: sum(currency, 'income'),
					transferMinor: sum(currency, 'transfer')
				}))
				.sort((a, b) => b.count - a.count);
			expect(totalsBetween(columns, range)).toEqual(expected);
		})
	);
});

test('a sum that a double cannot hold is refused, not rounded', () => {
	const [entry] = fc.sample(anyEntry, 1);
	const huge = { ...entry!, deletedAt: null, splits: [], amountMinor: Number.MAX_SAFE_INTEGER };
	const columns = LedgerColumns.empty();
	columns.put([huge]);
	expect(totalsBetween(columns, {})[0]?.count).toBe(1);
	columns.put([{ ...huge, _id: 'transaction:another', amountMinor: 1 }]);
	expect(() => totalsBetween(columns, {})).toThrow(RangeError);
});
