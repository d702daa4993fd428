import { SPLIT, TRANSFER } from './entry-table.ts';
import type { LedgerColumns } from './ledger-columns.ts';

/** How many entries the filter `uncategorised` finds. */
export function countUncategorised({ order, table }: LedgerColumns): number {
	const { kind, category, flags } = table.columns;
	let count = 0;
	for (const row of order) {
		if (kind[row] === TRANSFER) continue;
		const isSplit = ((flags[row] ?? 0) & SPLIT) !== 0;
		const lacks = isSplit
			? table.splits.get(row)?.some(({ categoryId }) => categoryId === null)
			: category[row] === 0;
		if (lacks) count += 1;
	}
	return count;
}
