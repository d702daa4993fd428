import type { Credentials } from '#contract/account.ts';
import type { Account } from '#service/accounts/account-store.ts';
import type { AccountParts } from '#service/accounts/account-parts.ts';
import { guardGuess } from '#service/accounts/guarded.ts';
import type { Claimant } from '#service/accounts/limits.ts';
import {
	HashingBusy,
	hashPassword,
	isWeakHash,
	verifyPassword
} from '#service/accounts/password.ts';
import type { NewSession } from '#service/accounts/sessions.ts';
import { StoreUnavailable } from '#service/couch/client.ts';
import { type Outcome, refuse } from '#service/plugins/problems.ts';

export interface Entered {
	account: Account;
	session: NewSession;
}

/** Who may sign in, and how: what a request says of itself. */
export interface Entry {
	claimant: Claimant;
	/** In a person's words. */
	device: string;
	/** The session the request came with, which ends. */
	formerToken: string | undefined;
}

/** Verified when the email is unknown, so that it takes as long as a wrong password. */
let nobodysHash: Promise<string> | undefined;

/** Signs somebody in. @throws {StoreUnavailable} @throws {HashingBusy} */
export function signIn(
	parts: AccountParts,
	{ email, password }: Credentials,
	{ claimant, device, formerToken }: Entry
): Promise<Outcome<Entered>> {
	const { accounts, sessions } = parts;
	return guardGuess(parts, parts.counters.proof('password', claimant), async () => {
		// Whoever comes first: made for the first unknown email alone, it would tell that one.
		const nobodys = await getNobodysHash();
		const account = await accounts.findAccountByEmail(email);
		const isRight = await verifyPassword(account?.passwordHash ?? nobodys, password);
		if (account === undefined || !isRight) return refuse('invalid-credentials');
		if (account.suspended) return refuse('suspended');
		await raiseCost(parts, account, password);
		if (formerToken !== undefined) await sessions.end(formerToken);
		const session = await sessions.create(account, device);
		return { ok: true, value: { account, session } };
	});
}

async function getNobodysHash(): Promise<string> {
	nobodysHash ??= hashPassword(crypto.randomUUID());
	try {
		return await nobodysHash;
	} catch (error) {
		nobodysHash = undefined;
		throw error;
	}
}

/** Hashes a password anew that was hashed when less was asked for. */
async function raiseCost({ accounts }: AccountParts, account: Account, password: string) {
	if (!isWeakHash(account.passwordHash)) return;
	try {
		const passwordHash = await hashPassword(password);
		await accounts.changeAccount(account.id, (now) =>
			now.passwordHash === account.passwordHash ? { passwordHash } : undefined
		);
	} catch (error) {
		// The next sign-in does it.
		if (!(error instanceof StoreUnavailable || error instanceof HashingBusy)) throw error;
	}
}
