import type { Budget } from '#contract/documents/budget.ts';
import type { CalendarMonth } from '#contract/documents/calendar.ts';
import type { CurrencyCode, MinorUnits } from '#contract/documents/money.ts';
import { addMinor } from '#lib/domain/money.ts';
import { sumByCategory, type CategorySums } from './category-sums.ts';
import { toMonthNumber } from './day-number.ts';
import type { LedgerColumns } from './ledger-columns.ts';
import { rowsOfMonths } from './month-rows.ts';
import type { Categories } from './names.ts';

/** A budget of one month, and how far it went. All amounts are in the budget's currency. */
export interface BudgetProgress {
	budget: Budget;
	/** What was set for the month. */
	amountMinor: MinorUnits;
	/** What earlier months left (or, negative, overdrew) and passed on. */
	carriedMinor: MinorUnits;
	/** What was spent in the category and those below it; splits are counted part by part. */
	spentMinor: MinorUnits;
	/** What is left of the month's amount and what was carried; negative = overdrawn. */
	leftMinor: MinorUnits;
}

/** A budget that counts. */
interface Counting {
	budget: Budget;
	/** As a month number. */
	month: number;
	amountMinor: MinorUnits;
}

/** A budget of the month, and those before it that pass something on to it, the earliest first. */
interface Chain {
	current: Counting;
	earlier: Counting[];
	currency: CurrencyCode;
}

/**
 * How the budgets of a month stand, in the order given. What a month leaves or overdraws goes over into the
 * next one while the budgets of consecutive months have rollover on; a month without a budget, with one of
 * another currency or with rollover off ends it.
 *
 * @param budgets all budgets of the ledger; those in the trash, or without an amount, do not count.
 * @throws RangeError when a sum on the way is beyond what a double holds exactly.
 */
export function budgetProgress(
	columns: LedgerColumns,
	budgets: readonly Budget[],
	month: CalendarMonth,
	categories: Categories
): BudgetProgress[] {
	const last = toMonthNumber(month);
	const chains = chainBudgets(budgets, last);
	const spentIn = new Map<CurrencyCode, ReturnType<typeof spendingOf>>();
	for (const { currency } of chains) {
		if (spentIn.has(currency)) continue;
		const months = chains
			.filter((chain) => chain.currency === currency)
			.map(({ current, earlier }) => (earlier[0] ?? current).month);
		spentIn.set(currency, spendingOf(columns, Math.min(...months), last, currency, categories));
	}
	return chains.map(({ current, earlier, currency }) => {
		const { budget, amountMinor } = current;
		const spent = (month: number): MinorUnits =>
			spentIn.get(currency)?.(budget.categoryId, month) ?? 0;
		let carriedMinor = 0;
		for (const past of earlier) {
			const available = addMinor(past.amountMinor, carriedMinor);
			carriedMinor = addMinor(available, -spent(past.month));
		}
		const spentMinor = spent(last);
		const leftMinor = addMinor(addMinor(amountMinor, carriedMinor), -spentMinor);
		return { budget, amountMinor, carriedMinor, spentMinor, leftMinor };
	});
}

function chainBudgets(budgets: readonly Budget[], last: number): Chain[] {
	const counting = new Map<string, Counting>();
	const keyOf = (categoryId: string | null, month: number): string =>
		`${month} ${categoryId ?? ''}`;
	for (const budget of budgets) {
		const { amountMinor, deletedAt } = budget;
		const month = toMonthNumber(budget.month);
		if (amountMinor === null || deletedAt !== null || month > last) continue;
		counting.set(keyOf(budget.categoryId, month), { budget, month, amountMinor });
	}
	return [...counting.values()]
		.filter(({ month }) => month === last)
		.map((current) => {
			const { categoryId, currency } = current.budget;
			const earlier: Counting[] = [];
			for (let month = last - 1; ; month--) {
				const past = counting.get(keyOf(categoryId, month));
				if (!past?.budget.rollover || past.budget.currency !== currency) break;
				earlier.unshift(past);
			}
			return { current, earlier, currency };
		});
}

/** What was spent in a category and those below it (`null` = in all) in a month. */
function spendingOf(
	columns: LedgerColumns,
	first: number,
	last: number,
	currency: CurrencyCode,
	categories: Categories
): (categoryId: string | null, month: number) => MinorUnits {
	const rows = rowsOfMonths(columns, first, last);
	const summed = { kind: 'expense', currency } as const;
	const spending = sumByCategory(columns, rows, summed, first, last - first + 1);
	const { texts } = columns.table.dictionaries.category;
	const parents = texts.map((id) => categories.category(id)?.parentId ?? null);
	return (categoryId, month) =>
		sumWhere(
			spending,
			month - first,
			(code) =>
				categoryId === null ||
				(code > 0 && (texts[code] === categoryId || parents[code] === categoryId))
		);
}

function sumWhere(
	{ sums, codes }: CategorySums,
	month: number,
	counts: (code: number) => boolean
): MinorUnits {
	let sum = 0;
	for (let code = 0; code < codes; code++) {
		if (counts(code)) sum = addMinor(sum, sums[month * codes + code] ?? 0);
	}
	return sum;
}
