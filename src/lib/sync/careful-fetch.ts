import { INCARNATION_HEADER } from '#contract/replication.ts';
import { NOT_JSON, toEnding, type Ending } from './ending.ts';
import { sendBatch } from './send-batch.ts';
import { withWatchdog } from './watchdog.ts';

export type Fetch = (url: string | Request, init?: RequestInit) => Promise<Response>;

/** What the replicator wants to know of every answer. */
export interface AnswerWatch {
	/** Called with every sign of life. */
	onheard(): void;
	/** Called with the incarnation of the ledger that an answer names. */
	onincarnation(incarnation: string): void;
	/** Called when an answer says that the connection cannot go on, and why. */
	onending(ending: Ending): void;
}

/** Statuses that pass by themselves. */
const PASSING = new Set([429, 502, 503, 504]);
const RETRIES = 3;
/** The longest wait between two tries, in milliseconds. */
const RETRY_LIMIT_MS = 20_000;

/**
 * The `fetch` that sync uses:
 *
 * - 429 and passing 5xx are tried again, after `Retry-After`;
 * - an error that is not JSON (a proxy's page) becomes one;
 * - a connection that falls silent is cut;
 * - `_bulk_docs` succeeds with one row for each document that the cloud did not take (see `send-batch.ts`).
 */
export function carefulFetch(fetch: Fetch, watch: AnswerWatch): Fetch {
	const watched = withWatchdog(fetch, () => watch.onheard());

	async function send(url: string | Request, init?: RequestInit): Promise<Response> {
		const response = await sendPatiently(watched, url, init);
		const incarnation = response.headers.get(INCARNATION_HEADER);
		if (incarnation !== null) watch.onincarnation(incarnation);
		if (response.ok) return response;
		const { text, error } = await readError(response);
		const ending = toEnding(response.status, error);
		if (ending !== 'failed') watch.onending(ending);
		const { status, statusText } = response;
		return new Response(text, {
			status,
			statusText,
			headers: { 'content-type': 'application/json' }
		});
	}

	return (url, init) => {
		const address = typeof url === 'string' ? url : url.url;
		return /\/_bulk_docs$/.test(address) ? sendBatch(send, address, init) : send(url, init);
	};
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

/** The body of an error as JSON, and the code in it; what JSON said stays as it is. */
async function readError(response: Response): Promise<{ text: string; error: unknown }> {
	const text = await response.text();
	try {
		const { error } = JSON.parse(text) as { error?: unknown };
		return { text, error };
	} catch {
		// Somebody between us and the service answered with a page of their own.
		const reason = `The answer ${response.status} was not JSON`;
		return { text: JSON.stringify({ error: NOT_JSON, reason }), error: NOT_JSON };
	}
}
