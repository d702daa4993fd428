import { daysIn, monthOf } from '#lib/domain/calendar-day.ts';
import { budgetProgress } from '#lib/domain/ledger/budget-progress.ts';
import {
	paceOf,
	sumBudgets,
	type MonthBudget,
	type Pace
} from '#lib/domain/ledger/month-budget.ts';
import type { LedgerState } from '#lib/state/ledger.svelte.ts';

/** The budgets of the month of `day`, summed by currency, and how the spending goes. */
export function monthBudgets(ledger: LedgerState, day: string): (MonthBudget & Pace)[] {
	const month = monthOf(day);
	const progress = budgetProgress(ledger.columns, ledger.budgets, month, ledger);
	return sumBudgets(progress, ledger).map((sum) => ({
		...sum,
		...paceOf(sum, Number(day.slice(8)), daysIn(month))
	}));
}
