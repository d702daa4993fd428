import type { Entry } from '#lib/domain/ledger/entry.ts';
import { LedgerColumns } from '#lib/domain/ledger/ledger-columns.ts';

/** An ordinary expense as a list has it. */
export function anEntry(id: number, changes: Partial<Entry> = {}): Entry {
	return {
		_id: `transaction:${id}`,
		kind: 'expense',
		amountMinor: 100,
		currency: 'EUR',
		toAmountMinor: null,
		toCurrency: null,
		splits: [],
		categoryId: null,
		accountId: 'account:cash',
		toAccountId: null,
		payee: '',
		note: '',
		spentOn: '2026-11-22',
		spentTime: null,
		tags: [],
		receipts: 0,
		operationId: null,
		recurringRuleId: null,
		deletedAt: null,
		madeAt: '',
		readOnly: false,
		...changes
	};
}

/** A ledger of such expenses, `transaction:0` and so on. */
export function columnsOf(...changes: Partial<Entry>[]): LedgerColumns {
	const columns = LedgerColumns.empty();
	columns.put(changes.map((change, id) => anEntry(id, change)));
	return columns;
}
