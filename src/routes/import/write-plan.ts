import type { ImportPlan } from '#lib/domain/import/plan.ts';
import type { NewOperation } from '#lib/domain/operation.ts';
import {
	WRITE_BATCH,
	type LedgerRepository,
	type SaveProblem
} from '#lib/storage/ledger-repository.ts';

/** What came of an import, in entries. */
export interface ImportResult {
	added: number;
	/** Those that were here already. */
	present: number;
	failed: number;
	/** Why the first of them failed. */
	problem: SaveProblem | undefined;
}

/**
 * Writes an import under its operation, batch by batch.
 *
 * @param file the file's name, which the operation goes by.
 * @param ondone called with the number of documents that are done.
 */
export async function writePlan(
	repository: LedgerRepository,
	plan: ImportPlan,
	operation: NewOperation,
	file: string,
	ondone: (documents: number) => void
): Promise<ImportResult> {
	const result: ImportResult = { added: 0, present: plan.present, failed: 0, problem: undefined };
	const recorded = await repository.recordImport(operation, { label: file, entries: plan.fresh });
	if (!recorded.ok) return { ...result, failed: plan.fresh, problem: recorded.problem };
	for (let at = 0; at < plan.documents.length; at += WRITE_BATCH) {
		const batch = plan.documents.slice(at, at + WRITE_BATCH);
		const { written, present, failed } = await repository.addAll(batch);
		result.added += countEntries(written);
		result.present += countEntries(present);
		result.failed += countEntries(failed.map(({ id }) => id));
		result.problem ??= failed[0]?.problem;
		ondone(at + batch.length);
	}
	return result;
}

/** How many of these ids are entries; the others are categories and accounts that came along. */
export function countEntries(ids: readonly string[]): number {
	return ids.filter((id) => id.startsWith('transaction:')).length;
}
