import type { BulkPlan } from './domain/ledger/bulk-plan.ts';
import {
	WRITE_BATCH,
	type BulkResult,
	type Changes,
	type LedgerRepository
} from './storage/ledger-repository.ts';

/** An edit of many entries: the fields that it sets, and what people call it. */
export interface ManyChanges {
	changes: Changes | { deletedAt: string };
	label: string;
}

/**
 * Writes an edit of many entries as one operation, batch by batch.
 *
 * @param ondone called with the number of entries that are done.
 */
export async function writeMany(
	repository: LedgerRepository,
	{ ids }: BulkPlan,
	{ changes, label }: ManyChanges,
	ondone: (entries: number) => void
): Promise<BulkResult> {
	const isTrash = 'deletedAt' in changes;
	if (ids.length <= WRITE_BATCH)
		return isTrash ? repository.trash(ids) : repository.changeAll(ids, changes, label);
	ondone(0);
	const begun = await repository.beginAll(isTrash ? 'trash' : 'edit', ids, label);
	const all: BulkResult = { written: [], present: [], failed: [] };
	if (!begun.ok) {
		const { problem } = begun;
		return { ...all, failed: ids.map((id) => ({ id, problem })) };
	}
	const { operation } = begun;
	for (let at = 0; at < ids.length; at += WRITE_BATCH) {
		const batch = ids.slice(at, at + WRITE_BATCH);
		const { written, failed } = await repository.changeBatch(operation, batch, changes);
		all.written.push(...written);
		all.failed.push(...failed);
		ondone(at + batch.length);
	}
	return { ...all, operationId: operation.id };
}

/** Takes such an edit back. */
export async function takeBack(repository: LedgerRepository, result: BulkResult): Promise<void> {
	if (result.operationId) await repository.undoOperation(result.operationId);
	else if (result.step) await repository.undo(result.step);
}
