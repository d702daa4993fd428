import { Readable } from 'node:stream';
import { StoreUnavailable } from '#service/couch/client.ts';
import type { Sequence } from '#service/replication/parked-longpolls.ts';
import { requireJson, toStream } from '#service/replication/store-answers.ts';

/** Bytes an answer without results stays below: Cloudant's sequences reach a few thousand. */
const EMPTY_MOST_BYTES = 32 * 1024;

/** A `_changes` answer: nothing new and where that leaves us, or results to stream on. */
export type ChangesAnswer = { empty: true; lastSeq: Sequence } | { empty: false; body: Readable };

/**
 * Reads only as much of a `_changes` answer as it takes to know whether it holds results.
 *
 * @throws {StoreUnavailable} when the store broke off or did not send JSON
 */
export async function readChangesAnswer(answer: Response): Promise<ChangesAnswer> {
	const stream = toStream(requireJson(answer));
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	const iterator = stream.iterator({ destroyOnReturn: false });
	for (;;) {
		const next = await readNext(iterator);
		if (next === undefined) break;
		chunks.push(next);
		bytes += next.length;
		if (bytes > EMPTY_MOST_BYTES)
			return { empty: false, body: Readable.from(resume(chunks, iterator)) };
	}
	const { results, last_seq: lastSeq } = parse(Buffer.concat(chunks).toString());
	if (results.length === 0) return { empty: true, lastSeq };
	return { empty: false, body: Readable.from(chunks) };
}

async function readNext(iterator: AsyncIterator<unknown>): Promise<Uint8Array | undefined> {
	try {
		const { done, value } = await iterator.next();
		return done === true ? undefined : (value as Uint8Array);
	} catch (error) {
		throw new StoreUnavailable('The store broke off its answer.', { cause: error });
	}
}

async function* resume(
	chunks: Uint8Array[],
	iterator: AsyncIterator<unknown>
): AsyncGenerator<Uint8Array> {
	yield* chunks;
	for (let next = await readNext(iterator); next !== undefined; next = await readNext(iterator)) {
		yield next;
	}
}

function parse(text: string): { results: unknown[]; last_seq: Sequence } {
	try {
		const { results, last_seq } = JSON.parse(text) as { results: unknown; last_seq: Sequence };
		if (Array.isArray(results)) return { results, last_seq };
	} catch (error) {
		throw new StoreUnavailable('The store sent half an answer.', { cause: error });
	}
	throw new StoreUnavailable('The store sent changes without results.');
}
