import { NewAppPassword } from '#contract/app-password.ts';
import type { Person } from '#tests/service/people.ts';

/** A program of somebody's, with an app password. */
export interface Program {
	id: string;
	password: string;
	/** The header it sends. */
	authorization: string;
	/** Sends a request with it; `path` is below the service. */
	send(path: string, options?: RequestInit): Promise<Response>;
	/** Sends JSON. */
	ask(method: string, path: string, body?: unknown): Promise<Response>;
}

export function toBasic(email: string, password: string): string {
	return `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`;
}

/** Makes an app password for somebody. */
export async function makeProgram(
	url: string,
	person: Person,
	access: 'read-only' | 'read-write' = 'read-only'
): Promise<Program> {
	const answer = await person.ask('POST', '/api/app-passwords', { name: 'Backup', access });
	if (answer.status !== 201) throw new Error(`${answer.status}: ${await answer.text()}`);
	const { id, password } = NewAppPassword.parse(await answer.json());
	const authorization = toBasic(person.email, password);
	const send = (path: string, options: RequestInit = {}) =>
		fetch(url + path, { ...options, headers: { authorization, ...options.headers } });
	return {
		id,
		password,
		authorization,
		send,
		ask: (method, path, body) =>
			send(path, {
				method,
				...(body !== undefined && {
					headers: { 'content-type': 'application/json' },
					body: JSON.stringify(body)
				})
			})
	};
}
