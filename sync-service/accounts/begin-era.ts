import type { Account, AccountRow } from '#service/accounts/account-store.ts';
import type { AccountParts } from '#service/accounts/account-parts.ts';
import { toSessionKey } from '#service/accounts/session-store.ts';
import type { NewSession } from '#service/accounts/sessions.ts';

/**
 * Writes a change to an account and ends all its sessions with it, in one write: a session holds only in the era
 * it was made in. Who asked for it gets a session of the new era.
 *
 * @param change `undefined`: the account is no longer as it was, and nothing is to be written
 * @returns `undefined` when nothing was written
 * @throws {StoreUnavailable} and it may be written all the same
 */
export async function beginEra(
	{ accounts, sessions, endings }: Pick<AccountParts, 'accounts' | 'sessions' | 'endings'>,
	account: Account,
	change: (now: Account) => Partial<AccountRow> | undefined,
	device: string
): Promise<NewSession | undefined> {
	const before = account.sessionEra ?? 0;
	const sessionEra = before + 1;
	// Made first: it opens nothing before the era begins, and afterwards nothing is left that could fail.
	const session = await sessions.create({ id: account.id, sessionEra }, device);
	let changed: Account | undefined;
	try {
		changed = await accounts.changeAccount(account.id, (now) => {
			const wanted = (now.sessionEra ?? 0) === before ? change(now) : undefined;
			return wanted && { ...wanted, sessionEra };
		});
	} finally {
		// It may be written even where its answer was lost.
		endings.recheckAccount(account.id);
		if (changed === undefined) await Promise.allSettled([sessions.end(session.token)]);
	}
	if (changed === undefined) return undefined;
	// They are void already; that their rows go as well is tidiness.
	await Promise.allSettled([sessions.endAll(account.id, toSessionKey(session.token))]);
	return session;
}
