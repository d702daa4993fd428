import type { OpenDatabase } from '#service/couch/embedded/databases.ts';
import { toStorable } from '#service/couch/embedded/document-check.ts';
import type { Answer, Exchange } from '#service/couch/embedded/exchange.ts';
import { readObject } from '#service/couch/embedded/json-body.ts';
import { toBadRequest } from '#service/couch/embedded/protocol-error.ts';
import { writeCopies, writeEdits } from '#service/couch/embedded/write.ts';

/** `POST /:db/_bulk_docs`. With `new_edits: false` the answer lists nothing: all of it is stored. */
export async function writeBulk({ request }: Exchange, database: OpenDatabase): Promise<Answer> {
	const body = await readObject(request);
	if (!Array.isArray(body.docs)) throw toBadRequest('POST body must include `docs` parameter.');
	const newEdits = body.new_edits ?? true;
	if (typeof newEdits !== 'boolean') throw toBadRequest('`new_edits` must be a boolean');
	const documents = body.docs.map((document) => toStorable(document, newEdits));
	if (!newEdits) {
		await writeCopies(database, documents);
		return { status: 201, body: [] };
	}
	return { status: 201, body: await writeEdits(database, documents) };
}
