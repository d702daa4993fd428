import type { LocalDatabase } from '#lib/storage/open-database.ts';

/** Replicates everything that is new. @param again without a checkpoint: all of it once more. */
export async function send(from: LocalDatabase, to: LocalDatabase, again: boolean): Promise<void> {
	await from.replicate.to(to, { checkpoint: again ? false : undefined });
}

/** Replicates some documents, one after the other: out of their order, and past everything before them. */
export async function sendSome(
	from: LocalDatabase,
	to: LocalDatabase,
	ids: readonly string[]
): Promise<void> {
	for (const id of ids) await from.replicate.to(to, { doc_ids: [id], checkpoint: false });
}
