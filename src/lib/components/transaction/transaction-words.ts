import type { Account } from '#contract/documents/account.ts';
import type { Category } from '#contract/documents/category.ts';
import type { TransactionKind } from '#contract/documents/transaction.ts';
import type { Entry } from '#lib/domain/ledger/entry.ts';
import * as m from '#messages';

/** Where names are looked up: what `LedgerState` offers. */
export interface Names {
	category(id: string | null): Category | undefined;
	account(id: string | null): Account | undefined;
}

export const kindNames: Readonly<Record<TransactionKind, string>> = {
	expense: m.common_expense(),
	income: m.common_income(),
	transfer: m.common_transfer()
};

/** The one line an entry is known by: who was paid, else what for. */
export function titleOf(entry: Entry, names: Names): string {
	return (
		entry.payee ||
		entry.note ||
		(entry.kind === 'transfer' ? transferOf(entry, names) : '') ||
		names.category(entry.categoryId)?.name ||
		kindNames[entry.kind]
	);
}

/** What else is to be said in a second line, without repeating the first. */
export function detailOf(entry: Entry, names: Names): string {
	const title = titleOf(entry, names);
	return [
		entry.kind === 'transfer' ? m.common_transfer() : names.category(entry.categoryId)?.name,
		entry.payee ? entry.note : ''
	]
		.filter((part) => part && part !== title)
		.join(' · ');
}

/** "Cash", or "Bank → Purse" for a transfer. */
export function accountsOf(entry: Entry, names: Names): string {
	return entry.kind === 'transfer'
		? transferOf(entry, names)
		: (names.account(entry.accountId)?.name ?? '');
}

function transferOf({ accountId, toAccountId }: Entry, names: Names): string {
	return [names.account(accountId)?.name ?? '?', names.account(toAccountId)?.name ?? '?'].join(
		' → '
	);
}

/** The path of an entry's own page. */
export function pathOf({ _id }: Pick<Entry, '_id'>): string {
	return `/transactions/${encodeURIComponent(_id.replace(/^transaction:/, ''))}`;
}
