import type { MinorUnits } from '#contract/documents/money.ts';
import { addMinor } from '#lib/domain/money.ts';
import { sumByCategory, type Summed } from './category-sums.ts';
import type { DayRange, LedgerColumns } from './ledger-columns.ts';
import { topOf, type Categories } from './names.ts';

/** What went into one category itself. */
export interface CategorySum {
	/** `null` = uncategorised. */
	categoryId: string | null;
	amountMinor: MinorUnits;
}

/** What went into a top-level category and those below it. */
export interface TopCategorySum extends CategorySum {
	/** The same amount by the categories it is made of, the top-level one included; the largest first. */
	breakdown: CategorySum[];
}

/**
 * The expenses (or income) of a range of days by category on two levels, the largest first; splits are
 * counted part by part. Categories that come to nothing are left out.
 *
 * @throws RangeError when a sum is beyond what a double holds exactly.
 */
export function spendingByCategory(
	columns: LedgerColumns,
	range: DayRange,
	summed: Summed,
	categories: Categories
): TopCategorySum[] {
	const { sums } = sumByCategory(columns, columns.rowsBetween(range), summed);
	const tops = new Map<string | null, TopCategorySum>();
	for (const [code, amountMinor] of sums.entries()) {
		if (amountMinor === 0) continue;
		const categoryId = columns.table.dictionaries.category.decode(code);
		const topId = topOf(categoryId, categories);
		const top = tops.get(topId) ?? { categoryId: topId, amountMinor: 0, breakdown: [] };
		top.amountMinor = addMinor(top.amountMinor, amountMinor);
		top.breakdown.push({ categoryId, amountMinor });
		tops.set(topId, top);
	}
	for (const { breakdown } of tops.values()) breakdown.sort(compareLargestFirst);
	return [...tops.values()].sort(compareLargestFirst);
}

/** Of equal sums, by id: the same ledger is shown in the same order wherever it is. */
function compareLargestFirst(a: CategorySum, b: CategorySum): number {
	return b.amountMinor - a.amountMinor || ((a.categoryId ?? '') < (b.categoryId ?? '') ? -1 : 1);
}
