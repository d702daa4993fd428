import cookie from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { NewSession } from '#service/accounts/sessions.ts';
import { isSecure, type PublicAddress } from '#service/plugins/secure-origin.ts';

/** Browsers keep no cookie for longer than 400 days. */
const DEVICE_SECONDS = 400 * 86_400;

/** Reads the cookies of every request, before any hook that is added later. */
export async function addCookies(app: FastifyInstance): Promise<void> {
	await app.register(cookie);
}

export function readSessionCookie(
	request: FastifyRequest,
	address: PublicAddress
): string | undefined {
	return request.cookies[toSessionName(isSecure(request, address))];
}

/** Gives the browser its session. */
export function setSessionCookie(
	request: FastifyRequest,
	reply: FastifyReply,
	{ token, expiresAt }: NewSession,
	address: PublicAddress
): void {
	const secure = isSecure(request, address);
	reply.setCookie(toSessionName(secure), token, { ...toOptions(secure), expires: expiresAt });
}

/** Takes the session from the browser. */
export function clearSessionCookie(
	request: FastifyRequest,
	reply: FastifyReply,
	address: PublicAddress
): void {
	const secure = isSecure(request, address);
	reply.clearCookie(toSessionName(secure), toOptions(secure));
}

export function readDeviceCookie(
	request: FastifyRequest,
	address: PublicAddress
): string | undefined {
	return request.cookies[toDeviceName(isSecure(request, address))];
}

/** Lets the browser show next time that somebody signed in with it. Signing out leaves it there. */
export function setDeviceCookie(
	request: FastifyRequest,
	reply: FastifyReply,
	proof: string,
	address: PublicAddress
): void {
	const secure = isSecure(request, address);
	const options = { ...toOptions(secure), path: '/api', maxAge: DEVICE_SECONDS };
	reply.setCookie(toDeviceName(secure), proof, options);
}

/** `__Host-` binds the cookie to this very host, but browsers take it over https only. */
function toSessionName(secure: boolean): string {
	return secure ? '__Host-outlay-session' : 'outlay-session';
}

/** Not `__Host-`, which would send it along with every page. */
function toDeviceName(secure: boolean): string {
	return secure ? '__Secure-outlay-device' : 'outlay-device';
}

function toOptions(secure: boolean) {
	return { path: '/', httpOnly: true, sameSite: 'lax', secure } as const;
}
