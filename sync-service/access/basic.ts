import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type AppPasswords, toKey } from '#service/access/app-passwords.ts';
import { readBasicAuthorization } from '#service/access/basic-authorization.ts';
import { toAddressKey } from '#service/accounts/address-key.ts';
import type { AccountParts } from '#service/accounts/account-parts.ts';
import { guardGuess } from '#service/accounts/guarded.ts';
import type { Identity } from '#service/accounts/identity.ts';
import { type Outcome, refuse, sendRefusal } from '#service/plugins/problems.ts';

declare module 'fastify' {
	interface FastifyContextConfig {
		/** Whether an app password reaches this route. None does that does not say so. */
		appPassword?: boolean;
	}
}

/**
 * Learns from HTTP Basic who sends a request, where an app password may go at all. Everywhere else, and beside a
 * session cookie, the header says nothing: it may be meant for a proxy in front. Nobody is ever asked for it by
 * `WWW-Authenticate`: a browser would show a window of its own.
 */
export function addBasic(app: FastifyInstance, parts: AccountParts, keys: AppPasswords): void {
	app.addHook('onRequest', async (request, reply) => {
		if (request.routeOptions.config.appPassword !== true) return;
		if (request.sessionToken !== undefined) return;
		const sent = readBasicAuthorization(request.headers.authorization);
		if (sent === undefined) return;
		const found = await identify(parts, keys, request, sent);
		if (!found.ok) return sendRefusal(reply, found.refusal);
		const { credentialKey } = found.value;
		request.identity = found.value;
		request.isStillIdentified = async () => {
			if (keys.believed.find(credentialKey) !== undefined) return true;
			const account = await parts.accounts.findAccountByEmail(sent.email);
			const found = await keys.check(account, sent.password);
			return found !== undefined && found !== 'suspended';
		};
	});
}

async function identify(
	parts: AccountParts,
	keys: AppPasswords,
	request: FastifyRequest,
	{ email, password }: { email: string; password: string }
): Promise<Outcome<Identity>> {
	const key = toKey(password);
	const known = keys.believed.find(key);
	if (known?.email === email) return { ok: true, value: known };
	// A program that was let in before is counted by itself: who guesses elsewhere does not shut it out.
	const device = keys.wasRight(key) ? key : undefined;
	const claimant = { email, address: toAddressKey(request.ip), device };
	return guardGuess(parts, parts.counters.proof('app-password', claimant), async () => {
		const account = await parts.accounts.findAccountByEmail(email);
		const identity = await keys.check(account, password);
		if (identity === undefined) return refuse('invalid-credentials');
		return identity === 'suspended' ? refuse('suspended') : { ok: true, value: identity };
	});
}
