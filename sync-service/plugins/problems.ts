import type { FastifyReply } from 'fastify';
import type { Problem, ProblemCode } from '#contract/problem.ts';
import { REQUEST_ID_HEADER } from '#service/log/request-id.ts';

/** Seconds after which trying again makes sense when the store is away. */
export const STORE_RETRY_AFTER_SECONDS = 2;

/** What passes says when trying again makes sense, where a request does not know better; nothing else does. */
type Answer = { reason: string } & (
	| { status: 429 | 503; retryAfterSeconds: number }
	| { status: 400 | 401 | 403 | 404 | 408 | 409 | 413 | 415 | 500 | 507 }
);

/** Status and sentence of every code of the contract, in one place. */
const PROBLEMS: Record<ProblemCode, Answer> = {
	'malformed-json': { status: 400, reason: 'The request body is not valid JSON.' },
	'invalid-request': { status: 400, reason: 'The request is not one this service understands.' },
	'invalid-email': { status: 400, reason: 'This is not an email address.' },
	'weak-password': { status: 400, reason: 'This password is too easy to guess.' },
	'invalid-credentials': { status: 401, reason: 'Email and password do not match an account.' },
	'wrong-password': { status: 403, reason: 'This is not the password of this account.' },
	'invalid-code': { status: 401, reason: 'Email and recovery code do not match an account.' },
	suspended: { status: 403, reason: 'This account is suspended. Ask who runs this service.' },
	'sign-up-closed': { status: 403, reason: 'This service takes no new accounts.' },
	'invalid-invite': {
		status: 403,
		reason: 'To sign up here takes an invitation that is still good.'
	},
	'signed-out': { status: 401, reason: 'Sign in first.' },
	'cross-site': { status: 403, reason: 'Requests from other sites are refused.' },
	forbidden: { status: 403, reason: 'This is not allowed here.' },
	'not-found': { status: 404, reason: 'There is nothing here.' },
	'email-taken': { status: 409, reason: 'There is an account with this email already.' },
	'json-required': { status: 415, reason: 'The request body must be sent as application/json.' },
	'too-many-app-passwords': {
		status: 409,
		reason: 'There are fifty app passwords already. Revoke one that is not used any more.'
	},
	'too-large': { status: 413, reason: 'The request is too large.' },
	'too-slow': { status: 408, reason: 'The request took too long to arrive.' },
	'too-many-requests': {
		status: 429,
		reason: 'Too many attempts. Wait a little.',
		retryAfterSeconds: 60
	},
	busy: {
		status: 503,
		reason: 'The service is busy. Try again in a moment.',
		retryAfterSeconds: 5
	},
	// Until somebody who runs the service makes room.
	'sign-up-full': {
		status: 503,
		reason: 'No room for new accounts at the moment.',
		retryAfterSeconds: 3600
	},
	'quota-exceeded': { status: 507, reason: 'There is no room left for more.' },
	'store-unavailable': {
		status: 503,
		reason: 'The store does not answer. Try again soon.',
		retryAfterSeconds: STORE_RETRY_AFTER_SECONDS
	},
	internal: { status: 500, reason: 'Something went wrong on our side.' }
};

/** A request's refusal, as the pure parts of the service return it. */
export interface Refusal {
	code: ProblemCode;
	/** A sentence of its own in place of the code's. */
	reason?: string;
	/** After how many seconds trying again makes sense. */
	retryAfterSeconds?: number;
}

/** What came of something that may be refused. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

export function refuse(code: ProblemCode, more: Omit<Refusal, 'code'> = {}): Outcome<never> {
	return { ok: false, refusal: { code, ...more } };
}

export function toStatus(code: ProblemCode): number {
	return PROBLEMS[code].status;
}

/** The body of an error: `{error, reason}`, CouchDB's shape. */
export function toProblem({ code, reason = PROBLEMS[code].reason }: Refusal): Problem {
	// The word, not the status, is what makes PouchDB end a live replication instead of retrying.
	return { error: code, reason, ...(toStatus(code) === 401 && { name: 'unauthorized' }) };
}

/** What a person may want to ask somebody about, who finds it in the log by its id. */
function isOurFault(code: ProblemCode): boolean {
	return code === 'internal' || code === 'store-unavailable';
}

/** Answers a request with what it was refused for. */
export function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
	return sendProblem(reply, refusal.code, refusal.reason, refusal.retryAfterSeconds);
}

/** Answers a request with a problem. */
export function sendProblem(
	reply: FastifyReply,
	code: ProblemCode,
	reason?: string,
	retryAfterSeconds?: number
): FastifyReply {
	const answer = PROBLEMS[code];
	const waitSeconds =
		retryAfterSeconds ?? ('retryAfterSeconds' in answer ? answer.retryAfterSeconds : undefined);
	if (waitSeconds !== undefined) reply.header('retry-after', Math.ceil(waitSeconds));
	const { id } = reply.request;
	const problem = toProblem(reason === undefined ? { code } : { code, reason });
	// An HTML or text error would make a replicating client retry for ever.
	return reply
		.status(toStatus(code))
		.header('content-type', 'application/json; charset=utf-8')
		.header(REQUEST_ID_HEADER, id)
		.send(isOurFault(code) ? { ...problem, requestId: id } : problem);
}
