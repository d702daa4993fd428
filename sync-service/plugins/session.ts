import type { FastifyInstance } from 'fastify';
import type { Identity } from '#service/accounts/identity.ts';
import type { Sessions } from '#service/accounts/sessions.ts';
import { readSessionCookie, setSessionCookie } from '#service/plugins/cookies.ts';
import { sendProblem } from '#service/plugins/problems.ts';
import { isForService, type PublicAddress } from '#service/plugins/secure-origin.ts';

declare module 'fastify' {
	interface FastifyRequest {
		/** Who sends the request; `undefined`: nobody we know. */
		identity: Identity | undefined;
		/** Asks again, for what takes long, whether the credential is still good. @throws {StoreUnavailable} */
		isStillIdentified: () => Promise<boolean>;
		/** The token of the session cookie, checked or not. */
		sessionToken: string | undefined;
	}
	interface FastifyContextConfig {
		/** Answered to whoever asks, suspended or not. */
		open?: true;
	}
}

/**
 * Learns from the cookie who sends a request to the service. A hook that comes after this one may find out in
 * another way: it sets `identity` and `isStillIdentified` where there is no `sessionToken`.
 */
export function addSession(app: FastifyInstance, sessions: Sessions, address: PublicAddress): void {
	app.decorateRequest('identity', undefined);
	app.decorateRequest('isStillIdentified', async () => false);
	app.decorateRequest('sessionToken', undefined);
	app.addHook('onRequest', async (request, reply) => {
		if (!isForService(request)) return;
		const token = detach(readSessionCookie(request, address));
		request.sessionToken = token;
		if (token === undefined) return;
		const found = await sessions.find(token);
		if (found === 'suspended') {
			return request.routeOptions.config.open ? undefined : sendProblem(reply, 'suspended');
		}
		request.identity = found?.identity;
		request.isStillIdentified = async () => typeof (await sessions.find(token)) === 'object';
		if (found?.renewedUntil !== undefined) {
			const renewed = { token, expiresAt: found.renewedUntil };
			setSessionCookie(request, reply, renewed, address);
		}
	});
}

/** A part of a header keeps all of it in memory, for as long as a longpoll waits. */
function detach(part: string | undefined): string | undefined {
	return part && Buffer.from(part).toString();
}
