import type { CalendarDay, CalendarMonth } from '#contract/documents/calendar.ts';
import { daysIn } from '#lib/domain/calendar-day.ts';
import { monthOfDayNumber, toCalendarDay, toCalendarMonth } from './day-number.ts';
import { EXPENSE } from './entry-table.ts';
import type { DayRange, LedgerColumns } from './ledger-columns.ts';

/** All days of a month. */
export function daysOfMonth(month: CalendarMonth): Required<DayRange> {
	return { from: `${month}-01`, to: `${month}-${String(daysIn(month)).padStart(2, '0')}` };
}

/** The months that have entries, the latest first. */
export function monthsWithEntries(columns: LedgerColumns): CalendarMonth[] {
	const { day } = columns.table.columns;
	const months: number[] = [];
	for (const row of columns.order) {
		const month = monthOfDayNumber(day[row] ?? 0);
		if (month !== months.at(-1)) months.push(month);
	}
	return months.map(toCalendarMonth);
}

/** The last day, up to and including `latest`, on which something was spent. */
export function lastDaySpent(columns: LedgerColumns, latest: CalendarDay): CalendarDay | undefined {
	const { kind, day } = columns.table.columns;
	const row = columns.rowsBetween({ to: latest }).find((at) => kind[at] === EXPENSE);
	return row === undefined ? undefined : toCalendarDay(day[row] ?? 0);
}
