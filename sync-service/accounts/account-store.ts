import { createHash } from 'node:crypto';
import type { Rows } from '#service/accounts/rows.ts';
import type { CouchDocument } from '#service/couch/client.ts';

/** A person's account. */
export interface AccountRow extends CouchDocument {
	email: string;
	/** Argon2id, in PHC form. */
	passwordHash: string;
	ledgerId: string;
	/** An instant in ISO 8601. */
	createdAt: string;
}

/** Says whose an email is. The last document a sign-up writes: without it nothing is reachable. */
interface EmailClaim extends CouchDocument {
	accountId: string;
}

/** Accounts, sessions and the ledgers' rows, all in one database of the store. */
export interface AccountStore {
	rows: Rows;
	findAccount(accountId: string): Promise<AccountRow | undefined>;
	findAccountByEmail(email: string): Promise<(AccountRow & { id: string }) | undefined>;
	/** Claims an email for an account. @throws {StoreUnavailable} and it may be claimed all the same */
	claimEmail(email: string, accountId: string): Promise<'claimed' | 'taken'>;
	isEmailTaken(email: string): Promise<boolean>;
}

export function createAccountStore(rows: Rows): AccountStore {
	function findAccount(accountId: string): Promise<AccountRow | undefined> {
		return rows.find<AccountRow>(`account:${accountId}`);
	}

	function findClaim(email: string): Promise<EmailClaim | undefined> {
		return rows.find<EmailClaim>(toClaimId(email));
	}

	async function findAccountByEmail(email: string) {
		const claim = await findClaim(email);
		// An unknown email costs the same two reads, so that time does not tell it apart.
		const accountId = claim?.accountId ?? 'nobody';
		const account = await findAccount(accountId);
		return account === undefined ? undefined : { ...account, id: accountId };
	}

	async function claimEmail(email: string, accountId: string): Promise<'claimed' | 'taken'> {
		const claim = await findClaim(email);
		// A claim without its account is what a cleaned-up sign-up may leave when its answer was lost.
		if (claim !== undefined && (await findAccount(claim.accountId)) !== undefined) return 'taken';
		const document: CouchDocument = { ...claim, _id: toClaimId(email), accountId };
		if ((await rows.put(document)) !== 'conflict') return 'claimed';
		// The client retries by itself, so the conflict may be with our own first attempt.
		return (await findClaim(email))?.accountId === accountId ? 'claimed' : 'taken';
	}

	return {
		rows,
		findAccount,
		findAccountByEmail,
		claimEmail,
		isEmailTaken: async (email) => (await findAccountByEmail(email)) !== undefined
	};
}

/** The claim's id tells nothing about the email to who reads ids. */
function toClaimId(email: string): string {
	return `email:${createHash('sha256').update(email).digest('hex')}`;
}
