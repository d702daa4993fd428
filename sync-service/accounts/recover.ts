import type { Recovery } from '#contract/account.ts';
import type { AccountParts } from '#service/accounts/account-parts.ts';
import { beginEra } from '#service/accounts/begin-era.ts';
import { guardGuess } from '#service/accounts/guarded.ts';
import { findPasswordWeakness } from '#service/accounts/password-rules.ts';
import { hashPassword } from '#service/accounts/password.ts';
import { hashRecoveryCode } from '#service/accounts/recovery-codes.ts';
import { removeRows } from '#service/accounts/remove-rows.ts';
import type { Entered, Entry } from '#service/accounts/sign-in.ts';
import { type Outcome, refuse } from '#service/plugins/problems.ts';

/**
 * Gives an account a new password for one of its recovery codes. Code, password, sessions and app passwords change
 * in one write; of requests with the same code at the same instant one wins.
 *
 * @throws {StoreUnavailable} and it may be done all the same: then the new password signs in
 */
export async function recover(
	parts: AccountParts,
	{ email, code, newPassword }: Recovery,
	{ claimant, device }: Entry
): Promise<Outcome<Entered>> {
	const reason = findPasswordWeakness(newPassword, email);
	if (reason !== undefined) return refuse('weak-password', { reason });
	const { accounts, endings } = parts;
	return guardGuess(parts, parts.counters.proof('recovery-code', claimant), async () => {
		const account = await accounts.findAccountByEmail(email);
		const used = hashRecoveryCode(account?.id ?? 'nobody', code);
		if (!account?.recoveryCodes?.includes(used)) return refuse('invalid-code');
		if (account.suspended) return refuse('suspended');
		const passwordHash = await hashPassword(newPassword);
		const session = await beginEra(
			parts,
			account,
			({ recoveryCodes, appPasswordEra = 0 }) => {
				if (!recoveryCodes?.includes(used)) return undefined;
				const left = recoveryCodes.filter((one) => one !== used);
				return { passwordHash, recoveryCodes: left, appPasswordEra: appPasswordEra + 1 };
			},
			device
		);
		if (session === undefined) return refuse('invalid-code');
		const removing = removeRows(accounts.rows, `app-password:${account.id}:`, endings);
		await Promise.allSettled([removing]);
		return { ok: true, value: { account, session } };
	});
}
