import { setTimeout as pauseFor } from 'node:timers/promises';
import { StoreUnavailable } from '#service/couch/client.ts';
import type { Credential } from '#service/couch/credential.ts';

/** IBM Cloud's own; a private endpoint or another cloud has another. */
export const IAM_TOKEN_URL = 'https://iam.cloud.ibm.com/identity/token';

const API_KEY_GRANT = 'urn:ibm:params:oauth:grant-type:apikey';

/** How long IAM may take to answer, in milliseconds. */
const ANSWER_MS = 10_000;
/** How often it is asked before we give up for a while. */
const ATTEMPTS = 3;
/** Milliseconds before the second attempt; twice that before the third. */
const PAUSE_MS = 200;
/** Milliseconds after a failure during which IAM is not asked again. */
const REST_MS = 2_000;
/** Milliseconds between two tokens that the store's refusals ask for: it may refuse the account, not the token. */
const FORCED_MS = 1_000;
/** The part of a token's life after which the next one is fetched, and how much of it is chance. */
const RENEW = { after: 0.75, jitter: 0.1 };
/** The part of its life at which a token is taken to be over: the request has to arrive in time. */
const OVER = 0.97;

export interface IamOptions {
	apiKey: string;
	tokenUrl?: string;
}

interface Token {
	authorization: string;
	/** As `performance.now()` has them. */
	renewAt: number;
	endsAt: number;
}

/** The bearer tokens that IBM Cloud gives for an API key. */
export function iamCredential({ apiKey, tokenUrl = IAM_TOKEN_URL }: IamOptions): Credential {
	return new IamCredential(apiKey, tokenUrl);
}

class IamCredential implements Credential {
	readonly #apiKey: string;
	readonly #tokenUrl: string;
	#token: Token | undefined;
	#renewing: Promise<Token> | undefined;
	#failure: { error: StoreUnavailable; until: number } | undefined;
	#forcedAt = -Infinity;

	constructor(apiKey: string, tokenUrl: string) {
		this.#apiKey = apiKey;
		this.#tokenUrl = tokenUrl;
	}

	async authorization(): Promise<string> {
		const now = performance.now();
		const token = this.#token;
		if (token === undefined || token.endsAt <= now) return (await this.#renew()).authorization;
		if (token.renewAt <= now) {
			// While IAM is away the old one serves until it ends.
			this.#renew().catch(() => {});
		}
		return token.authorization;
	}

	refused(authorization: string): void {
		if (this.#token?.authorization !== authorization) return;
		const now = performance.now();
		if (now - this.#forcedAt < FORCED_MS) return;
		this.#forcedAt = now;
		this.#token = undefined;
		// What ended this token may have ended one that was given a moment before: that one will not do.
		const begun = this.#renewing;
		if (begun) this.#await(begun.catch(() => {}).then(() => this.#fetchPatiently()));
	}

	/** @throws {StoreUnavailable} */
	#renew(): Promise<Token> {
		if (this.#renewing !== undefined) return this.#renewing;
		if (this.#failure !== undefined && performance.now() < this.#failure.until) {
			return Promise.reject(this.#failure.error);
		}
		return this.#await(this.#fetchPatiently());
	}

	#await(renewing: Promise<Token>): Promise<Token> {
		this.#renewing = renewing;
		renewing.then(
			(token) => {
				if (this.#renewing !== renewing) return;
				this.#token = token;
				this.#failure = this.#renewing = undefined;
			},
			(error: StoreUnavailable) => {
				if (this.#renewing !== renewing) return;
				const restMs = REST_MS * (0.5 + Math.random());
				this.#failure = { error, until: performance.now() + restMs };
				this.#renewing = undefined;
			}
		);
		return renewing;
	}

	async #fetchPatiently(): Promise<Token> {
		for (let attempt = 1; ; attempt++) {
			const answer = await this.#ask();
			if (answer.ok) return answer.token;
			if (!answer.passing || attempt === ATTEMPTS) throw new StoreUnavailable(answer.problem);
			await pauseFor(PAUSE_MS * attempt * (0.5 + Math.random()));
		}
	}

	async #ask(): Promise<
		{ ok: true; token: Token } | { ok: false; passing: boolean; problem: string }
	> {
		const askedAt = performance.now();
		let response: Response;
		let said: Record<string, unknown>;
		try {
			response = await fetch(this.#tokenUrl, {
				method: 'POST',
				headers: { accept: 'application/json' },
				body: new URLSearchParams({ grant_type: API_KEY_GRANT, apikey: this.#apiKey }),
				redirect: 'error',
				signal: AbortSignal.timeout(ANSWER_MS)
			});
			said = toObject(await response.json().catch(() => undefined));
		} catch (error) {
			const problem = `IAM gave no token: ${describe(error)}`;
			return { ok: false, passing: true, problem };
		}
		const { access_token: text, expires_in: seconds } = said;
		if (response.ok && typeof text === 'string' && isToken(text) && Number(seconds) > 0) {
			return { ok: true, token: toToken(text, Number(seconds) * 1000, askedAt) };
		}
		const { status } = response;
		const passing = status === 429 || status >= 500;
		return {
			ok: false,
			passing,
			problem: `IAM gave no token: it answered ${status}${toCode(said)}`
		};
	}
}

function toToken(text: string, lifeMs: number, since: number): Token {
	// By chance: processes that started together must not all ask together.
	const part = RENEW.after + RENEW.jitter * Math.random();
	return {
		authorization: `Bearer ${text}`,
		renewAt: since + lifeMs * part,
		endsAt: since + lifeMs * OVER
	};
}

/** What a header may hold. */
function isToken(text: string): boolean {
	return /^[\w.~+/=-]+$/.test(text);
}

/** IAM's code for what is wrong, such as BXNIM0415E. Its sentences are not repeated: they might name the key. */
function toCode({ errorCode }: Record<string, unknown>): string {
	return typeof errorCode === 'string' && /^BXN\w{1,12}$/.test(errorCode) ? ` (${errorCode})` : '';
}

function toObject(value: unknown): Record<string, unknown> {
	return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** `fetch` names host and port at most, never what was sent. */
function describe(error: unknown): string {
	if (!(error instanceof Error)) return 'nothing answered';
	return error.cause instanceof Error ? error.cause.message : error.message;
}
