import type { CloudSequence } from '#lib/storage/first-pull-note.ts';
import type { Fetch } from './careful-fetch.ts';
import { ChangesRows, type ChangeRow } from './changes-rows.ts';
import { toError } from './ending.ts';

/** An answer that is silent for this long is dead, in milliseconds. */
const SILENCE_MS = 25_000;

export interface ChangesQuery {
	/** From where; absent: from the beginning. Not with `newestFirst`: stores then always begin at the end. */
	since?: CloudSequence;
	newestFirst?: boolean;
	withDocuments?: boolean;
	/** The most rows; absent: all there are. */
	limit?: number;
}

/**
 * Reads the ledger's changes as they come in, piece by piece, each leaf of each document named. No more is
 * read than is asked for; who leaves early ends the answer.
 *
 * @throws when the answer is none, falls silent or breaks off.
 */
export async function* readChanges(
	ledgerUrl: string,
	fetch: Fetch,
	query: ChangesQuery
): AsyncGenerator<ChangeRow[], void> {
	const response = await fetch(`${ledgerUrl}/_changes?${toQuery(query)}`);
	if (!response.ok || !response.body) throw toError('_changes', response);
	const reader = response.body.getReader();
	const decoder = new TextDecoder();
	const rows = new ChangesRows();
	try {
		for (;;) {
			const { done, value } = await unlessSilent(reader.read());
			if (done) break;
			const complete = rows.take(decoder.decode(value, { stream: true }));
			if (complete.length > 0) yield complete;
		}
		rows.finish();
	} finally {
		// Of an answer that has ended this is nothing; one that broke has nobody to tell.
		await reader.cancel().catch(() => {});
	}
}

function toQuery({ since, newestFirst, withDocuments, limit }: ChangesQuery): string {
	const query = new URLSearchParams({ style: 'all_docs' });
	if (newestFirst) query.set('descending', 'true');
	if (withDocuments) query.set('include_docs', 'true');
	if (limit !== undefined) query.set('limit', String(limit));
	if (since !== undefined) query.set('since', toText(since));
	return query.toString();
}

function toText(since: CloudSequence): string {
	return typeof since === 'string' ? since : JSON.stringify(since);
}

async function unlessSilent<T>(read: Promise<T>): Promise<T> {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const silence = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new TypeError('The changes fell silent')), SILENCE_MS);
	});
	try {
		return await Promise.race([read, silence]);
	} finally {
		clearTimeout(timer);
	}
}
