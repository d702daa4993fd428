import type { FastifyInstance, FastifyReply } from 'fastify';
import { Confirmation, type RecoveryCodes, type RecoveryCodesLeft } from '#contract/account.ts';
import type { AccountParts } from '#service/accounts/account-parts.ts';
import { confirmed } from '#service/accounts/guarded.ts';
import { hashRecoveryCode, makeRecoveryCodes } from '#service/accounts/recovery-codes.ts';
import { ACCOUNT_BODY_BYTES, readBody, requireSession } from '#service/accounts/requests.ts';
import { type Outcome, refuse, sendProblem, sendRefusal } from '#service/plugins/problems.ts';

/** `/api/recovery-codes`: how many are left, and new ones in their place. */
export function addRecoveryCodeRoutes(app: FastifyInstance, parts: AccountParts): void {
	const { accounts } = parts;

	app.get(
		'/api/recovery-codes',
		async (request, reply): Promise<RecoveryCodesLeft | FastifyReply> => {
			const identity = requireSession(request, reply);
			if (identity === undefined) return reply;
			const account = await accounts.findAccount(identity.accountId);
			if (account === undefined) return sendProblem(reply, 'signed-out');
			return { left: account.recoveryCodes?.length ?? 0 };
		}
	);

	app.post('/api/recovery-codes', { bodyLimit: ACCOUNT_BODY_BYTES }, async (request, reply) => {
		const identity = requireSession(request, reply);
		const body = identity && readBody(request, reply, Confirmation);
		if (identity === undefined || body === undefined) return reply;
		const { accountId } = identity;
		const outcome = await confirmed(parts, accountId, body.password, (account) =>
			replaceCodes(parts, accountId, account.passwordHash)
		);
		if (!outcome.ok) return sendRefusal(reply, outcome.refusal);
		return reply.status(201).send(outcome.value);
	});
}

/** Makes new codes; the old ones are void. */
async function replaceCodes(
	{ accounts }: AccountParts,
	accountId: string,
	confirmedHash: string
): Promise<Outcome<RecoveryCodes>> {
	const recoveryCodes = makeRecoveryCodes();
	const hashes = recoveryCodes.map((code) => hashRecoveryCode(accountId, code));
	const changed = await accounts.changeAccount(accountId, (now) =>
		now.passwordHash === confirmedHash ? { recoveryCodes: hashes } : undefined
	);
	return changed === undefined ? refuse('signed-out') : { ok: true, value: { recoveryCodes } };
}
