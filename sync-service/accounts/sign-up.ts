import { randomBytes } from 'node:crypto';
import type { SignUp } from '#contract/account.ts';
import type { Account, AccountRow } from '#service/accounts/account-store.ts';
import type { AccountParts } from '#service/accounts/account-parts.ts';
import { findPasswordWeakness } from '#service/accounts/password-rules.ts';
import { hashPassword } from '#service/accounts/password.ts';
import { hashRecoveryCode, makeRecoveryCodes } from '#service/accounts/recovery-codes.ts';
import type { Rows } from '#service/accounts/rows.ts';
import type { Entered, Entry } from '#service/accounts/sign-in.ts';
import { takeBackSignUp } from '#service/accounts/unfinished-sign-up.ts';
import { type CouchDocument, StoreUnavailable } from '#service/couch/client.ts';
import { type DatabaseAt, makeLedgerRow } from '#service/ledgers/ledger-row.ts';
import { UNDER_WAY_MS } from '#service/ledgers/leftovers.ts';
import { takeMoment, toAge } from '#service/ledgers/moment.ts';
import { type Outcome, refuse } from '#service/plugins/problems.ts';

export interface Joined extends Entered {
	recoveryCodes: string[];
}

/**
 * Lets somebody in who may sign up here, and makes the account.
 *
 * @throws {StoreUnavailable} @throws {HashingBusy}
 */
export async function signUp(
	parts: AccountParts,
	{ email, password, invite }: SignUp,
	entry: Entry
): Promise<Outcome<Joined>> {
	const { accounts, throttle, counters, signUpMode, invites } = parts;
	if (signUpMode === 'closed') return refuse('sign-up-closed');
	// A mistyped password, said at once, is no attempt to fill the store.
	const reason = findPasswordWeakness(password, email);
	if (reason !== undefined) return refuse('weak-password', { reason });
	const refused = await throttle.take(counters.signUp(entry.claimant.address));
	if (refused !== undefined) {
		return refuse('too-many-requests', { retryAfterSeconds: refused.waitSeconds });
	}
	if (signUpMode === 'open') return makeAccount(parts, { email, password }, entry);

	// Before the email is looked at: without an invitation nobody learns which are taken.
	if (invite === undefined) return refuse('invalid-invite');
	if ((await invites.take(invite, email)) === 'invalid') return refuse('invalid-invite');
	let outcome: Outcome<Joined> | undefined;
	try {
		outcome = await makeAccount(parts, { email, password }, entry);
		return outcome;
	} finally {
		// Where nobody knows what became of it, it counts as made if the email is taken now.
		const isMade = outcome?.ok ?? (await accounts.isEmailTaken(email).catch(() => true));
		if (!isMade) await Promise.allSettled([invites.giveBack(invite)]);
	}
}

/**
 * Makes an account with its ledger and first session, whole or not at all. The email is claimed
 * last: until then nothing that was written can be reached, and the sweep takes back what a crash leaves.
 */
async function makeAccount(
	parts: AccountParts,
	{ email, password }: { email: string; password: string },
	{ device, formerToken }: Entry
): Promise<Outcome<Joined>> {
	const { accounts, sessions, databases } = parts;
	if (await accounts.isEmailTaken(email)) return refuse('email-taken');

	const accountId = makeId();
	const ledgerId = makeId();
	const recoveryCodes = makeRecoveryCodes();
	const row: AccountRow = {
		_id: `account:${accountId}`,
		email,
		passwordHash: await hashPassword(password),
		ledgerId,
		createdAt: new Date().toISOString(),
		recoveryCodes: recoveryCodes.map((code) => hashRecoveryCode(accountId, code))
	};
	const account: Account = { ...row, id: accountId };

	let keep = false;
	let at: DatabaseAt | undefined;
	try {
		const began = takeMoment();
		const made = await databases.make(ledgerId, accountId);
		if (made === 'full') return refuse('sign-up-full');
		at = made;
		await requirePut(accounts.rows, makeLedgerRow(ledgerId, accountId, at));
		await requirePut(accounts.rows, row);
		const session = await sessions.create(account, device);
		// The sweep may have taken it for one that was broken off.
		if (toAge(began) > UNDER_WAY_MS) throw new StoreUnavailable('a sign-up took too long');
		let claimed: boolean;
		try {
			claimed = (await accounts.claimEmail(email, accountId)) === 'claimed';
		} catch (error) {
			// The answer was lost, not necessarily the write: unless we learn which, all is kept.
			keep = true;
			claimed = (await accounts.findAccountByEmail(email))?.id === accountId;
			keep = claimed;
			if (!claimed) throw error;
		}
		if (!claimed) return refuse('email-taken');
		keep = true;
		await databases.keep(at);
		if (formerToken !== undefined) await Promise.allSettled([sessions.end(formerToken)]);
		return { ok: true, value: { account, session, recoveryCodes } };
	} finally {
		// What cannot be removed now is noted and unreachable: the sweep removes it.
		if (!keep) await Promise.allSettled([takeBackSignUp(parts, { accountId, ledgerId }, at)]);
	}
}

async function requirePut(rows: Rows, row: CouchDocument): Promise<void> {
	const written = await rows.put(row);
	if (written === 'conflict') throw new Error(`Sign-up: a random id was there already, ${row._id}`);
}

/** 128 random bits in hexadecimal: no dot, which parts a session token, and no underscore in front. */
function makeId(): string {
	return randomBytes(16).toString('hex');
}
