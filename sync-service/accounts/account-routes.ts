import type { FastifyInstance } from 'fastify';
import {
	Confirmation,
	EmailChange,
	PasswordChange,
	type SignedIn,
	type SignedUp,
	SignUp,
	type SignUpState
} from '#contract/account.ts';
import type { Account } from '#service/accounts/account-store.ts';
import type { AccountParts } from '#service/accounts/account-parts.ts';
import { toAddressKey } from '#service/accounts/address-key.ts';
import { changeEmail } from '#service/accounts/change-email.ts';
import { changePassword } from '#service/accounts/change-password.ts';
import { confirmed } from '#service/accounts/guarded.ts';
import { removeAccount } from '#service/accounts/remove-account.ts';
import {
	ACCOUNT_BODY_BYTES,
	readBody,
	requireSession,
	toDevice,
	toEntry
} from '#service/accounts/requests.ts';
import { signUp } from '#service/accounts/sign-up.ts';
import { clearSessionCookie, setDeviceCookie, setSessionCookie } from '#service/plugins/cookies.ts';
import { sendRefusal } from '#service/plugins/problems.ts';
import type { PublicAddress } from '#service/plugins/secure-origin.ts';

/** `/api/sign-up` and `/api/account`: having an account, changing it, leaving. */
export function addAccountRoutes(
	app: FastifyInstance,
	parts: AccountParts,
	address: PublicAddress
): void {
	const options = { bodyLimit: ACCOUNT_BODY_BYTES };
	const open = { ...options, config: { open: true } } as const;
	const { devices } = parts;

	app.get('/api/sign-up', open, async (): Promise<SignUpState> => ({ signUp: parts.signUpMode }));

	app.post('/api/account', open, async (request, reply) => {
		const body = readBody(request, reply, SignUp);
		if (body === undefined) return reply;
		const proof = await devices.makeProof(body.email);
		const entry = await toEntry(request, body.email, devices, address);
		const outcome = await signUp(parts, body, entry);
		if (!outcome.ok) return sendRefusal(reply, outcome.refusal);
		const { account, session, recoveryCodes } = outcome.value;
		setSessionCookie(request, reply, session, address);
		setDeviceCookie(request, reply, proof, address);
		const answer: SignedUp = { ...toSignedIn(account), recoveryCodes };
		return reply.status(201).send(answer);
	});

	app.put('/api/account/password', options, async (request, reply) => {
		const identity = requireSession(request, reply);
		const body = identity && readBody(request, reply, PasswordChange);
		if (identity === undefined || body === undefined) return reply;
		const outcome = await changePassword(parts, identity, body, toDevice(request));
		if (!outcome.ok) return sendRefusal(reply, outcome.refusal);
		setSessionCookie(request, reply, outcome.value, address);
		return reply.status(204).send();
	});

	app.put('/api/account/email', options, async (request, reply) => {
		const identity = requireSession(request, reply);
		const body = identity && readBody(request, reply, EmailChange);
		if (identity === undefined || body === undefined) return reply;
		const proof = await devices.makeProof(body.email);
		const from = toAddressKey(request.ip);
		const outcome = await changeEmail(parts, identity.accountId, body, from);
		if (!outcome.ok) return sendRefusal(reply, outcome.refusal);
		setDeviceCookie(request, reply, proof, address);
		return toSignedIn(outcome.value);
	});

	app.delete('/api/account', options, async (request, reply) => {
		const identity = requireSession(request, reply);
		const body = identity && readBody(request, reply, Confirmation);
		if (identity === undefined || body === undefined) return reply;
		const { accountId } = identity;
		const outcome = await confirmed(parts, accountId, body.password, async () => {
			await removeAccount(parts, accountId);
			return { ok: true, value: undefined };
		});
		if (!outcome.ok) return sendRefusal(reply, outcome.refusal);
		clearSessionCookie(request, reply, address);
		return reply.status(204).send();
	});
}

export function toSignedIn({
	id,
	email,
	role,
	ledgerId
}: Pick<Account, 'id' | 'email' | 'role' | 'ledgerId'>): SignedIn {
	return { account: { id, email, role: role ?? 'member' }, ledger: { id: ledgerId } };
}
