import * as z from 'zod/mini';
import { Problem } from '#contract/problem.ts';

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** What did not work. `problem` is a code with a sentence in `messages.ts`. */
export interface Refusal {
	ok: false;
	problem: string;
	/** After how many seconds it is worth trying again, where the service says so. */
	waitSeconds?: number;
	/** What the service's log calls the request, where the fault is the service's. */
	requestId?: string;
}

/** What asking the service comes to. */
export type Answer<T> = { ok: true; value: T } | Refusal;

/** For what is answered by a status alone. */
export const Nothing = z.undefined();

/** The service's JSON surface. */
export class Service {
	#origin: string;
	#fetch: Fetch;

	constructor(origin: string, fetch: Fetch) {
		this.#origin = origin;
		this.#fetch = fetch;
	}

	/** Asks, and holds the answer against its schema. Never throws. */
	async ask<T>(
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
		if (!response.ok) return toRefusal(answer, response.headers.get('retry-after'));
		const value = z.safeParse(schema, answer);
		return value.success
			? { ok: true, value: value.data }
			: { ok: false, problem: 'unexpected-answer' };
	}
}

function toRefusal(answer: unknown, retryAfter: string | null): Refusal {
	const problem = z.safeParse(Problem, answer);
	const waitSeconds = /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) : 0;
	const requestId = problem.data?.requestId;
	return {
		ok: false,
		problem: problem.success ? problem.data.error : 'unexpected-answer',
		...(requestId !== undefined && { requestId }),
		...(waitSeconds > 0 && { waitSeconds })
	};
}

function parseJson(text: string): unknown {
	try {
		return text === '' ? undefined : JSON.parse(text);
	} catch {
		return undefined;
	}
}
