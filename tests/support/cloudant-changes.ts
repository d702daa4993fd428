import type { Random } from '#tests/prove/random.ts';
import {
	BEGINNING,
	fromCloudantSequence,
	type Places,
	SHARDS,
	toCloudantSequence,
	toNumber
} from '#tests/support/cloudant-sequence.ts';

/** A `_changes` answer of the store behind. */
export interface ChangesAnswer {
	results: { seq: string | number; id: string }[];
	last_seq: string | number;
}

/** How a `_changes` request is answered. */
export interface ChangesQuestion {
	/** What the store behind is asked. */
	inner: URLSearchParams;
	/** Where the reader stands; `undefined`: at the end. */
	from: Places | undefined;
	limit: number;
	isDescending: boolean;
}

export interface ChangesFaults {
	/** Shards take turns in any order, and some changes are told twice. */
	disorder: boolean;
	/** How many of the newest changes the copies that tell of changes lack yet. */
	lag: number;
}

/** @param isRewound the reader is sent back to the beginning. */
export function toChangesQuestion(query: URLSearchParams, isRewound: boolean): ChangesQuestion {
	const inner = new URLSearchParams(query);
	const since = query.get('since');
	const places = isRewound ? BEGINNING : fromCloudantSequence(since ?? '');
	if (places !== undefined) {
		const lowest = places.reduce((a, b) => (toNumber(a) <= toNumber(b) ? a : b));
		if (lowest === null) inner.delete('since');
		else inner.set('since', String(lowest));
	}
	// What is left out of a shard that is further on is not known before the rows are there.
	inner.delete('limit');
	return {
		inner,
		from: since === 'now' ? undefined : (places ?? BEGINNING),
		limit: Math.max(1, Number(query.get('limit') ?? Infinity)),
		isDescending: query.get('descending') === 'true'
	};
}

/**
 * The answer of a database of several shards, which are read at the same time. A row's sequence says where
 * the reader stands in each of them after that row: backwards, the others stand where their reading began.
 */
export function toCloudantChanges(
	said: ChangesAnswer,
	{ from, limit, isDescending }: ChangesQuestion,
	{ disorder, lag }: ChangesFaults,
	random: Random
) {
	const head = isDescending ? (said.results[0]?.seq ?? null) : said.last_seq;
	const known = toNumber(head) - lag;
	const all = (place: Places[number]): Places => BEGINNING.map(() => place);
	const isNews = ({ seq, id }: ChangesAnswer['results'][number]): boolean =>
		toNumber(seq) <= known &&
		(isDescending || toNumber(seq) > toNumber((from ?? all(head))[toShard(id)] ?? null));
	const news = said.results.filter(isNews);
	let places = isDescending ? all(news[0]?.seq ?? null) : (from ?? all(head));
	const results: object[] = [];
	let told = 0;
	for (const row of disorder ? takeTurns(news, random) : news) {
		if (results.length >= limit) break;
		told += 1;
		places = places.map((place, shard) =>
			!disorder || shard === toShard(row.id) ? row.seq : place
		);
		results.push({ ...row, seq: toCloudantSequence(places) });
		const mayRepeat = disorder && news.length > 1 && results.length < limit;
		if (mayRepeat && random.chance(0.1)) results.push(results.at(-1)!);
	}
	const isWhole = told === news.length && lag === 0 && !isDescending;
	const last_seq = toCloudantSequence(isWhole ? all(head) : places);
	return { results, last_seq, pending: news.length - told };
}

/** Rows of the same shard stay in their order. */
function takeTurns<T extends { id: string }>(rows: readonly T[], random: Random): T[] {
	const shards = Array.from({ length: SHARDS }, (_, shard) =>
		rows.filter(({ id }) => toShard(id) === shard)
	);
	const turns = random.shuffle(rows.map(({ id }) => toShard(id)));
	return turns.map((shard) => shards[shard]!.shift()!);
}

function toShard(id: string): number {
	let hash = 0;
	for (let at = 0; at < id.length; at++) hash = (Math.imul(hash, 31) + id.charCodeAt(at)) >>> 0;
	return hash % SHARDS;
}
