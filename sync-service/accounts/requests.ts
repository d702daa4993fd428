import type { FastifyReply, FastifyRequest } from 'fastify';
import type * as z from 'zod/mini';
import { toAddressKey } from '#service/accounts/address-key.ts';
import { describeDevice } from '#service/accounts/describe-device.ts';
import type { Identity } from '#service/accounts/identity.ts';
import type { KnownDevices } from '#service/accounts/known-devices.ts';
import type { Entry } from '#service/accounts/sign-in.ts';
import { readDeviceCookie } from '#service/plugins/cookies.ts';
import { sendProblem } from '#service/plugins/problems.ts';
import type { PublicAddress } from '#service/plugins/secure-origin.ts';

/** Bytes of any body about accounts: an email, two passwords, and no more. */
export const ACCOUNT_BODY_BYTES = 8 * 1024;

/** The body, when it is what is asked for; else the request is answered and this is `undefined`. */
export function readBody<T>(
	request: FastifyRequest,
	reply: FastifyReply,
	schema: z.ZodMiniType<T>
): T | undefined {
	if (request.body === undefined) {
		sendProblem(reply, 'malformed-json', 'The request body is empty; it must be JSON.');
		return undefined;
	}
	const parsed = schema.safeParse(request.body);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	const isEmail = issue?.message === 'invalid-email';
	sendProblem(reply, isEmail ? 'invalid-email' : 'invalid-request');
	return undefined;
}

/** Who is signed in by a session; for all others the request is answered and this is `undefined`. */
export function requireSession(request: FastifyRequest, reply: FastifyReply): Identity | undefined {
	const { identity } = request;
	if (identity?.kind === 'session') return identity;
	// An app password opens its ledger, never the account.
	sendProblem(reply, identity === undefined ? 'signed-out' : 'forbidden');
	return undefined;
}

export function toDevice(request: FastifyRequest): string {
	return describeDevice(request.headers['user-agent']);
}

/** What a request that wants in says of itself. @throws {StoreUnavailable} */
export async function toEntry(
	request: FastifyRequest,
	email: string,
	devices: KnownDevices,
	address: PublicAddress
): Promise<Entry> {
	const proof = readDeviceCookie(request, address);
	return {
		claimant: {
			email,
			address: toAddressKey(request.ip),
			device: await devices.recognise(proof, email)
		},
		device: toDevice(request),
		formerToken: request.sessionToken
	};
}
