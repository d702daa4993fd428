import { randomUUID } from 'node:crypto';
import { request as sendRequest, type OutgoingHttpHeaders } from 'node:http';
import { SignedIn } from '#contract/account.ts';

export const PASSWORD = 'correct horse battery';

/** Somebody with an account, and the cookie of a session. */
export interface Person {
	email: string;
	accountId: string;
	ledgerId: string;
	/** `name=value`. */
	cookie: string;
	/** The ledger's address under `/sync/`. */
	ledgerUrl: string;
	/** Sends a request with the cookie; `path` is below the service. */
	send(path: string, options?: RequestInit): Promise<Response>;
	/** Sends JSON below the ledger. */
	post(path: string, body: unknown): Promise<Response>;
}

/** Signs somebody new up. */
export async function signUp(url: string): Promise<Person> {
	const email = `${randomUUID()}@example.org`;
	return toPerson(url, await postJson(`${url}/api/account`, { email, password: PASSWORD }));
}

/** Signs somebody in on another device. */
export async function signIn(url: string, email: string): Promise<Person> {
	return toPerson(url, await postJson(`${url}/api/session`, { email, password: PASSWORD }));
}

async function toPerson(url: string, response: Response): Promise<Person> {
	if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`);
	const { account, ledger } = SignedIn.parse(await response.json());
	const [cookie = ''] = (response.headers.getSetCookie()[0] ?? '').split(';');
	const ledgerUrl = `${url}/sync/${ledger.id}`;
	return {
		email: account.email,
		accountId: account.id,
		ledgerId: ledger.id,
		cookie,
		ledgerUrl,
		send: (path, options = {}) =>
			fetch(url + path, { ...options, headers: { cookie, ...options.headers } }),
		post: (path, body) => postJson(`${ledgerUrl}/${path}`, body, { cookie })
	};
}

export function postJson(
	url: string,
	body: unknown,
	headers: Record<string, string> = {}
): Promise<Response> {
	return fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...headers },
		body: JSON.stringify(body)
	});
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
