import type { OpenDatabase } from '#service/couch/embedded/databases.ts';
import { requireDocumentId, requireRev } from '#service/couch/embedded/document-check.ts';
import type { Exchange } from '#service/couch/embedded/exchange.ts';
import { readObject, requireObject } from '#service/couch/embedded/json-body.ts';
import { JsonStream } from '#service/couch/embedded/json-stream.ts';
import { toBadRequest } from '#service/couch/embedded/protocol-error.ts';
import { toFlag } from '#service/couch/embedded/query.ts';
import { readRevisions, readWinner, type Reading } from '#service/couch/embedded/read.ts';

/** How many documents are read at the same time. */
const PAGE = 50;

interface Wanted {
	id: string;
	rev: string | undefined;
}

/** `POST /:db/_bulk_get` */
export async function streamBulk(exchange: Exchange, database: OpenDatabase): Promise<undefined> {
	const body = await readObject(exchange.request);
	if (!Array.isArray(body.docs)) throw toBadRequest('Missing JSON list of `docs`.');
	const wanted = body.docs.map(toWanted);
	const options = {
		revs: toFlag(exchange.query, 'revs'),
		latest: toFlag(exchange.query, 'latest')
	};
	const stream = new JsonStream(exchange.response, database.gone, '{"results":[');
	for (let at = 0; at < wanted.length; at += PAGE) {
		const page = wanted.slice(at, at + PAGE);
		const rows = await database.exclusively(() =>
			Promise.all(page.map((one) => readOne(database, one, options)))
		);
		for (const row of rows) await stream.row(row);
	}
	await stream.end(']}');
	return undefined;
}

function toWanted(value: unknown): Wanted {
	const { id, rev } = requireObject(value, 'Every member of `docs` must be a JSON object');
	return { id: requireDocumentId(id), rev: rev === undefined ? undefined : requireRev(rev) };
}

async function readOne(
	{ pouch }: OpenDatabase,
	{ id, rev }: Wanted,
	options: { revs: boolean; latest: boolean }
) {
	const readings: Reading[] =
		rev === undefined
			? [await readWinner(pouch, id, options)]
			: await readRevisions(pouch, id, [rev], options);
	return { id, docs: readings.map((reading) => toRow(id, rev, reading)) };
}

function toRow(id: string, rev: string | undefined, reading: Reading): object {
	if ('ok' in reading) return { ok: reading.ok };
	return {
		error: { id, rev: rev ?? 'undefined', error: 'not_found', reason: reading.reason }
	};
}
