import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
	anyLedger,
	anyRange,
	isWithin,
	partsOf,
	someNames,
	topCategory
} from '#tests/support/any-entry.ts';
import { spendingByCategory, type CategorySum } from './category-spending.ts';

/** Sums by id, without those that come to nothing. */
function toMap(sums: readonly CategorySum[]): Map<string | null, number> {
	return new Map(sums.map(({ categoryId, amountMinor }) => [categoryId, amountMinor]));
}

const kind = fc.constantFrom('expense' as const, 'income' as const);

test('spending by category counts splits part by part, on two levels, the largest first', () => {
	fc.assert(
		fc.property(anyLedger, anyRange, kind, ({ columns, live }, range, kind) => {
			const expected = new Map<string | null, Map<string | null, number>>();
			for (const entry of live) {
				if (entry.kind !== kind || entry.currency !== 'EUR' || !isWithin(entry, range)) continue;
				for (const { categoryId, amountMinor } of partsOf(entry)) {
					if (amountMinor === 0) continue;
					const below = expected.get(topCategory(categoryId)) ?? new Map<string | null, number>();
					below.set(categoryId, (below.get(categoryId) ?? 0) + amountMinor);
					expected.set(topCategory(categoryId), below);
				}
			}
			const spending = spendingByCategory(columns, range, { kind, currency: 'EUR' }, someNames);
			expect(new Map(spending.map((top) => [top.categoryId, toMap(top.breakdown)]))).toEqual(
				expected
			);
			for (const sums of [spending, ...spending.map(({ breakdown }) => breakdown)]) {
				const amounts = sums.map(({ amountMinor }) => amountMinor);
				expect(amounts).toEqual(amounts.toSorted((a, b) => b - a));
			}
			for (const { amountMinor, breakdown } of spending) {
				expect(amountMinor).toBe(breakdown.reduce((sum, part) => sum + part.amountMinor, 0));
			}
		})
	);
});
