import * as z from 'zod/mini';

/** The codes of every error the service answers with. Stable: clients decide by them. */
export const ProblemCode = z.enum([
	'malformed-json',
	'invalid-request',
	'invalid-email',
	'weak-password',
	'invalid-credentials',
	'wrong-password',
	'invalid-code',
	'suspended',
	'sign-up-closed',
	'invalid-invite',
	'signed-out',
	'cross-site',
	'forbidden',
	'not-found',
	'email-taken',
	'json-required',
	'too-many-app-passwords',
	'too-large',
	'too-slow',
	'too-many-requests',
	'busy',
	'sign-up-full',
	'quota-exceeded',
	'store-unavailable',
	'internal'
]);
export type ProblemCode = z.infer<typeof ProblemCode>;

/**
 * The body of every error, in the shape CouchDB has, so that replication understands it too. Where the fault is the
 * service's, with the id by which whoever runs it finds the request in the log.
 */
export const Problem = z.looseObject({
	error: z.string(),
	reason: z.string(),
	requestId: z.optional(z.string())
});
export type Problem = z.infer<typeof Problem>;
