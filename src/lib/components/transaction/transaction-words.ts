import type { Account } from '#contract/documents/account.ts';
import type { Category } from '#contract/documents/category.ts';
import type { Transaction, TransactionKind } from '#contract/documents/transaction.ts';

/** Where names are looked up: what `LedgerState` offers. */
export interface Names {
	category(id: string | null): Category | undefined;
	account(id: string | null): Account | undefined;
}

export const kindNames: Readonly<Record<TransactionKind, string>> = {
	expense: 'Expense',
	income: 'Income',
	transfer: 'Transfer'
};

/** The one line an entry is known by: who was paid, else what for. */
export function titleOf(transaction: Transaction, names: Names): string {
	return (
		transaction.payee ||
		transaction.note ||
		(transaction.kind === 'transfer' ? transferOf(transaction, names) : '') ||
		names.category(transaction.categoryId)?.name ||
		kindNames[transaction.kind]
	);
}

/** What else is to be said in a second line, without repeating the first. */
export function detailOf(transaction: Transaction, names: Names): string {
	const title = titleOf(transaction, names);
	return [
		transaction.kind === 'transfer' ? 'Transfer' : names.category(transaction.categoryId)?.name,
		transaction.payee ? transaction.note : ''
	]
		.filter((part) => part && part !== title)
		.join(' · ');
}

/** "Cash", or "Bank → Purse" for a transfer. */
export function accountsOf(transaction: Transaction, names: Names): string {
	return transaction.kind === 'transfer'
		? transferOf(transaction, names)
		: (names.account(transaction.accountId)?.name ?? '');
}

function transferOf({ accountId, toAccountId }: Transaction, names: Names): string {
	return [names.account(accountId)?.name ?? '?', names.account(toAccountId)?.name ?? '?'].join(
		' → '
	);
}

/** The path of an entry's own page. */
export function pathOf({ _id }: Pick<Transaction, '_id'>): string {
	return `/transactions/${encodeURIComponent(_id.replace(/^transaction:/, ''))}`;
}
