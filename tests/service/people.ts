import { randomUUID } from 'node:crypto';
import { request as sendRequest, type OutgoingHttpHeaders } from 'node:http';
import { SignedIn, SignedUp } from '#contract/account.ts';

export const PASSWORD = 'correct horse battery';

/** Somebody with an account, and the cookie of a session. */
export interface Person {
	email: string;
	accountId: string;
	ledgerId: string;
	/** `name=value`. */
	cookie: string;
	/** What the browser keeps beside the session: `name=value`. */
	deviceCookie: string;
	/** As they were told at sign-up; empty after a sign-in. */
	recoveryCodes: string[];
	/** The ledger's address under `/sync/`. */
	ledgerUrl: string;
	/** Sends a request with the cookie; `path` is below the service. */
	send(path: string, options?: RequestInit): Promise<Response>;
	/** Sends JSON with the cookie. */
	ask(method: string, path: string, body?: unknown): Promise<Response>;
	/** Sends JSON below the ledger. */
	post(path: string, body: unknown): Promise<Response>;
}

/** Signs somebody new up. */
export async function signUp(url: string): Promise<Person> {
	const email = `${randomUUID()}@example.org`;
	return toPerson(url, await postJson(`${url}/api/account`, { email, password: PASSWORD }));
}

/** Signs somebody in on another device. */
export async function signIn(url: string, email: string, password = PASSWORD): Promise<Person> {
	return toPerson(url, await postJson(`${url}/api/session`, { email, password }));
}

/** Whoever an answer signs in. */
export async function toPerson(url: string, response: Response): Promise<Person> {
	if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`);
	const answer: unknown = await response.json();
	const { account, ledger } = SignedIn.parse(answer);
	const signedUp = SignedUp.safeParse(answer);
	const [cookie = '', deviceCookie = ''] = readCookies(response);
	const ledgerUrl = `${url}/sync/${ledger.id}`;
	return {
		email: account.email,
		accountId: account.id,
		ledgerId: ledger.id,
		cookie,
		deviceCookie,
		recoveryCodes: signedUp.success ? signedUp.data.recoveryCodes : [],
		ledgerUrl,
		send: (path, options = {}) =>
			fetch(url + path, { ...options, headers: { cookie, ...options.headers } }),
		ask: (method, path, body) => askJson(method, url + path, body, { cookie }),
		post: (path, body) => postJson(`${ledgerUrl}/${path}`, body, { cookie })
	};
}

/** The cookies an answer sets, each as `name=value`. */
export function readCookies(response: Response): string[] {
	return response.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '');
}

export function postJson(
	url: string,
	body: unknown,
	headers: Record<string, string> = {}
): Promise<Response> {
	return askJson('POST', url, body, headers);
}

function askJson(
	method: string,
	url: string,
	body: unknown,
	headers: Record<string, string>
): Promise<Response> {
	if (body === undefined) return fetch(url, { method, headers });
	const type = { 'content-type': 'application/json' };
	return fetch(url, { method, headers: { ...type, ...headers }, body: JSON.stringify(body) });
}

export interface RawAnswer {
	status: number;
	headers: Record<string, string | string[] | undefined>;
	text: string;
}

/** Sends a request whose path no URL parser has tidied up. */
export function sendRaw(
	url: string,
	method: string,
	path: string,
	headers: OutgoingHttpHeaders = {},
	body = ''
): Promise<RawAnswer> {
	const { hostname, port } = new URL(url);
	return new Promise((resolve, reject) => {
		const request = sendRequest({ hostname, port, method, path, headers }, async (response) => {
			try {
				const chunks = await response.toArray();
				const text = Buffer.concat(chunks).toString();
				resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
			} catch (error) {
				reject(error);
			}
		});
		request.on('error', reject);
		request.end(body);
	});
}

/** A document with its revision, as replication sends them. */
export function toRevision(id: string, fields: Record<string, unknown> = {}, rev = '1-abc') {
	const [start = '1', hash = ''] = rev.split('-');
	return { _id: id, _rev: rev, _revisions: { start: Number(start), ids: [hash] }, ...fields };
}

/** Writes documents as a device's replication does. */
export async function pushDocuments(person: Person, ...docs: object[]): Promise<void> {
	const response = await person.post('_bulk_docs', { docs, new_edits: false });
	if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`);
}
