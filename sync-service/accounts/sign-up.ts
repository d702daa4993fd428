import { randomBytes } from 'node:crypto';
import type { Credentials, SignedIn } from '#contract/account.ts';
import type { AccountRow, AccountStore } from '#service/accounts/account-store.ts';
import type { Rows } from '#service/accounts/rows.ts';
import { findPasswordWeakness } from '#service/accounts/password-rules.ts';
import { hashPassword } from '#service/accounts/password.ts';
import type { NewSession, Sessions } from '#service/accounts/sessions.ts';
import type { CouchDocument } from '#service/couch/client.ts';
import { makeLedgerRow } from '#service/ledgers/ledger-store.ts';
import type { Provisioner } from '#service/ledgers/provision.ts';
import type { Refusal } from '#service/plugins/problems.ts';

export interface SignUpParts {
	accounts: AccountStore;
	sessions: Sessions;
	provisioner: Provisioner;
}

export type SignUpOutcome =
	{ ok: true; signedIn: SignedIn; session: NewSession } | { ok: false; refusal: Refusal };

/**
 * Makes an account with its ledger and first session, whole or not at all. The email is claimed
 * last: until then nothing that was written can be reached, and a crash leaves only orphans.
 *
 * @throws {StoreUnavailable}
 */
export async function signUp(
	parts: SignUpParts,
	{ email, password }: Credentials
): Promise<SignUpOutcome> {
	const { accounts, provisioner } = parts;
	const weakness = findPasswordWeakness(password, email);
	if (weakness !== undefined) return refuse({ code: 'weak-password', reason: weakness });
	if (await accounts.isEmailTaken(email)) return refuse({ code: 'email-taken' });

	const accountId = makeId();
	const ledgerId = makeId();
	const ledger = makeLedgerRow(ledgerId, accountId);
	const account: AccountRow = {
		_id: `account:${accountId}`,
		email,
		passwordHash: await hashPassword(password),
		ledgerId,
		createdAt: new Date().toISOString()
	};

	let keep = false;
	try {
		const created = await provisioner.createDatabase(ledger.database);
		if (created !== 'created') return refuse({ code: 'sign-up-full' });
		await requirePut(accounts.rows, ledger);
		await requirePut(accounts.rows, account);
		const session = await parts.sessions.create(accountId);
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
		if (!claimed) return refuse({ code: 'email-taken' });
		keep = true;
		return {
			ok: true,
			signedIn: { account: { id: accountId, email }, ledger: { id: ledgerId } },
			session
		};
	} finally {
		if (!keep) await cleanUp(parts, accountId, ledger._id, ledger.database);
	}
}

/** Removes what a failed sign-up made; what cannot be removed now stays behind, unreachable. */
async function cleanUp(
	{ accounts, sessions, provisioner }: SignUpParts,
	accountId: string,
	ledgerRowId: string,
	database: string
): Promise<void> {
	await Promise.allSettled([
		removeIfThere(accounts.rows, ledgerRowId),
		removeIfThere(accounts.rows, `account:${accountId}`),
		sessions.endAll(accountId),
		provisioner.destroyDatabase(database)
	]);
}

async function removeIfThere(rows: Rows, id: string): Promise<void> {
	const row = await rows.find(id);
	if (row?._rev !== undefined) await rows.remove(id, row._rev);
}

async function requirePut(rows: Rows, row: CouchDocument): Promise<void> {
	const written = await rows.put(row);
	if (written === 'conflict') throw new Error(`Sign-up: a random id was there already, ${row._id}`);
}

/** 128 random bits in hexadecimal: no dot, which parts a session token, and no underscore in front. */
function makeId(): string {
	return randomBytes(16).toString('hex');
}

function refuse(refusal: Refusal): SignUpOutcome {
	return { ok: false, refusal };
}
