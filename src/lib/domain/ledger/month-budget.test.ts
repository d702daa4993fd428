import { expect, test } from 'vitest';
import { newBudget } from '#lib/domain/budget.ts';
import type { BudgetProgress } from './budget-progress.ts';
import { budgetAlerts, paceOf, sumBudgets } from './month-budget.ts';

const parents: Record<string, string> = { 'category:tea': 'category:food' };
const categories = {
	category: (id: string | null) =>
		id === null ? undefined : { name: id, parentId: parents[id] ?? null }
};

function progress(
	categoryId: string | null,
	amountMinor: number,
	spentMinor: number,
	{ carriedMinor = 0, currency = 'EUR' } = {}
): BudgetProgress {
	const budget = newBudget(
		{ categoryId, month: '2026-11', amountMinor, currency, rollover: true },
		'000001800000000-0000-0123456789'
	);
	const leftMinor = amountMinor + carriedMinor - spentMinor;
	return { budget, amountMinor, carriedMinor, spentMinor, leftMinor };
}

test('budgets are summed by currency, and nothing counts twice', () => {
	const food = progress('category:food', 100, 60, { carriedMinor: 20 });
	const tea = progress('category:tea', 30, 10);
	const home = progress('category:home', 50, 70);
	const yen = progress('category:home', 500, 0, { currency: 'JPY' });
	expect(sumBudgets([tea, food, home, yen], categories)).toEqual([
		{ currency: 'EUR', availableMinor: 170, spentMinor: 130, leftMinor: 40 },
		{ currency: 'JPY', availableMinor: 500, spentMinor: 0, leftMinor: 500 }
	]);
	// One of everything stands for the others in its currency.
	const all = progress(null, 300, 150);
	expect(sumBudgets([tea, all, home, yen], categories)[0]).toEqual({
		currency: 'EUR',
		availableMinor: 300,
		spentMinor: 150,
		leftMinor: 150
	});
	// Without its parent it counts by itself.
	expect(sumBudgets([tea], categories)).toMatchObject([{ availableMinor: 30 }]);
	expect(sumBudgets([], categories)).toEqual([]);
});

test('an alert from 80 % on, the furthest first', () => {
	const over = progress('category:food', 100, 130);
	const nearly = progress('category:home', 100, 80);
	const spent = progress('category:fun', 100, 100);
	const fine = progress('category:gifts', 100, 79);
	const none = progress('category:tax', 0, 5);
	const untouched = progress('category:toys', 0, 0);
	const alerts = budgetAlerts([fine, nearly, spent, untouched, over, none]);
	expect(alerts.map(({ progress: { budget } }) => budget.categoryId)).toEqual(
		[none, over, spent, nearly].map(({ budget }) => budget.categoryId)
	);
	expect(alerts.map(({ isOver }) => isOver)).toEqual([true, true, false, false]);
	// What was carried over counts.
	expect(budgetAlerts([progress('category:food', 100, 130, { carriedMinor: 100 })])).toEqual([]);
	// The month's figures say it.
	expect(budgetAlerts([progress(null, 100, 130)])).toEqual([]);
});

test('the pace is against an even month, and what is left is for the days that are left', () => {
	const sum = { currency: 'EUR', availableMinor: 3000, spentMinor: 1200, leftMinor: 1800 };
	expect(paceOf(sum, 10, 30)).toEqual({ aheadMinor: 200, perDayMinor: 85 });
	expect(paceOf(sum, 30, 30)).toEqual({ aheadMinor: -1800, perDayMinor: 1800 });
	const over = { ...sum, spentMinor: 3100, leftMinor: -100 };
	expect(paceOf(over, 15, 30)).toEqual({ aheadMinor: 1600, perDayMinor: 0 });
});
