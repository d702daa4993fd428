import type { LedgerDocument } from '#contract/documents/ledger-document.ts';
import type { Transaction } from '#contract/documents/transaction.ts';

/** Why an edit of many entries leaves one of them out. */
export type LeftOut = 'transfer' | 'split' | 'newer';

/** What an entry is, as far as an edit of many asks. */
export type BulkFacts = Pick<Transaction, 'kind'> & { isSplit: boolean; readOnly: boolean };

/**
 * Why an edit leaves an entry out; `undefined` = it is for it. A transfer has no category, and two accounts:
 * which one is meant cannot be said for many. Of a split entry the parts have the categories.
 *
 * @param fields what the edit sets.
 */
export function leftOutBecause(
	{ kind, isSplit, readOnly }: BulkFacts,
	fields: readonly string[]
): LeftOut | undefined {
	if (readOnly) return 'newer';
	const setsCategory = fields.includes('categoryId');
	if (kind === 'transfer' && (setsCategory || fields.includes('accountId'))) return 'transfer';
	return isSplit && setsCategory ? 'split' : undefined;
}

/** Whether an edit of many documents leaves this one as it is. */
export function leavesOut(
	document: LedgerDocument,
	changes: Readonly<Record<string, unknown>>
): boolean {
	if (document.type !== 'transaction') return false;
	const { kind, splits } = document as Transaction;
	const facts = { kind, isSplit: splits.length > 0, readOnly: false };
	return leftOutBecause(facts, Object.keys(changes)) !== undefined;
}
