import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Credentials, type SignedIn } from '#contract/account.ts';
import { hashPassword, verifyPassword } from '#service/accounts/password.ts';
import { signUp, type SignUpParts } from '#service/accounts/sign-up.ts';
import { sendProblem } from '#service/plugins/problems.ts';
import { type Limiters, withinLimits } from '#service/plugins/rate-limits.ts';
import type { PublicAddress } from '#service/plugins/secure-origin.ts';
import { clearSessionCookie, setSessionCookie } from '#service/plugins/session.ts';

/** Bytes of a sign-up or sign-in: an email, a password, and no more. */
const BODY_BYTES = 8 * 1024;

/** `/api/account` and `/api/session`. */
export async function addAccountRoutes(
	app: FastifyInstance,
	parts: SignUpParts,
	limiters: Limiters,
	address: PublicAddress
): Promise<void> {
	const { accounts, sessions } = parts;
	// Verified when the email is unknown, so that it takes as long as a wrong password.
	const nobodysHash = await hashPassword(crypto.randomUUID());
	const options = { bodyLimit: BODY_BYTES };

	app.post('/api/account', options, async (request, reply) => {
		const credentials = readCredentials(request, reply);
		if (credentials === undefined) return reply;
		await withinLimits(request, reply, [limiters.signUps], async () => {
			const outcome = await signUp(parts, credentials);
			if (outcome.ok) {
				setSessionCookie(request, reply, outcome.session, address);
				reply.status(201).send(outcome.signedIn);
			} else {
				sendProblem(reply, outcome.refusal.code, outcome.refusal.reason);
			}
			// A mistyped email or password, said at once, is no attempt to fill the store.
			return outcome.ok || outcome.refusal.code === 'email-taken';
		});
		return reply;
	});

	app.post('/api/session', options, async (request, reply) => {
		const credentials = readCredentials(request, reply);
		if (credentials === undefined) return reply;
		request.signInEmail = credentials.email;
		const failures = [limiters.failuresByAddress, limiters.failuresByEmail];
		await withinLimits(request, reply, failures, async () => {
			const account = await accounts.findAccountByEmail(credentials.email);
			const hash = account?.passwordHash ?? nobodysHash;
			const verified = await verifyPassword(hash, credentials.password);
			if (account === undefined || !verified) {
				sendProblem(reply, 'invalid-credentials');
				return true;
			}
			setSessionCookie(request, reply, await sessions.create(account.id), address);
			reply.status(201).send(toSignedIn(account.id, account.email, account.ledgerId));
			return false;
		});
		return reply;
	});

	app.get('/api/session', async ({ identity }, reply) => {
		if (identity === undefined) return sendProblem(reply, 'signed-out');
		return toSignedIn(identity.accountId, identity.email, identity.ledgerId);
	});

	app.delete('/api/session', options, async (request, reply) => {
		if (request.identity !== undefined && request.sessionToken !== undefined) {
			await sessions.end(request.sessionToken);
		}
		clearSessionCookie(request, reply, address);
		return reply.status(204).send();
	});
}

/** The body as credentials; when it is not, the request is answered and this is `undefined`. */
function readCredentials(request: FastifyRequest, reply: FastifyReply): Credentials | undefined {
	if (request.body === undefined) {
		sendProblem(reply, 'malformed-json', 'The request body is empty; it must be JSON.');
		return undefined;
	}
	const parsed = Credentials.safeParse(request.body);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	const isEmail = issue?.message === 'invalid-email';
	sendProblem(reply, isEmail ? 'invalid-email' : 'invalid-request');
	return undefined;
}

function toSignedIn(accountId: string, email: string, ledgerId: string): SignedIn {
	return { account: { id: accountId, email }, ledger: { id: ledgerId } };
}
