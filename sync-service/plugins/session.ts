import cookie from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Identity } from '#service/accounts/identity.ts';
import type { NewSession, Sessions } from '#service/accounts/sessions.ts';
import { isForService, isSecure, type PublicAddress } from '#service/plugins/secure-origin.ts';

declare module 'fastify' {
	interface FastifyRequest {
		/** Who sends the request; `undefined`: nobody we know. */
		identity: Identity | undefined;
		/** Asks again, for what takes long, whether the credential is still good. @throws {StoreUnavailable} */
		isStillIdentified: () => Promise<boolean>;
		/** The token of the session cookie, checked or not. */
		sessionToken: string | undefined;
	}
}

/**
 * Learns from the cookie who sends a request to the service. A hook that comes after this one may find out in
 * another way: it sets `identity` and `isStillIdentified` where there is no `sessionToken`.
 */
export async function addSession(
	app: FastifyInstance,
	sessions: Sessions,
	address: PublicAddress
): Promise<void> {
	await app.register(cookie);
	app.decorateRequest('identity', undefined);
	app.decorateRequest('isStillIdentified', async () => false);
	app.decorateRequest('sessionToken', undefined);
	app.addHook('onRequest', async (request, reply) => {
		if (!isForService(request)) return;
		const token = request.cookies[toCookieName(isSecure(request, address))];
		request.sessionToken = token;
		if (token === undefined) return;
		const found = await sessions.find(token);
		request.identity = found?.identity;
		request.isStillIdentified = async () => (await sessions.find(token)) !== undefined;
		if (found?.renewedUntil !== undefined) {
			const renewed = { token, expiresAt: found.renewedUntil };
			setSessionCookie(request, reply, renewed, address);
		}
	});
}

/** Gives the browser its session. */
export function setSessionCookie(
	request: FastifyRequest,
	reply: FastifyReply,
	{ token, expiresAt }: NewSession,
	address: PublicAddress
): void {
	const secure = isSecure(request, address);
	reply.setCookie(toCookieName(secure), token, { ...toOptions(secure), expires: expiresAt });
}

/** Takes the session from the browser. */
export function clearSessionCookie(
	request: FastifyRequest,
	reply: FastifyReply,
	address: PublicAddress
): void {
	const secure = isSecure(request, address);
	reply.clearCookie(toCookieName(secure), toOptions(secure));
}

/** `__Host-` binds the cookie to this very host, but browsers take it over https only. */
function toCookieName(secure: boolean): string {
	return secure ? '__Host-outlay-session' : 'outlay-session';
}

function toOptions(secure: boolean) {
	return { path: '/', httpOnly: true, sameSite: 'lax', secure } as const;
}
