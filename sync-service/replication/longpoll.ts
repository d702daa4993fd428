import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Endings } from '#service/accounts/endings.ts';
import { StoreUnavailable } from '#service/couch/client.ts';
import type { Ledger, LedgerStore } from '#service/ledgers/ledger-store.ts';
import { readChangesAnswer, type ChangesAnswer } from '#service/replication/changes-answer.ts';
import type { LongpollWait } from '#service/replication/allowed-requests.ts';
import { toText } from '#service/replication/ask-for-changes.ts';
import type {
	ParkedLongpolls,
	Sequence,
	Sleeper,
	Waking,
	Watch
} from '#service/replication/parked-longpolls.ts';
import { sendJsonBody, sendStoreAnswer } from '#service/replication/store-answers.ts';

export interface LongpollParts {
	ledgers: LedgerStore;
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
	/** Aborts when the client goes away, for as long as it is not parked. */
	gone: AbortSignal;
}

/**
 * Answers a longpoll: with what is there, or, after parking it in memory, with what comes. The store
 * never holds a longpoll.
 *
 * @returns once it is answered or parked: what follows is the concern of nobody who waits here, so that
 * a parked longpoll holds no more than it needs.
 * @throws {StoreUnavailable} before anything was answered
 */
export async function answerLongpoll(
	parts: LongpollParts,
	longpoll: Longpoll
): Promise<'answered' | 'parked'> {
	const { ledger, sessionKey, reply, gone } = longpoll;
	const place = { client: ledger.placement.client, database: ledger.database };
	const watch = parts.parked.watch(ledger.id, place, { sessionKey, accountId: ledger.accountId });
	let parked = false;
	try {
		watch.beginRead();
		const first = await answerWithWhatIsThere(longpoll);
		if (first === undefined) return 'answered';
		if (gone.aborted) return 'answered';
		startAnswer(reply);
		const waiting = new WaitingLongpoll(parts, longpoll, watch, first.lastSeq);
		parked = true;
		// Signed out between the check of the request and now: nobody was there to be told.
		if (parts.endings.hasEnded(sessionKey)) watch.end('session-ended');
		watch.park(waiting);
		return 'parked';
	} finally {
		if (!parked) watch.close();
	}
}

/**
 * The first look. In a function of its own, so that nothing of the store's answer is held while a
 * longpoll is parked.
 *
 * @returns where an empty look ended; `undefined` when the client was answered
 */
async function answerWithWhatIsThere(
	longpoll: Longpoll
): Promise<{ lastSeq: Sequence } | undefined> {
	const response = await askChanges(longpoll, longpoll.wait.since);
	if (!response.ok) {
		await sendStoreAnswer(longpoll.reply, response);
		return undefined;
	}
	const first = await readChangesAnswer(response);
	if (first.empty) return { lastSeq: first.lastSeq };
	sendJsonBody(longpoll.reply, 200, first.body);
	return undefined;
}

/** Sends the headers. */
function startAnswer(reply: FastifyReply): void {
	const { raw } = reply;
	reply.hijack();
	reply.header('content-type', 'application/json');
	// Fastify's headers, which a hijacked answer would not get. Handed over in one go: the answer would
	// keep each that is set on it.
	raw.writeHead(200, reply.getHeaders() as OutgoingHttpHeaders);
	raw.flushHeaders();
}

/** A longpoll whose headers have been sent. */
class WaitingLongpoll implements Sleeper {
	since: Sequence;
	asOf = 0;
	readonly deadline: number;
	nextBeat: number;
	readonly #parts: LongpollParts;
	readonly #watch: Watch;
	readonly #raw: ServerResponse;
	readonly #request: FastifyRequest;
	readonly #ledger: Ledger;
	readonly #query: string;
	readonly #beatMs: number;

	constructor(parts: LongpollParts, longpoll: Longpoll, watch: Watch, since: Sequence) {
		const { reply, request, ledger, query, wait } = longpoll;
		this.#parts = parts;
		this.#watch = watch;
		this.#raw = reply.raw;
		this.#request = request;
		this.#ledger = ledger;
		this.#query = query;
		this.#beatMs = wait.heartbeatMs ?? Infinity;
		this.since = since;
		this.deadline = Date.now() + wait.timeoutMs;
		this.nextBeat = Date.now() + this.#beatMs;
		reply.raw.once('close', () => watch.end('gone'));
		forgetWhatItSaid(request);
	}

	beat(): void {
		this.#raw.write('\n');
		this.nextBeat = Date.now() + this.#beatMs;
	}

	wake(waking: Waking): void {
		if (waking === 'written') {
			this.#readAgain().catch((error: unknown) => {
				this.#request.log.error({ err: error }, 'a longpoll broke off');
				this.#watch.close();
				this.#raw.destroy();
			});
			return;
		}
		this.#watch.close();
		if (waking === 'gone') this.#request.server.tellGone(this.#request);
		else this.#raw.end(toEmpty(this.since));
	}

	async #readAgain(): Promise<void> {
		this.#watch.beginRead();
		const gone = new AbortController();
		const leave = () => gone.abort();
		this.#raw.once('close', leave);
		const answer = await this.#askAgain(gone.signal);
		if (answer === 'over' || answer === 'moved' || answer === 'unread' || answer.empty) {
			this.#raw.off('close', leave);
			if (answer === 'unread') return this.#watch.parkUnread(this);
			if (answer === 'over') this.#watch.end('session-ended');
			else if (answer === 'moved') this.#watch.end('moved');
			else this.since = answer.lastSeq;
			this.#watch.park(this);
			return;
		}
		this.#watch.close();
		// A break here has cut the connection: the client asks again from where it was.
		await pipeline(answer.body, this.#raw).catch(() => {});
	}

	/**
	 * After the headers there is no status to fail with: `'unread'` says that the store could not tell, `'over'` that
	 * whoever asks may not any more, `'moved'` that the ledger is elsewhere: asking again, one begins anew there.
	 */
	async #askAgain(gone: AbortSignal): Promise<ChangesAnswer | 'unread' | 'over' | 'moved'> {
		try {
			// It may have ended in another process, which cannot tell this one.
			if (!(await this.#request.isStillIdentified())) return 'over';
			const { id, database } = this.#ledger;
			const now = await this.#parts.ledgers.find(id);
			if (now?.database !== database) return 'moved';
			const asked = { ledger: this.#ledger, query: this.#query, gone };
			const response = await askChanges(asked, toText(this.since));
			if (response.ok) return await readChangesAnswer(response);
			await response.body?.cancel();
			if (response.status !== 404) return 'unread';
			this.#parts.ledgers.forget(id);
			return 'moved';
		} catch (error) {
			if (error instanceof StoreUnavailable || gone.aborted) return 'unread';
			throw error;
		}
	}
}

function askChanges(
	{ ledger, query, gone }: Pick<Longpoll, 'ledger' | 'query' | 'gone'>,
	since: string | undefined
): Promise<Response> {
	const from = since === undefined ? '' : `&since=${encodeURIComponent(since)}`;
	const { client } = ledger.placement;
	return client.request('GET', `/${ledger.database}/_changes${query}${from}`, { signal: gone });
}

const NOTHING = Object.freeze({});
const NO_HEADERS = Object.freeze([]) as unknown as string[];

/** What a browser says of itself is a kilobyte or two, read or not, which nobody needs while it waits. */
function forgetWhatItSaid(request: FastifyRequest): void {
	request.raw.headers = request.cookies = NOTHING;
	request.raw.rawHeaders = NO_HEADERS;
	request.query = request.params = NOTHING;
}

function toEmpty(since: Sequence): string {
	return JSON.stringify({ results: [], last_seq: since, pending: 0 });
}
