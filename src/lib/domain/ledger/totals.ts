import { addMinor } from '#lib/domain/money.ts';
import type { Totals } from '#lib/domain/report.ts';
import { EXPENSE, INCOME, KINDS, TRANSFER } from './entry-table.ts';
import type { DayRange, LedgerColumns } from './ledger-columns.ts';

/**
 * What was spent, earned and moved in a range of days: one total a currency, the most used first. Of a
 * transfer, what left its account.
 *
 * @throws RangeError when a sum is beyond what a double holds exactly.
 */
export function totalsBetween(columns: LedgerColumns, range: DayRange): Totals[] {
	return totalsOf(columns, columns.rowsBetween(range));
}

/** The same of any rows of the columns. */
export function totalsOf(columns: LedgerColumns, rows: Uint32Array): Totals[] {
	const { kind, amountMinor, currency } = columns.table.columns;
	const { texts } = columns.table.dictionaries.currency;
	const counts = new Uint32Array(texts.length);
	const sums = new Float64Array(texts.length * KINDS.length);
	for (let at = 0; at < rows.length; at++) {
		const row = rows[at] ?? 0;
		const code = currency[row] ?? 0;
		const sum = code * KINDS.length + (kind[row] ?? 0);
		counts[code] = (counts[code] ?? 0) + 1;
		sums[sum] = addMinor(sums[sum] ?? 0, amountMinor[row] ?? 0);
	}
	const totals: Totals[] = [];
	for (const [code, count] of counts.entries()) {
		if (count === 0) continue;
		const sumOf = (kind: number): number => sums[code * KINDS.length + kind] ?? 0;
		totals.push({
			currency: texts[code] ?? '',
			count,
			expenseMinor: sumOf(EXPENSE),
			incomeMinor: sumOf(INCOME),
			transferMinor: sumOf(TRANSFER)
		});
	}
	return totals.sort((a, b) => b.count - a.count || (a.currency < b.currency ? -1 : 1));
}
