import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Credentials, type DeviceSessions, Recovery, type SignedIn } from '#contract/account.ts';
import { toSignedIn } from '#service/accounts/account-routes.ts';
import type { AccountParts } from '#service/accounts/account-parts.ts';
import { recover } from '#service/accounts/recover.ts';
import {
	ACCOUNT_BODY_BYTES,
	readBody,
	requireSession,
	toEntry
} from '#service/accounts/requests.ts';
import { type Entered, type Entry, signIn } from '#service/accounts/sign-in.ts';
import { clearSessionCookie, setDeviceCookie, setSessionCookie } from '#service/plugins/cookies.ts';
import { type Outcome, sendProblem, sendRefusal } from '#service/plugins/problems.ts';
import type { PublicAddress } from '#service/plugins/secure-origin.ts';

/** `/api/session` and `/api/sessions`: signing in and out, here and elsewhere. */
export function addSessionRoutes(
	app: FastifyInstance,
	parts: AccountParts,
	address: PublicAddress
): void {
	const options = { bodyLimit: ACCOUNT_BODY_BYTES };
	const open = { ...options, config: { open: true } } as const;
	const { accounts, sessions, devices } = parts;

	/** Lets somebody in who can prove it in one way or another. */
	async function enter(
		request: FastifyRequest,
		reply: FastifyReply,
		email: string,
		prove: (entry: Entry) => Promise<Outcome<Entered>>
	): Promise<FastifyReply> {
		// Before anything is decided: afterwards nothing is left that could fail.
		const proof = await devices.makeProof(email);
		const outcome = await prove(await toEntry(request, email, devices, address));
		if (!outcome.ok) return sendRefusal(reply, outcome.refusal);
		setSessionCookie(request, reply, outcome.value.session, address);
		setDeviceCookie(request, reply, proof, address);
		return reply.status(201).send(toSignedIn(outcome.value.account));
	}

	app.post('/api/session', open, async (request, reply) => {
		const body = readBody(request, reply, Credentials);
		if (body === undefined) return reply;
		return enter(request, reply, body.email, (entry) => signIn(parts, body, entry));
	});

	app.post('/api/session/recovery', open, async (request, reply) => {
		const body = readBody(request, reply, Recovery);
		if (body === undefined) return reply;
		return enter(request, reply, body.email, (entry) => recover(parts, body, entry));
	});

	app.get(
		'/api/session',
		{ config: { appPassword: true } },
		async ({ identity }, reply): Promise<SignedIn | FastifyReply> => {
			if (identity === undefined) return sendProblem(reply, 'signed-out');
			const { accountId: id, email, role, ledgerId } = identity;
			return { account: { id, email, role }, ledger: { id: ledgerId } };
		}
	);

	app.delete('/api/session', open, async (request, reply) => {
		if (request.sessionToken !== undefined) await sessions.end(request.sessionToken);
		clearSessionCookie(request, reply, address);
		return reply.status(204).send();
	});

	app.get('/api/sessions', async (request, reply): Promise<DeviceSessions | FastifyReply> => {
		const identity = requireSession(request, reply);
		if (identity === undefined) return reply;
		const account = await accounts.findAccount(identity.accountId);
		if (account === undefined) return sendProblem(reply, 'signed-out');
		return { sessions: await sessions.list(account, identity.credentialKey) };
	});

	app.delete('/api/sessions', options, async (request, reply) => {
		const identity = requireSession(request, reply);
		if (identity === undefined) return reply;
		await sessions.endAll(identity.accountId, identity.credentialKey);
		return reply.status(204).send();
	});

	app.delete<{ Params: { id: string } }>('/api/sessions/:id', options, async (request, reply) => {
		const identity = requireSession(request, reply);
		if (identity === undefined) return reply;
		const ended = await sessions.endListed(identity.accountId, request.params.id);
		if (ended === 'unknown') return sendProblem(reply, 'not-found');
		return reply.status(204).send();
	});
}
