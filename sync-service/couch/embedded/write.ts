import type { OpenDatabase } from '#service/couch/embedded/databases.ts';
import { findRevisionTree, type StoredDocument } from '#service/couch/embedded/pouch.ts';
import { toRevisions } from '#service/couch/embedded/revision-tree.ts';

export type EditResult =
	{ ok: true; id: string; rev: string } | { id: string; error: string; reason: string };

/** Stores revisions that were made elsewhere, beside what is there. Known ones change nothing. */
export async function writeCopies(
	database: OpenDatabase,
	documents: StoredDocument[]
): Promise<void> {
	const results = await database.exclusively(() =>
		database.pouch.bulkDocs(documents, { new_edits: false })
	);
	const failure = results.find((result) => 'error' in result);
	// Checked documents have nothing to fail for: a device must not take them for stored.
	if (failure) throw new Error(`${database.name}: a revision was not stored`, { cause: failure });
}

/** Stores edits, each on the leaf that it names. The results are in the order of the documents. */
export function writeEdits(
	database: OpenDatabase,
	documents: StoredDocument[]
): Promise<EditResult[]> {
	return database.exclusively(async () => {
		const allowed = await findAllowed(database, documents);
		const edits = documents.filter((document) => allowed.has(document));
		const written = await database.pouch.bulkDocs(edits, { new_edits: true });
		const results = new Map(edits.map((document, at) => [document, written[at]]));
		return documents.map((document): EditResult => {
			const result = results.get(document);
			if (result && !('error' in result)) return { ok: true, id: result.id, rev: result.rev };
			return { id: document._id, error: 'conflict', reason: 'Document update conflict.' };
		});
	});
}

/**
 * PouchDB lets some edits of older revisions pass, and ends the process over one that repeats a
 * revision below a deletion. So the rule is kept here: an edit names a leaf, or nothing where there is
 * nothing, and no two edits of one request name the same.
 */
async function findAllowed(
	{ pouch }: OpenDatabase,
	documents: StoredDocument[]
): Promise<Set<StoredDocument>> {
	const named = new Set<string>();
	const allowed = new Set<StoredDocument>();
	await Promise.all(
		documents.map(async (document) => {
			const { _id: id, _rev: rev } = document;
			const edit = JSON.stringify([id, rev]);
			if (named.has(edit)) return;
			named.add(edit);
			const tree = await findRevisionTree(pouch, id);
			const revisions = [...toRevisions(tree ?? []).values()];
			const isAllowed =
				rev === undefined
					? revisions.every(({ isLeaf, isDeleted }) => !isLeaf || isDeleted)
					: revisions.some((known) => known.isLeaf && known.rev === rev);
			if (isAllowed) allowed.add(document);
		})
	);
	return allowed;
}
