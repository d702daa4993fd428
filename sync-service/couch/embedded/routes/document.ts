import type { OpenDatabase } from '#service/couch/embedded/databases.ts';
import {
	requireDocumentId,
	requireRev,
	toStorable
} from '#service/couch/embedded/document-check.ts';
import type { Answer, Exchange } from '#service/couch/embedded/exchange.ts';
import { readObject } from '#service/couch/embedded/json-body.ts';
import type { StoredDocument } from '#service/couch/embedded/pouch.ts';
import { toBadRequest, toConflict, toNotFound } from '#service/couch/embedded/protocol-error.ts';
import { toFlag, toJson } from '#service/couch/embedded/query.ts';
import {
	readLeaves,
	readRevisions,
	readWinner,
	type Reading
} from '#service/couch/embedded/read.ts';
import { writeCopies, writeEdits } from '#service/couch/embedded/write.ts';

/** `GET /:db/:doc`. Revisions asked for with `open_revs` come as a list, never as multipart. */
export async function readDocument(
	{ segments, query }: Exchange,
	{ pouch, exclusively }: OpenDatabase
): Promise<Answer> {
	const id = requireDocumentId(segments[1]);
	const options = {
		revs: toFlag(query, 'revs'),
		conflicts: toFlag(query, 'conflicts'),
		latest: toFlag(query, 'latest')
	};
	const open = toOpenRevs(query);
	if (open) {
		const leaves = await exclusively(() =>
			open === 'all' ? readLeaves(pouch, id, options) : readRevisions(pouch, id, open, options)
		);
		if (!leaves) throw toNotFound();
		return { status: 200, body: leaves.map(toOpenRev) };
	}
	const rev = query.get('rev');
	const [reading] =
		rev === null
			? [await readWinner(pouch, id, options)]
			: await exclusively(() => readRevisions(pouch, id, [requireRev(rev)], options));
	if (!reading || !('ok' in reading)) throw toNotFound(reading?.reason);
	return { status: 200, body: reading.ok, headers: { etag: `"${reading.ok._rev}"` } };
}

/** `PUT /:db/:doc` */
export async function writeDocument(
	{ request, segments, query }: Exchange,
	database: OpenDatabase
): Promise<Answer> {
	const id = requireDocumentId(segments[1]);
	const newEdits = toFlag(query, 'new_edits', true);
	const body = await readObject(request);
	if ((body._id ?? id) !== id) throw toBadRequest('`_id` is not the id of the address');
	const rev = findNamedRev(query, request.headers['if-match'], body._rev);
	const document = toStorable({ ...body, _id: id, ...(rev && { _rev: rev }) }, newEdits);
	if (newEdits) return writeOne(database, document);
	await writeCopies(database, [document]);
	return { status: 201, body: { ok: true, id, rev: document._rev } };
}

/** `DELETE /:db/:doc` */
export async function deleteDocument(
	{ request, segments, query }: Exchange,
	database: OpenDatabase
): Promise<Answer> {
	const id = requireDocumentId(segments[1]);
	const rev = findNamedRev(query, request.headers['if-match'], undefined);
	const winner = await readWinner(database.pouch, id, {});
	if (!('ok' in winner)) throw toNotFound(winner.reason);
	if (rev === undefined) throw toConflict();
	const answer = await writeOne(database, { _id: id, _rev: rev, _deleted: true });
	return { ...answer, status: 200 };
}

async function writeOne(database: OpenDatabase, document: StoredDocument): Promise<Answer> {
	const [result] = await writeEdits(database, [document]);
	if (!result || !('ok' in result)) throw toConflict();
	return { status: 201, body: result, headers: { etag: `"${result.rev}"` } };
}

function toOpenRevs(query: URLSearchParams): 'all' | string[] | undefined {
	const value = query.get('open_revs');
	if (value === null || value === 'all') return value ?? undefined;
	const revs = toJson(query, 'open_revs');
	if (revs === 'all') return revs;
	if (!Array.isArray(revs)) throw toBadRequest('`open_revs` must be "all" or a JSON list');
	return revs.map(requireRev);
}

function toOpenRev(reading: Reading): object {
	return 'ok' in reading ? { ok: reading.ok } : { missing: reading.missing };
}

/** The revision that a write names: in the query, as `If-Match`, or in the body. */
function findNamedRev(
	query: URLSearchParams,
	ifMatch: string | undefined,
	inBody: unknown
): string | undefined {
	const named = [query.get('rev'), ifMatch?.replace(/^"(.*)"$/, '$1'), inBody]
		.filter((rev) => rev !== null && rev !== undefined)
		.map(requireRev);
	if (new Set(named).size > 1) throw toBadRequest('Document rev and request rev differ');
	return named[0];
}
