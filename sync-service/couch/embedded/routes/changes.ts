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
	let last = options.descending ? head : since;
	let count = 0;
	while (!page.done) {
		for (const { seq, id, changes, deleted, doc } of page.value) {
			last = seq;
			count++;
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
	const before = count < limit ? 0 : last - 1;
	const pending = Math.max(0, options.descending ? before : head - last);
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
		// Backwards begins at the end, as in CouchDB: there is no `since` to go on from.
		yield* readPagesBackwards(database, options, limit, head);
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
 * PouchDB reads backwards only from the very end, and all of it at once. A sequence holds one change at
 * most, so each stretch of `PAGE` sequences is read forwards and turned round.
 */
async function* readPagesBackwards(
	database: OpenDatabase,
	options: ReturnType<typeof toOptions>,
	limit: number,
	head: number
): AsyncGenerator<ChangeRow[], void> {
	let left = limit;
	for (let top = head; left > 0 && top > 0; top -= PAGE) {
		const since = Math.max(0, top - PAGE);
		const page = { ...options, descending: false, since, limit: PAGE };
		const rows = (await readPage(database, page)).filter(({ seq }) => seq <= top);
		yield rows.reverse().slice(0, left);
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
