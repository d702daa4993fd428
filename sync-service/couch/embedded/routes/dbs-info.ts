import type { DatabaseState } from '#service/couch/embedded/databases.ts';
import type { Answer, Exchange, StoreContext } from '#service/couch/embedded/exchange.ts';
import { readObject } from '#service/couch/embedded/json-body.ts';
import { toBadRequest } from '#service/couch/embedded/protocol-error.ts';

/** As in CouchDB. */
const KEYS_MOST = 100;

/**
 * `POST /_dbs_info`: how far databases are, without opening those that are closed. Of what `GET /:db` says,
 * there is nothing about sizes.
 */
export async function describeDatabases(
	{ request }: Exchange,
	{ databases }: StoreContext
): Promise<Answer> {
	const { keys } = await readObject(request);
	if (!Array.isArray(keys)) throw toBadRequest('`keys` member must be an array.');
	if (keys.length > KEYS_MOST) throw toBadRequest('too_many_keys');
	const body: unknown[] = [];
	for (const key of keys as unknown[]) {
		// One after the other: those that must be opened after all shall not take every place.
		const state = typeof key === 'string' ? await databases.state(key) : undefined;
		body.push(
			state === undefined ? { key, error: 'not_found' } : { key, info: toInfo(String(key), state) }
		);
	}
	return { status: 200, body };
}

function toInfo(name: string, { documents, sequence }: DatabaseState) {
	return {
		db_name: name,
		doc_count: documents,
		update_seq: sequence,
		cluster: { q: 1, n: 1, w: 1, r: 1 }
	};
}
