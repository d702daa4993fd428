import type { TransactionKind } from '#contract/documents/transaction.ts';
import { NONE } from './dictionary.ts';
import type { Entry } from './entry.ts';
import { KINDS } from './entry-table.ts';
import type { LedgerColumns } from './ledger-columns.ts';

/** Payees in the order of their last use. */
export function recentPayees(columns: LedgerColumns, count: number): string[] {
	const { payee } = columns.table.columns;
	const codes = new Set<number>();
	for (const row of columns.order) {
		const code = payee[row] ?? NONE;
		if (code !== NONE) codes.add(code);
		if (codes.size >= count) break;
	}
	const { texts } = columns.table.dictionaries.payee;
	return [...codes].map((code) => texts[code] ?? '');
}

/** The last entry of a kind with this payee. */
export function lastOfPayee(
	columns: LedgerColumns,
	name: string,
	wanted: TransactionKind
): Entry | undefined {
	const { kind, payee } = columns.table.columns;
	const code = columns.table.dictionaries.payee.find(name);
	if (code === undefined || code === NONE) return undefined;
	const row = columns.order.find((at) => payee[at] === code && kind[at] === KINDS.indexOf(wanted));
	return row === undefined ? undefined : columns.entryAt(row);
}
