import type { Category } from '#contract/documents/category.ts';
import type { Transaction, TransactionKind } from '#contract/documents/transaction.ts';

/** How far back habits are looked for. */
const RECENT = 300;

/** A top-level category with those below it. */
export interface CategoryGroup {
	top: Category;
	below: Category[];
}

export function groupCategories(categories: readonly Category[]): CategoryGroup[] {
	const tops = categories.filter(
		({ parentId }) => parentId === null || !categories.some(({ _id }) => _id === parentId)
	);
	return tops.map((top) => ({
		top,
		below: categories.filter(({ parentId }) => parentId === top._id)
	}));
}

/** The few categories that are used most of late for this kind; the ledger's first ones fill up. */
export function frequentCategories(
	categories: readonly Category[],
	transactions: readonly Transaction[],
	kind: TransactionKind,
	count: number
): Category[] {
	const uses = new Map<string, number>();
	for (const { kind: own, categoryId } of transactions.slice(0, RECENT)) {
		if (own === kind && categoryId) uses.set(categoryId, (uses.get(categoryId) ?? 0) + 1);
	}
	return categories
		.map((category) => ({ category, uses: uses.get(category._id) ?? 0 }))
		.sort((a, b) => b.uses - a.uses)
		.slice(0, count)
		.map(({ category }) => category);
}

/** Payees in the order of their last use. */
export function recentPayees(transactions: readonly Transaction[], count: number): string[] {
	const payees = new Set<string>();
	for (const { payee } of transactions) {
		if (payee) payees.add(payee);
		if (payees.size >= count) break;
	}
	return [...payees];
}
