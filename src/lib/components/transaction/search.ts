import type { Transaction } from '#contract/documents/transaction.ts';
import { toDecimalText } from '#lib/domain/amount-text.ts';
import { accountsOf, kindNames, type Names } from './transaction-words.ts';

/** Entries that hold every word of the query, in payee, note, category, account, kind, day or amount. */
export function searchTransactions(
	transactions: readonly Transaction[],
	query: string,
	names: Names
): readonly Transaction[] {
	const words = fold(query).split(/\s+/).filter(Boolean);
	if (words.length === 0) return transactions;
	return transactions.filter((transaction) => {
		const text = textOf(transaction, names);
		return words.every((word) => text.includes(word));
	});
}

function textOf(transaction: Transaction, names: Names): string {
	const category = names.category(transaction.categoryId);
	const parent = category?.parentId ? names.category(category.parentId) : undefined;
	return fold(
		[
			transaction.payee,
			transaction.note,
			category?.name,
			parent?.name,
			accountsOf(transaction, names),
			kindNames[transaction.kind],
			transaction.spentOn,
			toDecimalText(transaction.amountMinor, transaction.currency)
		].join('\n')
	);
}

/** Without case and accents: "café" is found by "Cafe". */
function fold(text: string): string {
	return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
