import type { CalendarMonth } from '#contract/documents/calendar.ts';
import type { CurrencyCode, MinorUnits } from '#contract/documents/money.ts';
import { addMinor } from '#lib/domain/money.ts';
import type { MonthSpan } from './category-trend.ts';
import { monthOfDayNumber, toCalendarMonth, toMonthNumber } from './day-number.ts';
import { EXPENSE, INCOME } from './entry-table.ts';
import type { LedgerColumns } from './ledger-columns.ts';
import { rowsOfMonths } from './month-rows.ts';

/** What came in and what went out in one month. */
export interface MonthFlow {
	month: CalendarMonth;
	incomeMinor: MinorUnits;
	expenseMinor: MinorUnits;
}

/**
 * Income against expense in one currency, month by month, the oldest first; transfers are neither.
 *
 * @throws RangeError when a sum is beyond what a double holds exactly.
 */
export function flowsByMonth(
	columns: LedgerColumns,
	{ until, months }: MonthSpan,
	currency: CurrencyCode
): MonthFlow[] {
	const last = toMonthNumber(until);
	const first = last - months + 1;
	const flows = Array.from({ length: months }, (_, at) => ({
		month: toCalendarMonth(first + at),
		incomeMinor: 0,
		expenseMinor: 0
	}));
	const { day, kind, currency: currencies, amountMinor } = columns.table.columns;
	const currencyCode = columns.table.dictionaries.currency.find(currency);
	const rows = rowsOfMonths(columns, first, last);
	for (let at = 0; at < rows.length; at++) {
		const row = rows[at] ?? 0;
		if (currencies[row] !== currencyCode) continue;
		const flow = flows[monthOfDayNumber(day[row] ?? 0) - first];
		if (!flow) continue;
		const amount = amountMinor[row] ?? 0;
		if (kind[row] === EXPENSE) flow.expenseMinor = addMinor(flow.expenseMinor, amount);
		else if (kind[row] === INCOME) flow.incomeMinor = addMinor(flow.incomeMinor, amount);
	}
	return flows;
}
