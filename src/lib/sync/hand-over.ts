import PouchDB from 'pouchdb';
import { gapsBetween, type FirstPull } from '#lib/storage/first-pull-note.ts';
import type { LocalDatabase } from '#lib/storage/open-database.ts';
import type { Fetch } from './careful-fetch.ts';
import { BATCH } from './replication-batch.ts';
import { sendRevisions, type Leaf } from './send-revisions.ts';

export interface HandOverParts {
	database: LocalDatabase;
	/** The ledger as PouchDB reaches it. */
	remote: LocalDatabase;
	ledgerUrl: string;
	fetch: Fetch;
}

/**
 * Tells replication where to go on after a first pull, in both directions: neither does it list again what
 * has come, nor offer it back.
 *
 * The checkpoint of pushing passes over entries that were made here before or meanwhile. So the cloud is
 * asked for each of them, and gets what it lacks, before that checkpoint is written.
 */
export async function handOver(
	{ since, pulled }: Pick<FirstPull, 'since' | 'pulled'>,
	{ database, remote, ledgerUrl, fetch }: HandOverParts
): Promise<void> {
	const end = Number((await database.info()).update_seq);
	const gaps = gapsBetween(pulled, end);
	const leaves: Leaf[] = [];
	for (const [start, stop] of gaps) {
		const limit = stop - start;
		const { results } = await database.changes({ since: start, limit, style: 'all_docs' });
		for (const { id, seq, changes } of results) {
			if (Number(seq) <= stop) leaves.push(...changes.map(({ rev }) => ({ id, rev })));
		}
	}
	const isSent = await sendRevisions(leaves, database, ledgerUrl, fetch);
	// What was refused is left to replication, which knows how to go on around it.
	const from = isSent ? end : (gaps[0]?.[0] ?? end);
	// A replication that is told where to begin writes that down first; `live` would do so at every start.
	await Promise.all([
		PouchDB.replicate(remote, database, { since: since as string, ...BATCH }),
		PouchDB.replicate(database, remote, { since: from, ...BATCH })
	]);
}
