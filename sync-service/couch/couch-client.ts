import { setTimeout as pauseFor } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import {
	StoreUnavailable,
	type CouchClient,
	type CouchDocument,
	type CouchRequest
} from '#service/couch/client.ts';
import { Breaker, type BreakerLimits } from '#service/couch/breaker.ts';
import { Bulkhead, type BulkheadLimits } from '#service/couch/bulkhead.ts';
import { toRequestIdHeader } from '#service/log/request-id.ts';
import { EMBEDDED_VENDOR } from '#service/couch/embedded/routes/welcome.ts';
import { readAnswer } from '#service/couch/read-answer.ts';
import { isRepeatable, toPause } from '#service/couch/retry.ts';
import {
	type StoreMeter,
	type StoreOutcome,
	toOutcome,
	toQuestion
} from '#service/couch/store-meter.ts';
import type { ResolveStore, StoreAddress } from '#service/couch/store-address.ts';

/** How long the store may take to begin its answer, in milliseconds. */
export const ANSWER_MS = 30_000;

/** How often a credential may be refused and replaced: what ends a token may end its fresh successor too. */
const REFUSALS = 2;

export interface CouchClientOptions {
	resolve: ResolveStore;
	/** How long the store may take to begin its answer, in milliseconds. */
	answerMs?: number;
	breaker?: Partial<BreakerLimits>;
	bulkhead?: Partial<BulkheadLimits>;
}

/** What came of one request, after how many attempts. */
interface Sent {
	response: Response;
	attempts: number;
}

/** The client of whatever store `resolve` finds. A request that was aborted throws the signal's reason. */
export function createCouchClient(options: CouchClientOptions): CouchClient {
	return new FetchCouchClient(options);
}

class FetchCouchClient implements CouchClient {
	readonly #resolve: ResolveStore;
	readonly #answerMs: number;
	readonly #breaker: Breaker;
	readonly #bulkhead: Bulkhead;
	readonly meter: StoreMeter = {
		onAttempt: undefined,
		isOpen: () => this.#breaker.isOpen,
		running: () => this.#bulkhead.running,
		waiting: () => this.#bulkhead.waiting
	};
	#address: Promise<StoreAddress> | undefined;
	/** What `#address` came to. */
	#known: StoreAddress | undefined;
	#epoch: Promise<string> | undefined;

	constructor({ resolve, answerMs = ANSWER_MS, breaker, bulkhead }: CouchClientOptions) {
		this.#resolve = resolve;
		this.#answerMs = answerMs;
		this.#breaker = new Breaker(breaker);
		this.#bulkhead = new Bulkhead(bulkhead);
	}

	async request(method: string, path: string, options: CouchRequest = {}): Promise<Response> {
		return (await this.#send(method, path, options)).response;
	}

	epoch(): Promise<string> {
		const epoch = (this.#epoch ??= this.#readEpoch());
		// A failure is not an answer to keep.
		epoch.catch(() => {
			if (this.#epoch === epoch) this.#epoch = undefined;
		});
		return epoch;
	}

	async find<T extends CouchDocument>(database: string, id: string): Promise<T | undefined> {
		const { response } = await this.#send('GET', toDocumentPath(database, id));
		if (response.status === 404) {
			await requireDatabase(response, database);
			return undefined;
		}
		await requireOk(response, `reading from ${database}`);
		return readAnswer<T>(response);
	}

	async put(database: string, document: CouchDocument): Promise<{ rev: string } | 'conflict'> {
		const { response, attempts } = await this.#send('PUT', toDocumentPath(database, document._id), {
			body: document
		});
		if (response.status === 409) {
			await response.body?.cancel();
			// The first attempt may have been stored, and only its answer lost.
			const stored = attempts > 1 ? await this.find(database, document._id) : undefined;
			return stored?._rev && isSame(stored, document) ? { rev: stored._rev } : 'conflict';
		}
		await requireOk(response, `writing to ${database}`);
		const { rev } = await readAnswer<{ rev: string }>(response);
		return { rev };
	}

	async remove(database: string, id: string, rev: string): Promise<'removed' | 'conflict'> {
		const path = `${toDocumentPath(database, id)}?rev=${encodeURIComponent(rev)}`;
		const { response, attempts } = await this.#send('DELETE', path);
		if (response.status === 404) {
			await requireDatabase(response, database);
			// As with `put`: gone, and perhaps by our own first attempt.
			return attempts > 1 ? 'removed' : 'conflict';
		}
		if (response.status === 409) {
			await response.body?.cancel();
			return 'conflict';
		}
		await requireOk(response, `removing from ${database}`);
		await response.body?.cancel();
		return 'removed';
	}

	async list<T extends CouchDocument>(database: string, prefix: string): Promise<T[]> {
		const query = new URLSearchParams({
			include_docs: 'true',
			startkey: JSON.stringify(prefix),
			endkey: JSON.stringify(`${prefix}\ufff0`)
		});
		const path = `/${encodeURIComponent(database)}/_all_docs?${query}`;
		const { response } = await this.#send('GET', path);
		if (response.status === 404) await requireDatabase(response, database);
		await requireOk(response, `listing ${database}`);
		const { rows } = await readAnswer<{ rows: { doc: T }[] }>(response);
		return rows.map(({ doc }) => doc);
	}

	async #readEpoch(): Promise<string> {
		const { response } = await this.#send('GET', '/');
		await requireOk(response, 'asking for its welcome');
		const { uuid, vendor } = await readAnswer<{
			uuid?: string;
			vendor?: { name?: string };
		}>(response);
		return vendor?.name === EMBEDDED_VENDOR ? (uuid ?? '') : '';
	}

	async #send(method: string, path: string, options: CouchRequest = {}): Promise<Sent> {
		const since = performance.now();
		const body = options.body === undefined ? undefined : JSON.stringify(options.body);
		const mayRepeat = isRepeatable(method, path, options.body);
		let refusals = 0;
		let failure: StoreUnavailable | undefined;
		for (let attempts = 1; ; attempts++) {
			const { signal } = options;
			signal?.throwIfAborted();
			if (!this.#breaker.mayPass()) {
				throw failure ?? new StoreUnavailable('the store is failing and left alone for a moment');
			}
			let retryAfter: string | null = null;
			let isSafe = mayRepeat;
			let address: StoreAddress | undefined;
			try {
				address = await this.#findAddress();
				const authorization = await address.credential.authorization();
				const to = address.url + path;
				const response = await this.#bulkhead.run(() => {
					const attempt = () => this.#fetch(to, method, authorization, body, signal);
					return this.#measure(method, path, attempt, signal);
				}, signal);
				if (isPassing(response.status)) this.#breaker.failed();
				else this.#breaker.succeeded();
				const problem = await findProblem(response);
				if (!problem) return { response, attempts };
				retryAfter = response.headers.get('retry-after');
				await response.body?.cancel();
				failure = new StoreUnavailable(problem);
				if (response.status === 401) {
					address.credential.refused?.(authorization);
					this.#forget(address);
					// Once more with what `resolve` says now, if that is another credential.
					const known = `${address.url} ${authorization}`;
					if (++refusals > REFUSALS) throw failure;
					isSafe = true;
					if (!(await this.#hasChanged(known))) throw failure;
					continue;
				}
				if (response.status === 403 || !isPassing(response.status)) throw failure;
				isSafe ||= response.status === 429;
			} catch (error) {
				signal?.throwIfAborted();
				if (error instanceof StoreUnavailable) throw error;
				this.#breaker.failed();
				this.#forget(address);
				isSafe ||= !address || isNeverSent(error);
				failure = new StoreUnavailable(`the store did not answer: ${describe(error)}`, {
					cause: error
				});
			}
			const pause = isSafe ? toPause(attempts, since, retryAfter) : undefined;
			if (pause === undefined) throw failure;
			await wait(pause, signal);
		}
	}

	/** Tells who listens how long an attempt took and what came of it; one that its asker gave up is none. */
	async #measure(
		method: string,
		path: string,
		attempt: () => Promise<Response>,
		signal: AbortSignal | undefined
	): Promise<Response> {
		const { onAttempt } = this.meter;
		if (onAttempt === undefined) return attempt();
		const since = performance.now();
		const tell = (outcome: StoreOutcome) =>
			onAttempt(toQuestion(method, path), outcome, (performance.now() - since) / 1000);
		try {
			const response = await attempt();
			tell(toOutcome(response.status));
			return response;
		} catch (error) {
			if (signal?.aborted !== true) tell('nothing');
			throw error;
		}
	}

	async #fetch(
		url: string,
		method: string,
		authorization: string,
		body: string | undefined,
		signal: AbortSignal | undefined
	): Promise<Response> {
		// Not `AbortSignal.any`: what it makes outlives the request by far.
		const ending = new AbortController();
		const timer = setTimeout(
			() => ending.abort(new Error(`nothing within ${this.#answerMs} ms`)),
			this.#answerMs
		);
		signal?.addEventListener('abort', () => ending.abort(signal.reason), { once: true });
		if (signal?.aborted) ending.abort(signal.reason);
		try {
			return await fetch(url, {
				method,
				headers: {
					accept: 'application/json',
					...(authorization && { authorization }),
					...toRequestIdHeader(),
					...(body !== undefined && { 'content-type': 'application/json' })
				},
				body: body ?? null,
				redirect: 'error',
				signal: ending.signal
			});
		} finally {
			clearTimeout(timer);
		}
	}

	#findAddress(): Promise<StoreAddress> {
		this.#address ??= this.#resolve().then((address) => (this.#known = address));
		return this.#address;
	}

	/** Asks `resolve` anew, unless another request has seen the same failure before and did. */
	#forget(failed: StoreAddress | undefined): void {
		if (failed !== this.#known) return;
		this.#address = this.#known = this.#epoch = undefined;
	}

	async #hasChanged(known: string): Promise<boolean> {
		const { url, credential } = await this.#findAddress();
		return `${url} ${await credential.authorization()}` !== known;
	}
}

/** A sentence for an answer that the service cannot work with; `undefined` for all others. */
async function findProblem(response: Response): Promise<string | undefined> {
	const { status } = response;
	if (status === 401) return 'the store refused our credential';
	if (status === 429 || status >= 500) return `the store answered ${status}`;
	// CouchDB locks a user out for a while after wrong passwords, with the status of a plain refusal.
	if (status === 403 && /locked/i.test(await response.clone().text())) {
		return 'the store has locked our credential out';
	}
	return undefined;
}

function isPassing(status: number): boolean {
	return status === 429 || [500, 502, 503, 504].includes(status);
}

/** Whether the failure came before the request could reach the store. */
function isNeverSent(error: unknown): boolean {
	const cause = error instanceof Error ? error.cause : undefined;
	const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
	return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'].includes(`${code}`);
}

/** The failure in a few words. `fetch` names host and port at most, never the header. */
function describe(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	return error.cause instanceof Error ? error.cause.message : error.message;
}

async function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
	try {
		await pauseFor(ms, undefined, { signal });
	} catch (error) {
		signal?.throwIfAborted();
		throw error;
	}
}

async function requireOk(response: Response, doing: string): Promise<void> {
	if (response.ok) return;
	await response.body?.cancel();
	throw new StoreUnavailable(`the store answered ${response.status} to ${doing}`);
}

/** Tells a missing document, which is an answer, from a missing database, which is a broken set-up. */
async function requireDatabase(response: Response, database: string): Promise<void> {
	const { reason } = await readAnswer<{ reason?: string }>(response);
	if (/database|no_db_file/i.test(reason ?? '')) {
		throw new StoreUnavailable(`the store has no database ${database}`);
	}
}

function isSame(stored: CouchDocument, sent: CouchDocument): boolean {
	// As JSON has it, and whatever the revision.
	const after = JSON.parse(JSON.stringify(sent)) as CouchDocument;
	return isDeepStrictEqual({ ...stored, _rev: '' }, { ...after, _rev: '' });
}

function toDocumentPath(database: string, id: string): string {
	const path = id.startsWith('_local/')
		? `_local/${encodeURIComponent(id.slice('_local/'.length))}`
		: encodeURIComponent(id);
	return `/${encodeURIComponent(database)}/${path}`;
}
