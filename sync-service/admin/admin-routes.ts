import type { FastifyInstance } from 'fastify';
import * as z from 'zod/mini';
import { AdminAccountChange, InviteBody } from '#contract/admin.ts';
import { ACCOUNT_BODY_BYTES, readBody, requireSession } from '#service/accounts/requests.ts';
import type { AdminParts } from '#service/admin/admin-parts.ts';
import { changeAccount } from '#service/admin/change-account.ts';
import { describeAccounts } from '#service/admin/describe-account.ts';
import { findAccounts } from '#service/admin/find-accounts.ts';
import { noted } from '#service/admin/noted.ts';
import { refuse, sendProblem, sendRefusal } from '#service/plugins/problems.ts';

const AccountId = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/));

const AccountsQuery = z.object({
	search: z._default(z.string().check(z.trim(), z.toLowerCase(), z.maxLength(254)), ''),
	after: z._default(z.union([AccountId, z.literal('')]), '')
});

/** `/api/admin`: accounts and invitations, for admins; nothing here reads a ledger. */
export async function addAdminRoutes(app: FastifyInstance, parts: AdminParts): Promise<void> {
	await app.register(async (scope) => addRoutes(scope, parts));
}

function addRoutes(app: FastifyInstance, parts: AdminParts): void {
	const options = { bodyLimit: ACCOUNT_BODY_BYTES };

	// Before a body is read, or the store is asked.
	app.addHook('onRequest', async (request, reply) => {
		const identity = requireSession(request, reply);
		if (identity === undefined) return reply;
		if (identity.role !== 'admin') return sendProblem(reply, 'forbidden');
	});

	app.get('/api/admin/accounts', async (request, reply) => {
		const query = AccountsQuery.safeParse(request.query);
		if (!query.success) return sendProblem(reply, 'invalid-request');
		const { search, after } = query.data;
		const { found, next } = await findAccounts(parts.accounts, search, after);
		return { accounts: await describeAccounts(parts, found), ...(next !== undefined && { next }) };
	});

	app.patch<{ Params: { id: string } }>(
		'/api/admin/accounts/:id',
		options,
		async (request, reply) => {
			const by = requireSession(request, reply)?.accountId;
			const change = by && readBody(request, reply, AdminAccountChange);
			if (!by || !change) return reply;
			const id = AccountId.safeParse(request.params.id);
			if (!id.success) return sendProblem(reply, 'not-found');
			const outcome = await changeAccount(parts, by, id.data, change);
			return outcome.ok ? outcome.value : sendRefusal(reply, outcome.refusal);
		}
	);

	app.get('/api/admin/invites', async () => ({ invites: await parts.invites.list() }));

	app.post('/api/admin/invites', options, async (request, reply) => {
		const by = requireSession(request, reply)?.accountId;
		const body = by && readBody(request, reply, InviteBody);
		if (!by || !body) return reply;
		const invite = await parts.invites.make(body.email);
		parts.note({ by, what: 'invite', whom: invite.id });
		return reply.status(201).send(invite);
	});

	app.delete<{ Params: { id: string } }>(
		'/api/admin/invites/:id',
		options,
		async (request, reply) => {
			const by = requireSession(request, reply)?.accountId;
			if (!by) return reply;
			const { id } = request.params;
			const outcome = await noted(parts, { by, what: 'revoke-invite', whom: id }, async () => {
				const revoked = (await parts.invites.revoke(id)) === 'revoked';
				return revoked ? { ok: true, value: undefined } : refuse('not-found');
			});
			if (!outcome.ok) return sendRefusal(reply, outcome.refusal);
			return reply.status(204).send();
		}
	);
}
