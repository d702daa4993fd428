import { pipeline } from 'node:stream/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Endings } from '#service/accounts/endings.ts';
import { type CouchClient, StoreUnavailable } from '#service/couch/client.ts';
import type { Ledger } from '#service/ledgers/ledger-store.ts';
import { readChangesAnswer, type ChangesAnswer } from '#service/replication/changes-answer.ts';
import type { LongpollWait } from '#service/replication/allowed-requests.ts';
import type {
	LookForChanges,
	ParkedLongpolls,
	Sequence
} from '#service/replication/parked-longpolls.ts';
import { sendJsonBody, sendStoreAnswer } from '#service/replication/store-answers.ts';

/** Milliseconds a look for changes made elsewhere may take. */
const LOOK_MS = 10_000;

export interface LongpollParts {
	client: CouchClient;
	endings: Endings;
	parked: ParkedLongpolls;
}

export interface Longpoll {
	request: FastifyRequest;
	reply: FastifyReply;
	ledger: Ledger;
	sessionKey: string;
	/** The normal `_changes` query without `since`. */
	query: string;
	wait: LongpollWait;
	/** Aborts when the client goes away. */
	gone: AbortSignal;
}

/**
 * Answers a longpoll: with what is there, or, after parking it in memory, with what comes. The store
 * never holds a longpoll.
 *
 * @throws {StoreUnavailable} before anything was answered
 */
export async function answerLongpoll(parts: LongpollParts, longpoll: Longpoll): Promise<void> {
	const { ledger, sessionKey, gone, wait } = longpoll;
	const deadline = Date.now() + wait.timeoutMs;
	const watch = parts.parked.watch(ledger.id, sessionKey, gone, ledger.accountId);
	try {
		watch.beginRead();
		const first = await answerWithWhatIsThere(parts.client, longpoll);
		if (first === undefined) return;

		const finish = startAnswer(longpoll);
		let since: Sequence = first.lastSeq;
		// Signed out between the check of the request and now: nobody was there to be told.
		if (parts.endings.hasEnded(sessionKey)) return await finish(toEmpty(since));
		const lookForChanges = makeLook(parts.client, ledger);
		while ((await watch.wait({ since, deadline, lookForChanges })) === 'written') {
			watch.beginRead();
			const answer = await readAgain(parts, longpoll, since);
			if (!answer.empty) return await finish(answer.body);
			since = answer.lastSeq;
		}
		if (!gone.aborted) await finish(toEmpty(since));
	} finally {
		watch.close();
	}
}

/**
 * The first look. In a function of its own, so that nothing of the store's answer is held while a
 * longpoll is parked.
 *
 * @returns where an empty look ended; `undefined` when the client was answered
 */
async function answerWithWhatIsThere(
	client: CouchClient,
	longpoll: Longpoll
): Promise<{ lastSeq: Sequence } | undefined> {
	const response = await askChanges(client, longpoll, longpoll.wait.since);
	if (!response.ok) {
		await sendStoreAnswer(longpoll.reply, response);
		return undefined;
	}
	const first = await readChangesAnswer(response);
	if (first.empty) return { lastSeq: first.lastSeq };
	sendJsonBody(longpoll.reply, 200, first.body);
	return undefined;
}

/** Sends the headers and signs of life; what it returns ends the answer. */
function startAnswer({ reply, wait }: Longpoll): (body: ChangesBody) => Promise<void> {
	const { raw } = reply;
	reply.hijack();
	reply.header('content-type', 'application/json');
	// Fastify's headers, which a hijacked answer would not get.
	for (const [name, value] of Object.entries(reply.getHeaders())) {
		if (value !== undefined) raw.setHeader(name, value);
	}
	raw.writeHead(200);
	raw.flushHeaders();
	const beat =
		wait.heartbeatMs === undefined
			? undefined
			: setInterval(() => raw.write('\n'), wait.heartbeatMs).unref();
	raw.once('close', () => clearInterval(beat));
	return async (body) => {
		clearInterval(beat);
		if (typeof body === 'string') {
			raw.end(body);
			return;
		}
		// A break here has cut the connection: the client asks again from where it was.
		await pipeline(body, raw).catch(() => {});
	};
}

type ChangesBody = string | (ChangesAnswer & { empty: false })['body'];

/** After the headers there is no status to fail with: then nothing is new, and the client asks again. */
async function readAgain(
	{ client }: LongpollParts,
	longpoll: Longpoll,
	since: Sequence
): Promise<ChangesAnswer> {
	const unchanged = { empty: true, lastSeq: since } as const;
	try {
		// It may have ended in another process, which cannot tell this one.
		if (!(await longpoll.request.isStillIdentified())) return unchanged;
		const response = await askChanges(client, longpoll, toText(since));
		return response.ok ? await readChangesAnswer(response) : unchanged;
	} catch (error) {
		if (error instanceof StoreUnavailable || longpoll.gone.aborted) return unchanged;
		throw error;
	}
}

function askChanges(
	client: CouchClient,
	{ ledger, query, gone }: Pick<Longpoll, 'ledger' | 'query' | 'gone'>,
	since: string | undefined
): Promise<Response> {
	const from = since === undefined ? '' : `&since=${encodeURIComponent(since)}`;
	return client.request('GET', `/${ledger.database}/_changes${query}${from}`, { signal: gone });
}

function makeLook(client: CouchClient, ledger: Ledger): LookForChanges {
	return async (since) => {
		try {
			const response = await askChanges(
				client,
				{ ledger, query: '?feed=normal&limit=1', gone: AbortSignal.timeout(LOOK_MS) },
				toText(since)
			);
			if (!response.ok) return 'unknown';
			const answer = await readChangesAnswer(response);
			if (!answer.empty) return { changed: true, lastSeq: since };
			return { changed: false, lastSeq: answer.lastSeq };
		} catch {
			// Whatever it was, the next look tells; until then the longpolls stay parked.
			return 'unknown';
		}
	};
}

/** A sequence as a query takes it. */
function toText(sequence: Sequence): string {
	return typeof sequence === 'string' ? sequence : JSON.stringify(sequence);
}

function toEmpty(since: Sequence): string {
	return JSON.stringify({ results: [], last_seq: since, pending: 0 });
}
