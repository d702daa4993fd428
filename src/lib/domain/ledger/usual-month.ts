import type { CurrencyCode, MinorUnits } from '#contract/documents/money.ts';
import { addDays, daysIn, monthOf } from '#lib/domain/calendar-day.ts';
import type { LedgerColumns } from './ledger-columns.ts';
import { daysOfMonth } from './months.ts';
import { totalsBetween } from './totals.ts';

/** How many months before this one are looked at. */
const MONTHS = 3;

/** What a month usually comes to. */
export interface UsualMonth {
	/** How many months that is known from; 0 = nothing was spent before this one. */
	months: number;
	/** What was spent in such a month, on average. */
	allMinor: MinorUnits;
	/** The same up to this day of it, or its last one where it was shorter. */
	byNowMinor: MinorUnits;
}

/** The average of the three months before that of `day`, as far as anything was spent by then. */
export function usualMonth(
	columns: LedgerColumns,
	currency: CurrencyCode,
	day: string
): UsualMonth {
	const spentBetween = (from: string, to: string): MinorUnits =>
		totalsBetween(columns, { from, to }).find((total) => total.currency === currency)
			?.expenseMinor ?? 0;
	let all = 0;
	let byNow = 0;
	let months = 0;
	let month = monthOf(day);
	for (let back = 1; back <= MONTHS; back++) {
		month = monthOf(addDays(`${month}-01`, -1));
		const { from, to } = daysOfMonth(month);
		const date = Math.min(Number(day.slice(8)), daysIn(month));
		const spent = spentBetween(from, to);
		all += spent;
		byNow += spentBetween(from, `${month}-${String(date).padStart(2, '0')}`);
		// A quiet month in between counts; those before the first entry do not.
		if (spent > 0) months = back;
	}
	const average = (sum: MinorUnits): MinorUnits => (months > 0 ? Math.round(sum / months) : 0);
	return { months, allMinor: average(all), byNowMinor: average(byNow) };
}
