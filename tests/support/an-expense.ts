import type { TransactionFields } from '#lib/domain/draft.ts';

/** The facts of an ordinary expense. */
export function anExpense(changes: Partial<TransactionFields> = {}): TransactionFields {
	return {
		kind: 'expense',
		amountMinor: 1250,
		currency: 'EUR',
		categoryId: 'category:food',
		accountId: 'account:cash',
		toAccountId: null,
		payee: 'Bakery',
		note: '',
		spentOn: '2026-11-22',
		...changes
	};
}
