import type { EmailChange } from '#contract/account.ts';
import type { Account } from '#service/accounts/account-store.ts';
import type { AccountParts } from '#service/accounts/account-parts.ts';
import { confirmed } from '#service/accounts/guarded.ts';
import { type Outcome, refuse } from '#service/plugins/problems.ts';

/**
 * Changes the email an account signs in with. The new one is claimed before the old one is let go; after a crash
 * in between, the account has the one or the other, and the claim that is left over is free again after a while.
 *
 * @param address whoever asks for emails that are taken is counted with those who try to sign up with them
 * @throws {StoreUnavailable} and it may be changed all the same
 */
export function changeEmail(
	parts: AccountParts,
	accountId: string,
	{ email, password }: EmailChange,
	address: string
): Promise<Outcome<Account>> {
	const { accounts, endings, throttle, counters } = parts;
	return confirmed(parts, accountId, password, async (account) => {
		if (account.email === email) return { ok: true, value: account };
		const refused = await throttle.take(counters.signUp(address));
		if (refused !== undefined) {
			return refuse('too-many-requests', { retryAfterSeconds: refused.waitSeconds });
		}
		if ((await accounts.claimEmail(email, accountId)) === 'taken') return refuse('email-taken');
		let changed: Account | undefined;
		try {
			changed = await move(parts, account, email);
		} finally {
			// It may be written even where its answer was lost.
			endings.recheckAccount(accountId);
		}
		if (changed === undefined) return refuse('signed-out');
		await Promise.allSettled([accounts.releaseEmail(account.email, accountId)]);
		return { ok: true, value: changed };
	});
}

async function move(
	{ accounts }: AccountParts,
	{ id, email: former, passwordHash }: Account,
	email: string
): Promise<Account | undefined> {
	let failure: unknown;
	try {
		const changed = await accounts.changeAccount(id, (now) =>
			now.email === former && now.passwordHash === passwordHash ? { email } : undefined
		);
		if (changed !== undefined) return changed;
	} catch (error) {
		failure = error;
	}
	// Its answer may be lost, or another request has changed it: what stands in the store is true.
	const now = await accounts.findAccount(id);
	if (now?.email === email) return now;
	await Promise.allSettled([accounts.releaseEmail(email, id)]);
	if (failure !== undefined) throw failure;
	return undefined;
}
