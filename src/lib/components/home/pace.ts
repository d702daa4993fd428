import { addDays, daysIn, monthOf } from '#lib/domain/calendar-day.ts';
import type { LedgerColumns } from '#lib/domain/ledger/ledger-columns.ts';
import { daysOfMonth } from '#lib/domain/ledger/months.ts';
import { totalsBetween } from '#lib/domain/ledger/totals.ts';

/** What was spent last month in all, and up to the same day of it (its last one, where it was shorter). */
export function lastMonthSpent(
	columns: LedgerColumns,
	currency: string,
	day: string
): { allMinor: number; byNowMinor: number } {
	const month = monthOf(addDays(`${monthOf(day)}-01`, -1));
	const { from, to } = daysOfMonth(month);
	const date = Math.min(Number(day.slice(8)), daysIn(month));
	const spentUpTo = (last: string): number =>
		totalsBetween(columns, { from, to: last }).find((total) => total.currency === currency)
			?.expenseMinor ?? 0;
	return {
		allMinor: spentUpTo(to),
		byNowMinor: spentUpTo(`${month}-${String(date).padStart(2, '0')}`)
	};
}
