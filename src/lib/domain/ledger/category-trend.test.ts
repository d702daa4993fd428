import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyLedger, someNames } from '#tests/support/any-entry.ts';
import { spendingByCategory } from './category-spending.ts';
import { trendByCategory } from './category-trend.ts';

test('every month of a trend is what the spending of that month alone is', () => {
	fc.assert(
		fc.property(anyLedger, fc.integer({ min: 1, max: 14 }), ({ columns }, months) => {
			const summed = { kind: 'expense', currency: 'EUR' } as const;
			const trend = trendByCategory(columns, { until: '2025-02', months }, summed, someNames);
			expect(trend.months).toHaveLength(months);
			expect(trend.months.at(-1)).toBe('2025-02');
			for (const [at, month] of trend.months.entries()) {
				const range = { from: `${month}-01`, to: `${month}-31` };
				const alone = spendingByCategory(columns, range, summed, someNames);
				expect(
					new Map(
						trend.categories
							.filter(({ amountsMinor }) => amountsMinor[at] !== 0)
							.map(({ categoryId, amountsMinor }) => [categoryId, amountsMinor[at]])
					)
				).toEqual(new Map(alone.map(({ categoryId, amountMinor }) => [categoryId, amountMinor])));
			}
			for (const { amountsMinor, totalMinor } of trend.categories) {
				expect(totalMinor).toBe(amountsMinor.reduce((sum, amount) => sum + amount, 0));
			}
		})
	);
});
