import type { CurrencyCode, MinorUnits } from '#contract/documents/money.ts';
import { addMinor } from '#lib/domain/money.ts';
import type { BudgetProgress } from './budget-progress.ts';
import type { Categories } from './names.ts';

/** All budgets of a month in one currency together. */
export interface MonthBudget {
	currency: CurrencyCode;
	/** What may be spent: set for the month, or carried over into it. */
	availableMinor: MinorUnits;
	/** What was spent of it. */
	spentMinor: MinorUnits;
	/** Negative = overdrawn. */
	leftMinor: MinorUnits;
}

/**
 * The budgets of a month, summed by currency. A budget of everything stands for all others in its currency, and
 * one of a category for those below it: nothing counts twice.
 */
export function sumBudgets(
	progress: readonly BudgetProgress[],
	categories: Categories
): MonthBudget[] {
	const sums = new Map<CurrencyCode, MonthBudget>();
	for (const each of progress) {
		if (!isOutermost(each, progress, categories)) continue;
		const { currency } = each.budget;
		const before = sums.get(currency);
		sums.set(currency, {
			currency,
			availableMinor: addMinor(before?.availableMinor ?? 0, availableOf(each)),
			spentMinor: addMinor(before?.spentMinor ?? 0, each.spentMinor),
			leftMinor: addMinor(before?.leftMinor ?? 0, each.leftMinor)
		});
	}
	return [...sums.values()];
}

/** What a budget allows in its month. */
export function availableOf({ amountMinor, carriedMinor }: BudgetProgress): MinorUnits {
	return addMinor(amountMinor, carriedMinor);
}

function isOutermost(
	{ budget }: BudgetProgress,
	all: readonly BudgetProgress[],
	categories: Categories
): boolean {
	const { categoryId, currency } = budget;
	if (categoryId === null) return true;
	const parentId = categories.category(categoryId)?.parentId ?? null;
	return !all.some(
		({ budget: other }) =>
			other.currency === currency &&
			(other.categoryId === null || (parentId !== null && other.categoryId === parentId))
	);
}

/** A budget that somebody should know of. */
export interface BudgetAlert {
	progress: BudgetProgress;
	/** What was spent, in parts of what may be; `Infinity` = nothing may be. */
	share: number;
	isOver: boolean;
}

/** From this share on a budget is said to be nearly spent. */
const NEARLY = 0.8;

/** The budgets of categories that are nearly spent or overdrawn, the furthest first. (That of everything shows by itself.) */
export function budgetAlerts(progress: readonly BudgetProgress[]): BudgetAlert[] {
	return progress
		.filter(({ budget, spentMinor }) => budget.categoryId !== null && spentMinor > 0)
		.map((each) => {
			const available = availableOf(each);
			const share = available > 0 ? each.spentMinor / available : Infinity;
			return { progress: each, share, isOver: each.leftMinor < 0 };
		})
		.filter(({ share, isOver }) => isOver || share >= NEARLY)
		.sort((a, b) => b.share - a.share);
}

/** How a month's spending goes. */
export interface Pace {
	/** What was spent beyond an even pace; negative = less was. */
	aheadMinor: MinorUnits;
	/** What can be spent on each day that is left, today included; 0 = nothing. */
	perDayMinor: MinorUnits;
}

/** @param date today's day of the month, of `days`. */
export function paceOf(
	{ availableMinor, spentMinor, leftMinor }: MonthBudget,
	date: number,
	days: number
): Pace {
	return {
		aheadMinor: spentMinor - Math.round((Math.max(0, availableMinor) * date) / days),
		perDayMinor: Math.max(0, Math.floor(leftMinor / (days - date + 1)))
	};
}
