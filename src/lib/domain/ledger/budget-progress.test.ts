import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Budget } from '#contract/documents/budget.ts';
import { anyLedger, partsOf, someNames, topCategory } from '#tests/support/any-entry.ts';
import type { Entry } from './entry.ts';
import { budgetProgress } from './budget-progress.ts';

const MONTHS = ['2024-10', '2024-11', '2024-12', '2025-01'] as const;
const NOW = '2025-01';

function budget(fields: Partial<Budget>): Budget {
	const { month = NOW, categoryId = null } = fields;
	return {
		_id: `budget:${month} ${categoryId}`,
		type: 'budget',
		version: 1,
		stamps: {},
		deletedAt: null,
		categoryId,
		month,
		amountMinor: 10_000,
		currency: 'EUR',
		rollover: true,
		...fields
	};
}

const CATEGORIES = [null, 'category:food', 'category:snacks'];

/** A budget for most months and categories. */
const anyBudgets = fc
	.tuple(
		...[...MONTHS, '2025-02'].flatMap((month) =>
			CATEGORIES.map((categoryId) =>
				fc.option(
					fc
						.record({
							amountMinor: fc.option(fc.integer({ min: 0, max: 500_000 }), { freq: 9 }),
							currency: fc.constantFrom('EUR', 'EUR', 'EUR', 'EUR', 'JPY'),
							rollover: fc.constantFrom(true, true, false),
							deletedAt: fc.constantFrom(null, null, null, null, '2026-11-22T17:11:00.000Z')
						})
						.map((fields) => budget({ ...fields, month, categoryId })),
					{ freq: 9 }
				)
			)
		)
	)
	.map((budgets) => budgets.filter((budget) => budget !== null));

function spentOf(live: readonly Entry[], { categoryId, currency, month }: Budget): number {
	return live
		.filter((entry) => entry.kind === 'expense' && entry.currency === currency)
		.filter(({ spentOn }) => spentOn.startsWith(month))
		.flatMap(partsOf)
		.filter(
			(part) =>
				categoryId === null ||
				part.categoryId === categoryId ||
				(part.categoryId !== null && topCategory(part.categoryId) === categoryId)
		)
		.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

/** What a budget passes on to the next month, told the long way. */
function carriedInto(live: readonly Entry[], budgets: readonly Budget[], to: Budget): number {
	const before = MONTHS[MONTHS.indexOf(to.month as (typeof MONTHS)[number]) - 1];
	const past = budgets.find(
		(one) => one.month === before && one.categoryId === to.categoryId && one.deletedAt === null
	);
	if (!past?.rollover || past.amountMinor === null || past.currency !== to.currency) return 0;
	return past.amountMinor + carriedInto(live, budgets, past) - spentOf(live, past);
}

test('a budget counts what was spent below it, and what earlier months passed on', () => {
	fc.assert(
		fc.property(anyLedger, anyBudgets, ({ columns, live }, budgets) => {
			const expected = budgets
				.filter(
					({ month, amountMinor, deletedAt }) => month === NOW && amountMinor !== null && !deletedAt
				)
				.map((budget) => {
					const carriedMinor = carriedInto(live, budgets, budget);
					const spentMinor = spentOf(live, budget);
					const amountMinor = budget.amountMinor!;
					const leftMinor = amountMinor + carriedMinor - spentMinor;
					return { budget, amountMinor, carriedMinor, spentMinor, leftMinor };
				});
			expect(budgetProgress(columns, budgets, NOW, someNames)).toEqual(expected);
		})
	);
});

test('with nothing spent, the whole of consecutive months goes over, and a gap ends it', () => {
	fc.assert(
		fc.property(anyLedger, ({ columns }) => {
			const budgets = ['2024-08', '2024-10', '2024-11', '2024-12', NOW].map((month) =>
				budget({ month, categoryId: 'category:nothing' })
			);
			expect(budgetProgress(columns, budgets, NOW, someNames)).toMatchObject([
				{ carriedMinor: 30_000, spentMinor: 0, leftMinor: 40_000 }
			]);
		}),
		{ numRuns: 5 }
	);
});
