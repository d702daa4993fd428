import { createHash } from 'node:crypto';
import type { Role } from '#contract/account.ts';
import type { Rows } from '#service/accounts/rows.ts';
import { type CouchDocument, StoreUnavailable } from '#service/couch/client.ts';

/** A person's account. */
export interface AccountRow extends CouchDocument {
	email: string;
	/** Argon2id, in PHC form. */
	passwordHash: string;
	ledgerId: string;
	/** An instant in ISO 8601. */
	createdAt: string;
	/** Absent: a member. */
	role?: Role;
	suspended?: boolean;
	/** The hashes of the recovery codes that were not used yet. */
	recoveryCodes?: string[];
	/** A session that was made under another number is over. Absent: 0. */
	sessionEra?: number;
	/** The same for app passwords. */
	appPasswordEra?: number;
	/** When its removal was decided, an instant: from then on it is as good as gone. */
	removedAt?: string;
}

export type Account = AccountRow & { id: string };

/** Says whose an email is. The last document a sign-up writes: without it nothing is reachable. */
interface EmailClaim extends CouchDocument {
	accountId: string;
	/** An instant. Absent in claims of old. */
	claimedAt?: string;
}

/** Accounts, sessions and the ledgers' rows, all in one database of the store. */
export interface AccountStore {
	rows: Rows;
	/** An account that is being removed is not found. */
	findAccount(accountId: string): Promise<Account | undefined>;
	findAccountByEmail(email: string): Promise<Account | undefined>;
	/**
	 * Writes what `change` makes of the account as it is now, however often others write in between.
	 * `undefined`: it is gone, or `change` wants nothing written.
	 *
	 * @throws {StoreUnavailable} and it may be written all the same
	 */
	changeAccount(
		accountId: string,
		change: (account: Account) => Partial<AccountRow> | undefined
	): Promise<Account | undefined>;
	/** Claims an email for an account. @throws {StoreUnavailable} and it may be claimed all the same */
	claimEmail(email: string, accountId: string): Promise<'claimed' | 'taken'>;
	/** Lets go of an email, if it is this account's. @throws {StoreUnavailable} */
	releaseEmail(email: string, accountId: string): Promise<void>;
	isEmailTaken(email: string): Promise<boolean>;
}

/** Milliseconds in which an account must bear the email that it claimed: far more than a request may take. */
const CLAIM_SETTLES_MS = 10 * 60_000;
/** How often a write that met a newer revision is tried again. */
const ATTEMPTS = 5;

export function createAccountStore(rows: Rows): AccountStore {
	async function findAccount(accountId: string): Promise<Account | undefined> {
		return toAccount(accountId, await rows.find<AccountRow>(`account:${accountId}`));
	}

	function findClaim(email: string): Promise<EmailClaim | undefined> {
		return rows.find<EmailClaim>(toClaimId(email));
	}

	async function findAccountByEmail(email: string) {
		const claim = await findClaim(email);
		// An unknown email costs the same two reads, so that time does not tell it apart.
		const account = await findAccount(claim?.accountId ?? 'nobody');
		return account?.email === email ? account : undefined;
	}

	/** Whether whoever has the claim bears the email, or is about to. */
	async function isHeld(email: string, { accountId, claimedAt }: EmailClaim): Promise<boolean> {
		const account = await findAccount(accountId);
		// A claim without its account is what a cleaned-up sign-up may leave when its answer was lost.
		if (account === undefined) return false;
		if (account.email === email) return true;
		// Its account has moved on to another email, or is changing to this one at this moment.
		const age = Date.now() - Date.parse(claimedAt ?? '1970-01-01');
		return age < CLAIM_SETTLES_MS;
	}

	async function claimEmail(email: string, accountId: string): Promise<'claimed' | 'taken'> {
		const claim = await findClaim(email);
		if (claim !== undefined && claim.accountId !== accountId && (await isHeld(email, claim))) {
			return 'taken';
		}
		const claimedAt = new Date().toISOString();
		const document: CouchDocument = { ...claim, _id: toClaimId(email), accountId, claimedAt };
		if ((await rows.put(document)) !== 'conflict') return 'claimed';
		// The client retries by itself, so the conflict may be with our own first attempt.
		return (await findClaim(email))?.accountId === accountId ? 'claimed' : 'taken';
	}

	return {
		rows,
		findAccount,
		findAccountByEmail,
		async changeAccount(accountId, change) {
			for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
				const account = await findAccount(accountId);
				const changed = account && change(account);
				if (account === undefined || changed === undefined) return undefined;
				const { id, ...row } = account;
				if ((await rows.put({ ...row, ...changed })) !== 'conflict') {
					return { ...account, ...changed, id };
				}
			}
			throw new StoreUnavailable('an account kept changing under our hands');
		},
		claimEmail,
		async releaseEmail(email, accountId) {
			const claim = await findClaim(email);
			if (claim?._rev === undefined || claim.accountId !== accountId) return;
			await rows.remove(claim._id, claim._rev);
		},
		isEmailTaken: async (email) => {
			const claim = await findClaim(email);
			return claim !== undefined && (await isHeld(email, claim));
		}
	};
}

/** An account's row as the account it is; what is being removed is none. */
export function toAccount(accountId: string, row: AccountRow | undefined): Account | undefined {
	return row === undefined || row.removedAt !== undefined ? undefined : { ...row, id: accountId };
}

/** The claim's id tells nothing about the email to who reads ids. */
function toClaimId(email: string): string {
	return `email:${createHash('sha256').update(email).digest('hex')}`;
}
