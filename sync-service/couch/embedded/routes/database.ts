import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenDatabase } from '#service/couch/embedded/databases.ts';
import type { Answer, Exchange, StoreContext } from '#service/couch/embedded/exchange.ts';
import { ProtocolError, toBadRequest, toNotFound } from '#service/couch/embedded/protocol-error.ts';
import { toSequence } from '#service/couch/embedded/sequence.ts';

/** `PUT /:db` */
export async function createDatabase(name: string, { databases }: StoreContext): Promise<Answer> {
	if (await databases.create(name)) return { status: 201, body: { ok: true } };
	throw new ProtocolError(
		412,
		'file_exists',
		'The database could not be created, the file already exists.'
	);
}

/** `DELETE /:db` */
export async function deleteDatabase(
	name: string,
	{ query }: Exchange,
	{ databases }: StoreContext
): Promise<Answer> {
	if (query.has('rev')) {
		throw toBadRequest('DELETE of a database with a rev: was a document meant?');
	}
	if (await databases.destroy(name)) return { status: 200, body: { ok: true } };
	throw toNoDatabase();
}

export function toNoDatabase(): ProtocolError {
	return toNotFound('Database does not exist.');
}

/** `GET /:db`. Without `doc_del_count`, which PouchDB does not count. */
export async function describeDatabase(
	_exchange: Exchange,
	database: OpenDatabase
): Promise<Answer> {
	const [info, bytes] = await Promise.all([database.pouch.info(), measure(database.folder)]);
	return {
		status: 200,
		body: {
			db_name: database.name,
			doc_count: info.doc_count,
			update_seq: toSequence(info.update_seq, database.tag),
			purge_seq: '0',
			sizes: { file: bytes, external: bytes, active: bytes },
			compact_running: false,
			instance_start_time: '0',
			disk_format_version: 8,
			props: {},
			cluster: { q: 1, n: 1, w: 1, r: 1 }
		}
	};
}

/** The size of a folder's files, in bytes. */
async function measure(folder: string): Promise<number> {
	const sizes = await Promise.all(
		(await readdir(folder)).map((file) =>
			// LevelDB removes files as it goes.
			stat(join(folder, file)).then(
				({ size }) => size,
				() => 0
			)
		)
	);
	return sizes.reduce((sum, size) => sum + size, 0);
}
