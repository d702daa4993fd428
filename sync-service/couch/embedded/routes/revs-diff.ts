import type { OpenDatabase } from '#service/couch/embedded/databases.ts';
import { requireDocumentId, requireRev } from '#service/couch/embedded/document-check.ts';
import type { Answer, Exchange } from '#service/couch/embedded/exchange.ts';
import { readObject } from '#service/couch/embedded/json-body.ts';
import { findRevisionTree } from '#service/couch/embedded/pouch.ts';
import { toBadRequest } from '#service/couch/embedded/protocol-error.ts';
import { toMissing } from '#service/couch/embedded/revision-tree.ts';

/**
 * `POST /:db/_revs_diff`. Not PouchDB's own, which calls a known revision missing once it is compacted:
 * a device would send it again.
 */
export async function compareRevisions(
	{ request }: Exchange,
	{ pouch }: OpenDatabase
): Promise<Answer> {
	const asked = Object.entries(await readObject(request)).map(([id, revs]) => {
		if (!Array.isArray(revs)) throw toBadRequest('Revisions must be a JSON list');
		return { id: requireDocumentId(id), revs: revs.map(requireRev) };
	});
	const answers = await Promise.all(
		asked.map(async ({ id, revs }) => {
			const { missing, possibleAncestors } = toMissing(await findRevisionTree(pouch, id), revs);
			return {
				id,
				missing,
				...(possibleAncestors.length && { possible_ancestors: possibleAncestors })
			};
		})
	);
	const entries = answers
		.filter(({ missing }) => missing.length)
		.map(({ id, ...answer }) => [id, answer] as const);
	return { status: 200, body: Object.fromEntries(entries) };
}
