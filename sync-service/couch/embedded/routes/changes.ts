import type { OpenDatabase } from '#service/couch/embedded/databases.ts';
import type { Exchange } from '#service/couch/embedded/exchange.ts';
import { readJson } from '#service/couch/embedded/json-body.ts';
import { JsonStream } from '#service/couch/embedded/json-stream.ts';
import type { ChangeRow } from '#service/couch/embedded/pouch.ts';
import { toBadRequest } from '#service/couch/embedded/protocol-error.ts';
import { toCount, toFlag } from '#service/couch/embedded/query.ts';
import { toSequence, toStart } from '#service/couch/embedded/sequence.ts';

/** How many changes are read from the database at a time. */
const PAGE = 500;

/** `GET` and `POST /:db/_changes`, `feed=normal` only: who wants to wait asks the sync service. */
export async function streamChanges(
	exchange: Exchange,
	database: OpenDatabase
): Promise<undefined> {
	if (exchange.method === 'POST') await readJson(exchange.request);
	const { query } = exchange;
	refuseUnsupported(query);
	const options = toOptions(query);
	// Using 0 has the same effect as 1, says CouchDB.
	const limit = Math.max(toCount(query, 'limit') ?? Infinity, 1);
	const { update_seq: head } = await database.pouch.info();
	const since = toStart(query.get('since'), head, database.tag);
	// The first page before the first byte: what fails until then has a status of its own.
	const pages = readPages(database, options, since, limit, head);
	let page = await pages.next();

	const stream = new JsonStream(exchange.response, database.gone, '{"results":[');
	let last = since;
	while (!page.done) {
		for (const { seq, id, changes, deleted, doc } of page.value) {
			last = seq;
			await stream.row({
				seq: toSequence(seq, database.tag),
				id,
				changes,
				...(deleted && { deleted }),
				...(options.include_docs && { doc })
			});
		}
		page = await pages.next();
	}
	const pending = Math.max(0, head - last);
	await stream.end(
		`],"last_seq":${JSON.stringify(toSequence(last, database.tag))},"pending":${pending}}`
	);
	return undefined;
}

async function* readPages(
	database: OpenDatabase,
	options: ReturnType<typeof toOptions>,
	since: number,
	limit: number,
	head: number
): AsyncGenerator<ChangeRow[], void> {
	if (options.descending) {
		// Backwards there is no `since` to go on from; who asks wants the last few.
		yield await readPage(database, {
			...options,
			limit: Number.isFinite(limit) ? limit : undefined
		});
		return;
	}
	let left = limit;
	// Not beyond what was there at first: a busy writer would keep the reader for ever.
	while (left > 0 && since < head) {
		const size = Math.min(left, PAGE);
		const rows = await readPage(database, { ...options, since, limit: size });
		yield rows;
		const last = rows.at(-1);
		if (!last || rows.length < size) return;
		since = last.seq;
		left -= rows.length;
	}
}

/**
 * Alone with the database: PouchDB reads a row's winner after the row, and a write in between may have
 * compacted it away, over which PouchDB ends the process.
 */
function readPage(database: OpenDatabase, options: object): Promise<ChangeRow[]> {
	return database.exclusively(async () => {
		const { results } = await database.pouch.changes({ ...options, return_docs: true });
		return results;
	});
}

function toOptions(query: URLSearchParams) {
	return {
		style: query.get('style') === 'all_docs' ? 'all_docs' : 'main_only',
		include_docs: toFlag(query, 'include_docs'),
		conflicts: toFlag(query, 'conflicts') && toFlag(query, 'include_docs'),
		descending: toFlag(query, 'descending')
	};
}

function refuseUnsupported(query: URLSearchParams): void {
	const feed = query.get('feed') ?? 'normal';
	if (feed !== 'normal') throw toBadRequest(`Unsupported feed: ${feed}`);
	// Unfiltered where a filter was wanted would be a wrong answer.
	for (const name of ['filter', 'view', 'doc_ids', 'selector']) {
		if (query.has(name)) throw toBadRequest(`Unsupported parameter: ${name}`);
	}
}
