import type { LedgerDocument } from '#contract/documents/ledger-document.ts';
import type { LedgerColumns } from './ledger-columns.ts';

/** The ids of the categories that entries name, those in the trash too, and documents such as rules and budgets. */
export function usedCategories(
	{ table }: LedgerColumns,
	documents: Iterable<LedgerDocument>
): Set<string> {
	const { columns, dictionaries, ids, splits } = table;
	const codes = new Set<number>();
	for (let row = 0; row < ids.length; row++) {
		if (ids[row] !== '') codes.add(columns.category[row] ?? 0);
	}
	const named: unknown[] = Array.from(codes, (code) => dictionaries.category.decode(code));
	for (const parts of splits.values()) named.push(...parts.map(({ categoryId }) => categoryId));
	for (const { deletedAt, categoryId } of documents) {
		if (deletedAt === null) named.push(categoryId);
	}
	return new Set(named.filter((id) => typeof id === 'string'));
}
