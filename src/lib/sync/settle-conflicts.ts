import type { ChangeFeed, FeedBatch } from '#lib/storage/change-feed.ts';
import { settleConflict } from '#lib/storage/conflict-settler.ts';
import type { LocalDatabase } from '#lib/storage/open-database.ts';

/**
 * Settles every conflict that the feed reports, one after the other, until `signal` ends it. One tab does
 * this; a conflict left over by a crash is reported again by the next start.
 */
export function settleConflicts(
	database: LocalDatabase,
	feed: ChangeFeed,
	known: Iterable<string>,
	signal: AbortSignal
): void {
	const waiting = new Set<string>(known);
	let working = false;

	async function work(): Promise<void> {
		if (working) return;
		working = true;
		for (const id of waiting) {
			if (signal.aborted) break;
			waiting.delete(id);
			// A write that fails leaves the conflict standing: no edit is lost, the next change tries again.
			await settleConflict(database, id).catch(() => 'left');
		}
		working = false;
	}

	const stop = feed.listen(({ documents }: FeedBatch) => {
		for (const { id, conflicts } of documents) if (conflicts.length > 0) waiting.add(id);
		void work();
	});
	signal.addEventListener('abort', stop);
	void work();
}
