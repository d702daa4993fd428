import cookie from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Identity, NewSession, Sessions } from '#service/accounts/sessions.ts';
import { isForService, isSecure, type PublicAddress } from '#service/plugins/secure-origin.ts';

declare module 'fastify' {
	interface FastifyRequest {
		/** Who is signed in; `undefined`: nobody. */
		identity: Identity | undefined;
		/** The token of the session cookie, checked or not. */
		sessionToken: string | undefined;
	}
}

/** Learns from the cookie who sends a request to the service. */
export async function addSession(
	app: FastifyInstance,
	sessions: Sessions,
	address: PublicAddress
): Promise<void> {
	await app.register(cookie);
	app.decorateRequest('identity', undefined);
	app.decorateRequest('sessionToken', undefined);
	app.addHook('onRequest', async (request, reply) => {
		if (!isForService(request)) return;
		request.sessionToken = request.cookies[toCookieName(isSecure(request, address))];
		if (request.sessionToken === undefined) return;
		const found = await sessions.find(request.sessionToken);
		request.identity = found?.identity;
		if (found?.renewedUntil !== undefined) {
			const renewed = { token: request.sessionToken, expiresAt: found.renewedUntil };
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
