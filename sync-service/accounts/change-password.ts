import type { PasswordChange } from '#contract/account.ts';
import type { AccountParts } from '#service/accounts/account-parts.ts';
import { beginEra } from '#service/accounts/begin-era.ts';
import { confirmed } from '#service/accounts/guarded.ts';
import type { Identity } from '#service/accounts/identity.ts';
import { findPasswordWeakness } from '#service/accounts/password-rules.ts';
import { hashPassword } from '#service/accounts/password.ts';
import type { NewSession } from '#service/accounts/sessions.ts';
import { type Outcome, refuse } from '#service/plugins/problems.ts';

/**
 * Changes a password and ends all sessions; who asks gets a new one. App passwords go on: they are secrets of
 * their own, and a list says which there are.
 *
 * @throws {StoreUnavailable} and it may be changed all the same
 */
export function changePassword(
	parts: AccountParts,
	{ accountId, email }: Identity,
	{ password, newPassword }: PasswordChange,
	device: string
): Promise<Outcome<NewSession>> {
	return confirmed(parts, accountId, password, async (account) => {
		const reason = findPasswordWeakness(newPassword, email);
		if (reason !== undefined) return refuse('weak-password', { reason });
		const passwordHash = await hashPassword(newPassword);
		const session = await beginEra(
			parts,
			account,
			(now) => (now.passwordHash === account.passwordHash ? { passwordHash } : undefined),
			device
		);
		// Somebody else changed it at this very moment, which ended the session that asks.
		return session === undefined ? refuse('signed-out') : { ok: true, value: session };
	});
}
