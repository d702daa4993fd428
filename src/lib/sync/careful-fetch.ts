import { HEARTBEAT_MIN_MS, INCARNATION_HEADER } from '#contract/replication.ts';

export type Fetch = (url: string | Request, init?: RequestInit) => Promise<Response>;

/** What the replicator wants to know of every answer. */
export interface AnswerWatch {
	/** Called with the incarnation of the ledger that an answer names. */
	onincarnation(incarnation: string): void;
	/** Called with the id of a document that is too large for the service even alone. */
	onrefused(id: string): void;
}

/** Statuses that pass by themselves. */
const PASSING = new Set([429, 502, 503, 504]);
const RETRIES = 3;
/** The longest wait between two tries, in milliseconds. */
const RETRY_LIMIT_MS = 20_000;
/** A longpoll that is silent for this long is dead, in milliseconds: two heartbeats and a half. */
const SILENCE_MS = 2.5 * HEARTBEAT_MIN_MS;

/**
 * The `fetch` that replication uses. It hides from PouchDB what PouchDB would mistake:
 *
 * - 429 and passing 5xx are tried again here, after `Retry-After`: one 503 on `_bulk_get` would make
 *   PouchDB ask for every document on its own for the life of the page;
 * - an error that is not JSON (a proxy's page) becomes one;
 * - a `_bulk_docs` that is too large (413) is halved down to the single document that is;
 * - a longpoll that falls silent is ended, so that it is opened again;
 * - asking for the ledger's own figures never fails: PouchDB does that on the side, where nobody catches it.
 */
export function carefulFetch(fetch: Fetch, watch: AnswerWatch): Fetch {
	return async function send(url, init) {
		const address = typeof url === 'string' ? url : url.url;
		let response: Response;
		try {
			response = isLongpoll(address)
				? await sendWatched(fetch, url, init)
				: await sendPatiently(fetch, url, init);
		} catch (error) {
			if (!isLedgerInfo(address)) throw error;
			return Response.json({ error: 'unreachable', reason: String(error) }, { status: 503 });
		}
		const incarnation = response.headers.get(INCARNATION_HEADER);
		if (incarnation !== null) watch.onincarnation(incarnation);
		if (response.status === 413 && /\/_bulk_docs$/.test(address)) {
			return await sendHalves(send, address, init, response, watch);
		}
		return response.ok ? response : await toJsonError(response);
	};
}

function isLongpoll(address: string): boolean {
	return /[?&]feed=longpoll(&|$)/.test(address);
}

function isLedgerInfo(address: string): boolean {
	return /\/sync\/[^/]+\/?$/.test(address);
}

async function sendPatiently(
	fetch: Fetch,
	url: string | Request,
	init: RequestInit | undefined
): Promise<Response> {
	for (let tried = 0; ; tried++) {
		const response = await fetch(url, init);
		if (!PASSING.has(response.status) || tried === RETRIES) return response;
		await response.body?.cancel();
		await wait(retryDelay(response, tried), init?.signal ?? undefined);
	}
}

/** How long to wait before the next try, in milliseconds, with jitter: a thousand devices must not return at once. */
function retryDelay(response: Response, tried: number): number {
	const asked = Number(response.headers.get('retry-after'));
	const least = Number.isFinite(asked) && asked > 0 ? asked * 1000 : 250 * 2 ** tried;
	return Math.min(RETRY_LIMIT_MS, least * (1 + Math.random() / 2));
}

function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(resolve, ms);
		signal?.addEventListener('abort', () => {
			clearTimeout(timer);
			reject(signal.reason as Error);
		});
	});
}

/** A longpoll whose connection is cut when no heartbeat arrives. */
async function sendWatched(
	fetch: Fetch,
	url: string | Request,
	init: RequestInit | undefined
): Promise<Response> {
	const silence = new AbortController();
	const signal = init?.signal ? AbortSignal.any([init.signal, silence.signal]) : silence.signal;
	let timer: ReturnType<typeof setTimeout> | undefined;
	const heard = (): void => {
		clearTimeout(timer);
		timer = setTimeout(() => silence.abort(new TypeError('The longpoll fell silent')), SILENCE_MS);
	};
	heard();
	try {
		const response = await fetch(url, { ...init, signal });
		if (!response.body) return response;
		heard();
		const watched = response.body.pipeThrough(
			new TransformStream<Uint8Array, Uint8Array>({
				transform(chunk, controller) {
					heard();
					controller.enqueue(chunk);
				}
			})
		);
		const text = await new Response(watched).text();
		return new Response(text, response);
	} finally {
		clearTimeout(timer);
	}
}

interface BulkDocs {
	docs: { _id: string }[];
	new_edits?: boolean;
}

/**
 * Sends a batch that was too large in two halves. A single document that is too large even alone must not
 * hold up all behind it: PouchDB is told that the write went well, the watch that it did not.
 */
async function sendHalves(
	send: Fetch,
	url: string,
	init: RequestInit | undefined,
	refusal: Response,
	watch: AnswerWatch
): Promise<Response> {
	const body = typeof init?.body === 'string' ? (JSON.parse(init.body) as BulkDocs) : { docs: [] };
	const [first, ...more] = body.docs;
	if (!first) return toJsonError(refusal);
	await refusal.body?.cancel();
	if (more.length === 0) {
		watch.onrefused(first._id);
		return Response.json([], { status: 201 });
	}
	const middle = Math.ceil(body.docs.length / 2);
	const results: unknown[] = [];
	for (const docs of [body.docs.slice(0, middle), body.docs.slice(middle)]) {
		const half = await send(url, { ...init, body: JSON.stringify({ ...body, docs }) });
		if (!half.ok) return half;
		results.push(...((await half.json()) as unknown[]));
	}
	return Response.json(results, { status: 201 });
}

/** The same status with a JSON body; what JSON said stays as it is. */
async function toJsonError(response: Response): Promise<Response> {
	const text = await response.text();
	const { status, statusText } = response;
	const headers = { 'content-type': 'application/json' };
	try {
		JSON.parse(text);
		return new Response(text, { status, statusText, headers });
	} catch {
		// Somebody between us and the service answered with a page of their own.
		const problem = { error: 'not-json', reason: `The answer ${status} was not JSON` };
		return new Response(JSON.stringify(problem), { status, statusText, headers });
	}
}
