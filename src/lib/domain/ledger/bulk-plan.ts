import { leftOutBecause, type LeftOut } from '#lib/domain/bulk-edit.ts';
import { KINDS, READ_ONLY, SPLIT } from './entry-table.ts';
import type { LedgerColumns } from './ledger-columns.ts';

/** What an edit of many entries would do. */
export interface BulkPlan {
	/** The entries that it is for. */
	ids: string[];
	/** How many others there are, by why they are left out. */
	leftOut: Record<LeftOut, number>;
}

/**
 * Tells the entries that an edit is for from those that it leaves out.
 *
 * @param fields what it sets.
 */
export function planBulk(
	{ table }: LedgerColumns,
	rows: Iterable<number>,
	fields: readonly string[]
): BulkPlan {
	const { flags, kind } = table.columns;
	const plan: BulkPlan = { ids: [], leftOut: { transfer: 0, split: 0, newer: 0 } };
	for (const row of rows) {
		const flag = flags[row] ?? 0;
		const facts = {
			kind: KINDS[kind[row] ?? 0] ?? 'expense',
			isSplit: (flag & SPLIT) !== 0,
			readOnly: (flag & READ_ONLY) !== 0
		};
		const why = leftOutBecause(facts, fields);
		if (why) plan.leftOut[why] += 1;
		else plan.ids.push(table.ids[row] ?? '');
	}
	return plan;
}
