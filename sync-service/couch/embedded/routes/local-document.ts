import type { OpenDatabase } from '#service/couch/embedded/databases.ts';
import { requireStorableKey } from '#service/couch/embedded/document-check.ts';
import type { Answer, Exchange } from '#service/couch/embedded/exchange.ts';
import { readObject } from '#service/couch/embedded/json-body.ts';
import {
	isMissing,
	isPouchProblem,
	type Pouch,
	type StoredDocument
} from '#service/couch/embedded/pouch.ts';
import { toBadRequest, toNotFound } from '#service/couch/embedded/protocol-error.ts';
import { SECURITY_ID } from '#service/couch/embedded/routes/security.ts';

/** `GET /:db/_local/:id` */
export async function readLocal({ segments }: Exchange, { pouch }: OpenDatabase): Promise<Answer> {
	return { status: 200, body: await pouch.get(requireLocalId(segments)) };
}

/** `PUT /:db/_local/:id`. As in CouchDB nothing conflicts here: the last one to write has the word. */
export async function writeLocal(
	{ request, segments }: Exchange,
	{ pouch }: OpenDatabase
): Promise<Answer> {
	const id = requireLocalId(segments);
	const { _rev: rev, ...body } = await readObject(request);
	if (rev !== undefined && !/^0-\d{1,15}$/.test(String(rev))) {
		throw toBadRequest('Invalid rev format');
	}
	if (body._deleted) throw toBadRequest('_local documents are not deleted this way');
	const result = await replaceLocal(pouch, { ...body, _id: id });
	return { status: 201, body: { ok: true, id: result.id, rev: result.rev } };
}

async function replaceLocal(
	pouch: Pouch,
	document: StoredDocument
): Promise<{ id: string; rev: string }> {
	for (;;) {
		const rev = await readRevision(pouch, document._id);
		try {
			return await pouch.put({ ...document, ...(rev !== undefined && { _rev: rev }) });
		} catch (error) {
			// Another write came between: ours is the later one.
			if (!isPouchProblem(error) || error.status !== 409) throw error;
		}
	}
}

async function readRevision(pouch: Pouch, id: string): Promise<string | undefined> {
	try {
		return (await pouch.get(id))._rev;
	} catch (error) {
		if (isMissing(error)) return undefined;
		throw error;
	}
}

/** `/:db/_local/x` and `/:db/_local%2Fx` are the same. */
function requireLocalId(segments: string[]): string {
	const id = segments.slice(1).join('/');
	if (id === SECURITY_ID) throw toNotFound();
	if (id === '_local/' || segments.length > 3) throw toBadRequest('Invalid _local document id.');
	return requireStorableKey(id);
}
