import type { AnyDocument } from '#lib/domain/document-state.ts';
import { merge, saysTheSame } from '#lib/domain/merge.ts';
import { decodeDocument } from './document-codec.ts';
import { isConflict, isMissing, type LocalDatabase, type StoredDocument } from './open-database.ts';

/** What settling a document came to. */
export type Settled =
	/** One revision is left, with everybody's edits. */
	| 'settled'
	/** There was nothing to settle, or somebody wrote meanwhile: the change feed will say so. */
	| 'nothing'
	/** A revision is of a newer version or unreadable: only an app that understands it may settle it. */
	| 'left';

/**
 * Merges all revisions of a document into one and removes the others. Every device that sees the same
 * revisions writes the same result under the same revision id, so devices that settle at the same time do
 * not conflict again. Stopped between its two writes it loses nothing: the next call finishes the work.
 */
export async function settleConflict(database: LocalDatabase, id: string): Promise<Settled> {
	const leaves = await readLeaves(database, id);
	const [winner, ...others] = leaves;
	if (!winner || others.length === 0) return 'nothing';

	const documents: AnyDocument[] = [];
	for (const leaf of leaves) {
		const decoded = decodeDocument(leaf);
		if (decoded.state === 'known') documents.push(decoded.document);
		else if (decoded.state === 'purged') documents.push(decoded.stub);
		else return 'left';
	}
	const merged = documents.reduce((sum, document) => merge(sum, document));
	try {
		if (!saysTheSame(merged, documents[0] as AnyDocument)) await database.put(merged);
		await database.bulkDocs(
			others.map(({ _rev }) => ({ _id: id, _rev, _deleted: true }) as StoredDocument)
		);
	} catch (error) {
		if (isConflict(error)) return 'nothing';
		throw error;
	}
	return 'settled';
}

/** All revisions that are not deleted, the one the database shows first. */
async function readLeaves(
	database: LocalDatabase,
	id: string
): Promise<PouchDB.Core.ExistingDocument<StoredDocument>[]> {
	try {
		const winner = await database.get(id, { conflicts: true });
		const { _conflicts: conflicts = [], ...shown } = winner as typeof winner & {
			_conflicts?: string[];
		};
		// The order is fixed so that every device merges alike.
		const others = await Promise.all([...conflicts].sort().map((rev) => database.get(id, { rev })));
		return [shown as PouchDB.Core.ExistingDocument<StoredDocument>, ...others];
	} catch (error) {
		if (isMissing(error)) return [];
		throw error;
	}
}
