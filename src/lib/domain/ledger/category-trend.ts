import type { CalendarMonth } from '#contract/documents/calendar.ts';
import type { MinorUnits } from '#contract/documents/money.ts';
import { addMinor } from '#lib/domain/money.ts';
import { sumByCategory, type Summed } from './category-sums.ts';
import { toCalendarMonth, toMonthNumber } from './day-number.ts';
import type { LedgerColumns } from './ledger-columns.ts';
import { rowsOfMonths } from './month-rows.ts';
import { topOf, type Categories } from './names.ts';

/** Months in a row, the oldest first. */
export interface MonthSpan {
	/** The last month. */
	until: CalendarMonth;
	/** How many, at least 1. */
	months: number;
}

/** What went into each category month by month. */
export interface CategoryTrend {
	months: CalendarMonth[];
	/** By top-level category, the largest over all months first; categories that come to nothing are left out. */
	categories: {
		/** `null` = uncategorised. */
		categoryId: string | null;
		/** One a month. */
		amountsMinor: MinorUnits[];
		totalMinor: MinorUnits;
	}[];
}

/**
 * The expenses (or income) of several months by top-level category; splits are counted part by part.
 *
 * @throws RangeError when a sum is beyond what a double holds exactly.
 */
export function trendByCategory(
	columns: LedgerColumns,
	{ until, months }: MonthSpan,
	summed: Summed,
	categories: Categories
): CategoryTrend {
	const last = toMonthNumber(until);
	const first = last - months + 1;
	const rows = rowsOfMonths(columns, first, last);
	const { sums, codes } = sumByCategory(columns, rows, summed, first, months);
	const tops = new Map<string | null, CategoryTrend['categories'][number]>();
	for (const [place, amountMinor] of sums.entries()) {
		if (amountMinor === 0) continue;
		const month = Math.floor(place / codes);
		const categoryId = topOf(columns.table.dictionaries.category.decode(place % codes), categories);
		let top = tops.get(categoryId);
		if (!top) {
			top = { categoryId, amountsMinor: Array<MinorUnits>(months).fill(0), totalMinor: 0 };
			tops.set(categoryId, top);
		}
		top.amountsMinor[month] = addMinor(top.amountsMinor[month] ?? 0, amountMinor);
		top.totalMinor = addMinor(top.totalMinor, amountMinor);
	}
	return {
		months: Array.from({ length: months }, (_, at) => toCalendarMonth(first + at)),
		categories: [...tops.values()].sort(
			(a, b) =>
				b.totalMinor - a.totalMinor || ((a.categoryId ?? '') < (b.categoryId ?? '') ? -1 : 1)
		)
	};
}
