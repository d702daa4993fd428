import type { OpenDatabase } from '#service/couch/embedded/databases.ts';
import type { Exchange } from '#service/couch/embedded/exchange.ts';
import { readJson, requireObject } from '#service/couch/embedded/json-body.ts';
import { JsonStream } from '#service/couch/embedded/json-stream.ts';
import type { DocumentRow, Pouch } from '#service/couch/embedded/pouch.ts';
import { toBadRequest } from '#service/couch/embedded/protocol-error.ts';
import { toCount, toFlag, toJson, toParseError } from '#service/couch/embedded/query.ts';

/** How many documents are read from the database at a time. */
const PAGE = 500;

/** Above every id: PouchDB's own end stops short of ids that begin with an astral character. */
const LAST_ID = '\u{10ffff}'.repeat(4);

type Row = DocumentRow | { key: unknown; error: string };

interface Range {
	/** The lower bound, inclusive. */
	low: string;
	/** The upper bound, inclusive. */
	high: string;
	/** The bound that is not in it, of `inclusive_end=false`. */
	without: string | undefined;
	descending: boolean;
	skip: number;
	limit: number;
}

/** `GET` and `POST /:db/_all_docs` */
export async function streamDocuments(
	exchange: Exchange,
	{ pouch, gone }: OpenDatabase
): Promise<undefined> {
	const { query } = exchange;
	const body = exchange.method === 'POST' ? await readJson(exchange.request) : undefined;
	const keys = requireKeys(
		body === undefined
			? toJson(query, 'keys')
			: requireObject(body, 'Request body must be a JSON object').keys
	);
	const options = {
		include_docs: toFlag(query, 'include_docs'),
		conflicts: toFlag(query, 'conflicts')
	};
	const range = toRange(query);
	const pages = keys
		? readKeys(pouch, keys.slice(range.skip, range.skip + range.limit), options)
		: readRange(pouch, range, options);
	const { doc_count: total } = await pouch.info();
	let page = await pages.next();

	const offset = keys ? 'null' : range.skip;
	const stream = new JsonStream(
		exchange.response,
		gone,
		`{"total_rows":${total},"offset":${offset},"rows":[`
	);
	while (!page.done) {
		for (const row of page.value) await stream.row(row);
		page = await pages.next();
	}
	await stream.end(']}');
	return undefined;
}

async function* readRange(
	pouch: Pouch,
	range: Range,
	options: object
): AsyncGenerator<Row[], void> {
	let { low, high, skip, limit } = range;
	// No id is empty, and PouchDB takes an empty bound for none.
	while (limit > 0 && high !== '' && low <= high) {
		const size = Math.min(limit, PAGE);
		const { rows } = await pouch.allDocs({
			...options,
			startkey: range.descending ? high : low,
			endkey: range.descending ? low : high,
			descending: range.descending,
			skip,
			limit: size
		});
		yield rows.filter(({ id }) => id !== range.without);
		const last = rows.at(-1);
		if (rows.length < size || !last) return;
		limit -= size;
		// On from the last row, without it.
		skip = 1;
		if (range.descending) high = last.id;
		else low = last.id;
	}
}

async function* readKeys(
	pouch: Pouch,
	keys: unknown[],
	options: object
): AsyncGenerator<Row[], void> {
	for (let at = 0; at < keys.length; at += PAGE) {
		const page = keys.slice(at, at + PAGE);
		// PouchDB takes an empty key for none, and would answer with every document.
		const ids = page.filter((key) => typeof key === 'string' && key !== '');
		const { rows } = await pouch.allDocs({ ...options, keys: ids });
		const found = rows.values();
		yield page.map((key): Row => {
			const row = typeof key === 'string' && key !== '' ? found.next().value : undefined;
			return row ?? { key, error: 'not_found' };
		});
	}
}

function toRange(query: URLSearchParams): Range {
	const descending = toFlag(query, 'descending');
	const key = toBound(query, 'key');
	const start = key ?? toBound(query, 'startkey') ?? toBound(query, 'start_key');
	const end = key ?? toBound(query, 'endkey') ?? toBound(query, 'end_key');
	const [low, high] = descending ? [end, start] : [start, end];
	return {
		low: low ?? '',
		high: high ?? LAST_ID,
		without: toFlag(query, 'inclusive_end', true) ? undefined : end,
		descending,
		skip: toCount(query, 'skip') ?? 0,
		limit: toCount(query, 'limit') ?? Infinity
	};
}

function toBound(query: URLSearchParams, name: string): string | undefined {
	const value = toJson(query, name);
	if (value === undefined || typeof value === 'string') return value;
	throw toParseError(`\`${name}\` must be a JSON string`);
}

function requireKeys(value: unknown): unknown[] | undefined {
	if (value === undefined || Array.isArray(value)) return value;
	throw toBadRequest('`keys` must be an array.');
}
