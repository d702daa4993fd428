import { isComputed, latestStamp } from '#lib/domain/stamp.ts';
import { decodeDocument } from './document-codec.ts';
import type { LocalDatabase } from './open-database.ts';

/** What a person has put into a database. */
export interface EntryCount {
	/** Transactions that are not in the trash. */
	entries: number;
	/** Documents of any kind that a person made or edited. */
	typed: number;
}

/** Counts what would go along if the database were added to a profile. */
export async function countEntries(database: LocalDatabase): Promise<EntryCount> {
	const { rows } = await database.allDocs({ include_docs: true });
	const count: EntryCount = { entries: 0, typed: 0 };
	for (const row of rows) {
		const decoded = decodeDocument('doc' in row ? row.doc : undefined);
		if (decoded.state !== 'known') {
			// Not understood is not nothing: somebody must decide where it goes.
			count.typed += 1;
			continue;
		}
		const { document } = decoded;
		if (document.type === 'transaction' && document.deletedAt === null) count.entries += 1;
		if (!isComputed(latestStamp(document.stamps))) count.typed += 1;
	}
	return count;
}
