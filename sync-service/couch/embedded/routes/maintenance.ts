import type { OpenDatabase } from '#service/couch/embedded/databases.ts';
import type { Answer, Exchange } from '#service/couch/embedded/exchange.ts';
import { readJson } from '#service/couch/embedded/json-body.ts';

/** `POST /:db/_ensure_full_commit`: every write was on the disk before it was acknowledged. */
export async function ensureFullCommit({ request }: Exchange): Promise<Answer> {
	await readJson(request);
	return { status: 201, body: { ok: true, instance_start_time: '0' } };
}

/** `POST /:db/_compact`. Unlike CouchDB it answers when it is done. */
export async function compact({ request }: Exchange, database: OpenDatabase): Promise<Answer> {
	await readJson(request);
	await database.pouch.compact();
	return { status: 202, body: { ok: true } };
}
