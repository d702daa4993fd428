import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppPasswordBody, type AppPasswords as Listed } from '#contract/app-password.ts';
import type { AppPasswords } from '#service/access/app-passwords.ts';
import type { Account, AccountStore } from '#service/accounts/account-store.ts';
import { ACCOUNT_BODY_BYTES, readBody, requireSession } from '#service/accounts/requests.ts';
import { sendProblem } from '#service/plugins/problems.ts';

/** `/api/app-passwords`: for who is signed in, never by an app password. */
export function addAppPasswordRoutes(
	app: FastifyInstance,
	accounts: AccountStore,
	appPasswords: AppPasswords
): void {
	const options = { bodyLimit: ACCOUNT_BODY_BYTES };

	async function requireAccount(
		request: FastifyRequest,
		reply: FastifyReply
	): Promise<Account | undefined> {
		const identity = requireSession(request, reply);
		if (identity === undefined) return undefined;
		const account = await accounts.findAccount(identity.accountId);
		if (account === undefined) sendProblem(reply, 'signed-out');
		return account;
	}

	app.get('/api/app-passwords', async (request, reply): Promise<Listed | FastifyReply> => {
		const account = await requireAccount(request, reply);
		return account === undefined ? reply : { appPasswords: await appPasswords.list(account) };
	});

	app.post('/api/app-passwords', options, async (request, reply) => {
		const account = await requireAccount(request, reply);
		if (account === undefined) return reply;
		const body = readBody(request, reply, AppPasswordBody);
		if (body === undefined) return reply;
		const created = await appPasswords.create(account, body);
		if (created === 'full') return sendProblem(reply, 'too-many-app-passwords');
		return reply.status(201).send(created);
	});

	app.delete<{ Params: { id: string } }>(
		'/api/app-passwords/:id',
		options,
		async (request, reply) => {
			const identity = requireSession(request, reply);
			if (identity === undefined) return reply;
			const ended = await appPasswords.end(identity.accountId, request.params.id);
			if (ended === 'unknown') return sendProblem(reply, 'not-found');
			return reply.status(204).send();
		}
	);
}
