import * as z from 'zod/mini';
import { SignedIn } from '#contract/account.ts';
import { Problem } from '#contract/problem.ts';
import type { Fetch } from './careful-fetch.ts';

/** What asking the service comes to. `problem` is a code with a sentence in `messages.ts`. */
export type Answer<T> = { ok: true; value: T } | { ok: false; problem: string };

/** The service's account surface, as a device sees it. No method throws. */
export class AccountClient {
	#origin: string;
	#fetch: Fetch;

	constructor(origin: string, fetch: Fetch) {
		this.#origin = origin;
		this.#fetch = fetch;
	}

	signUp(email: string, password: string): Promise<Answer<SignedIn>> {
		return this.#ask('POST', '/api/account', SignedIn, { email, password });
	}

	signIn(email: string, password: string): Promise<Answer<SignedIn>> {
		return this.#ask('POST', '/api/session', SignedIn, { email, password });
	}

	/** Who is signed in; the problem is `signed-out` where nobody is. */
	session(): Promise<Answer<SignedIn>> {
		return this.#ask('GET', '/api/session', SignedIn);
	}

	signOut(): Promise<Answer<undefined>> {
		return this.#ask('DELETE', '/api/session', z.undefined());
	}

	async #ask<T>(
		method: string,
		path: string,
		schema: z.ZodMiniType<T>,
		body?: unknown
	): Promise<Answer<T>> {
		let response: Response;
		try {
			response = await this.#fetch(`${this.#origin}${path}`, {
				method,
				...(body === undefined
					? {}
					: { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
			});
		} catch {
			return { ok: false, problem: 'offline' };
		}
		const text = await response.text().catch(() => '');
		const answer = parseJson(text);
		if (!response.ok) {
			const problem = z.safeParse(Problem, answer);
			return { ok: false, problem: problem.success ? problem.data.error : 'unexpected-answer' };
		}
		const value = z.safeParse(schema, answer);
		return value.success
			? { ok: true, value: value.data }
			: { ok: false, problem: 'unexpected-answer' };
	}
}

function parseJson(text: string): unknown {
	try {
		return text === '' ? undefined : JSON.parse(text);
	} catch {
		return undefined;
	}
}
