import { toCalendarMonth } from './day-number.ts';
import type { LedgerColumns } from './ledger-columns.ts';

/** The rows of the months from `first` to `last` (month numbers), newest first. A view, not to be kept. */
export function rowsOfMonths(columns: LedgerColumns, first: number, last: number): Uint32Array {
	// Days are compared as numbers: every month may as well have 31.
	return columns.rowsBetween({
		from: `${toCalendarMonth(first)}-01`,
		to: `${toCalendarMonth(last)}-31`
	});
}
