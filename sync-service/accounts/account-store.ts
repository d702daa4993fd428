import { createHash } from 'node:crypto';
import type { CouchClient, CouchDocument } from '#service/couch/client.ts';
import type { Provisioner } from '#service/ledgers/provision.ts';

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
	client: CouchClient;
	database: string;
	/** Makes sure the database is there. @throws {StoreUnavailable} */
	prepare(): Promise<void>;
	findAccount(accountId: string): Promise<AccountRow | undefined>;
	findAccountByEmail(email: string): Promise<(AccountRow & { id: string }) | undefined>;
	/** Claims an email for an account. @throws {StoreUnavailable} and it may be claimed all the same */
	claimEmail(email: string, accountId: string): Promise<'claimed' | 'taken'>;
	isEmailTaken(email: string): Promise<boolean>;
}

export function createAccountStore(
	client: CouchClient,
	provisioner: Provisioner,
	database: string
): AccountStore {
	let prepared: Promise<void> | undefined;

	async function createDatabase(): Promise<void> {
		const created = await provisioner.createDatabase(database);
		if (created === 'full') throw new Error(`The store has no room for ${database}.`);
	}

	async function prepare(): Promise<void> {
		prepared ??= createDatabase();
		try {
			await prepared;
		} catch (error) {
			prepared = undefined;
			throw error;
		}
	}

	function findAccount(accountId: string): Promise<AccountRow | undefined> {
		return client.find<AccountRow>(database, `account:${accountId}`);
	}

	function findClaim(email: string): Promise<EmailClaim | undefined> {
		return client.find<EmailClaim>(database, toClaimId(email));
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
		if ((await client.put(database, document)) !== 'conflict') return 'claimed';
		// The client retries by itself, so the conflict may be with our own first attempt.
		return (await findClaim(email))?.accountId === accountId ? 'claimed' : 'taken';
	}

	return {
		client,
		database,
		prepare,
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
