import { createRequire } from 'node:module';
import { setTimeout as pauseFor } from 'node:timers/promises';
import { StoreUnavailable } from '#service/couch/client.ts';
import { toPause } from '#service/couch/retry.ts';
import { toRequestIdHeader } from '#service/log/request-id.ts';
import type { StoreAddress } from '#service/couch/store-address.ts';

/** What a new database came to: `'full'` when the store takes no more of them. */
export type Creation = { ok: true } | { ok: false; problem: 'full' };

/** The part of `@cloudant/cloudant` that is used here; its own types need packages we do not have. */
interface CloudantAccount {
	request(options: {
		db?: string;
		path?: string;
		method: string;
		headers: Record<string, string>;
		body?: object;
	}): Promise<unknown>;
}

type CloudantConstructor = (options: {
	url: string;
	plugins: never[];
	requestDefaults: object;
}) => CloudantAccount;

/** How long the store may take to answer, in milliseconds: a first database takes CouchDB a while. */
const ANSWER_MS = 30_000;

/** How often a credential may be refused and replaced: what ends a token may end its fresh successor too. */
const REFUSALS = 2;

/** At the cap of databases, out of money, and out of disk. */
const FULL = new Set([402, 403, 507]);

const NOBODY_BUT_US = {
	admins: { names: [], roles: ['_admin'] },
	members: { names: [], roles: ['_admin'] }
};

/**
 * Makes a database that only the service's own credential may use. Making one that is there already is
 * fine: a sign-up that broke off is simply repeated.
 *
 * @throws {StoreUnavailable} when the store did not answer or refused for another reason.
 */
export async function createDatabase(address: StoreAddress, name: string): Promise<Creation> {
	const account = await open(address);
	const created = await account('PUT', { db: name });
	if (FULL.has(created.status) && !isRefusal(created)) return { ok: false, problem: 'full' };
	if (created.status >= 300 && created.status !== 412) throw toUnavailable(created, 'create');
	const welcome = await account('GET', { path: '' });
	if (welcome.status >= 300) throw toUnavailable(welcome, 'create');
	// A Cloudant database is its account's from the start, and keeps its grants in another form.
	if (isCloudant(welcome.body)) return { ok: true };
	// Not `set_security`: it uses a path that only Cloudant has.
	const secured = await account('PUT', { db: name, path: '_security', body: NOBODY_BUT_US });
	if (secured.status >= 300) throw toUnavailable(secured, 'protect');
	return { ok: true };
}

/**
 * Removes a database and all in it. That there is none is fine.
 *
 * @throws {StoreUnavailable} when the store did not answer or refused.
 */
export async function destroyDatabase(address: StoreAddress, name: string): Promise<void> {
	const account = await open(address);
	const destroyed = await account('DELETE', { db: name });
	if (destroyed.status >= 300 && destroyed.status !== 404) {
		throw toUnavailable(destroyed, 'destroy');
	}
}

interface Outcome {
	status: number;
	reason: string;
	retryAfter: string | null;
	body: unknown;
}

interface AccountRequest {
	db?: string;
	path?: string;
	body?: object;
}

type Account = (method: string, request: AccountRequest) => Promise<Outcome>;

let load: CloudantConstructor | undefined;

/** The library for one store. Loaded when first needed: it takes longer than all the rest of the service. */
async function open({ url, credential }: StoreAddress): Promise<Account> {
	load ??= createRequire(import.meta.url)('@cloudant/cloudant') as CloudantConstructor;
	// Without plugins: the credential is ours to give, and the same for every kind of store.
	const account = load({
		url,
		plugins: [],
		// No agent that keeps connections: databases are rare, and a waiting socket keeps a process up.
		requestDefaults: { agent: false, timeout: ANSWER_MS, gzip: true, jar: false }
	});
	const ask = async (method: string, request: AccountRequest, authorization: string) => {
		const headers: Record<string, string> = {
			...(authorization && { authorization }),
			...toRequestIdHeader()
		};
		try {
			const body = await account.request({ ...request, method, headers });
			return { status: 200, reason: '', retryAfter: null, body };
		} catch (error) {
			return toOutcome(error);
		}
	};
	return async (method, request) => {
		const since = performance.now();
		let refusals = 0;
		for (let attempts = 1; ; attempts++) {
			const authorization = await credential.authorization();
			const outcome = await ask(method, request, authorization);
			if (outcome.status === 401 && credential.refused && ++refusals <= REFUSALS) {
				credential.refused(authorization);
				continue;
			}
			if (!isPassing(outcome.status)) return outcome;
			// All that is asked here may be asked twice.
			const pause = toPause(attempts, since, outcome.retryAfter);
			if (pause === undefined) return outcome;
			await pauseFor(pause);
		}
	};
}

/** Also 500: of two who remove a database at the same moment CouchDB tells it to one. */
function isPassing(status: number): boolean {
	return [429, 500, 502, 503, 504].includes(status);
}

function toOutcome(error: unknown): Outcome {
	const { statusCode, reason, message, headers } = error as {
		statusCode?: number;
		reason?: string;
		message?: string;
		headers?: Record<string, string>;
	};
	if (statusCode) {
		const retryAfter = headers?.['retry-after'] ?? null;
		return { status: statusCode, reason: reason ?? '', retryAfter, body: undefined };
	}
	// Not the error itself as a cause: it carries the request, and with it the credential.
	throw new StoreUnavailable(`the store did not answer: ${message}`);
}

function isCloudant(welcome: unknown): boolean {
	const { vendor } = (welcome ?? {}) as { vendor?: { name?: string } };
	return /cloudant/i.test(vendor?.name ?? '');
}

/** A 403 that is about who we are: locked out after wrong passwords, or a key whose role is too low. */
function isRefusal({ status, reason }: Outcome): boolean {
	return status === 403 && /locked|access is required|not authori[sz]ed/i.test(reason);
}

function toUnavailable({ status, reason }: Outcome, doing: string): StoreUnavailable {
	// Words alone: what has more in it may repeat what was sent.
	const because = /^[\p{L} ,.'_-]{1,120}$/u.test(reason) ? `: ${reason}` : '';
	return new StoreUnavailable(`the store answered ${status} to ${doing} a database${because}`);
}
