import { createHash, randomBytes } from 'node:crypto';
import type {
	Access,
	AppPassword,
	AppPasswordBody,
	NewAppPassword
} from '#contract/app-password.ts';
import type { Account } from '#service/accounts/account-store.ts';
import { type Believed, createBelieved } from '#service/accounts/believed.ts';
import type { Endings } from '#service/accounts/endings.ts';
import type { Identity } from '#service/accounts/identity.ts';
import type { Rows } from '#service/accounts/rows.ts';
import { type CouchDocument, StoreUnavailable } from '#service/couch/client.ts';

/** Bytes of a new password: out of reach of guessing, so that a plain hash keeps it. */
const SECRET_BYTES = 20;
/** How many one account may have. */
const MOST = 50;
/** Milliseconds between two notes of when one was last used. */
const USED_MS = 60 * 60_000;
/** How many a process remembers to have been right. */
const RIGHT_MOST = 10_000;
const PASSWORD = /^outlay-[A-Za-z0-9_-]{27}$/;

/** `app-password:<accountId>:<SHA-256 of the password>`: found with one read, and nobody can read it back. */
interface AppPasswordRow extends CouchDocument {
	name: string;
	access: Access;
	/** The account's `appPasswordEra` when it was made: under another one it is over. */
	era: number;
	/** An instant. */
	createdAt: string;
	lastUsedAt?: string;
}

export interface AppPasswords {
	/** The newest first. @throws {StoreUnavailable} */
	list(account: Account): Promise<AppPassword[]>;
	/** `'full'`: the account has as many as it may have. @throws {StoreUnavailable} */
	create(account: Account, body: AppPasswordBody): Promise<NewAppPassword | 'full'>;
	/** Ends one, in this process at once. @throws {StoreUnavailable} */
	end(accountId: string, id: string): Promise<'ended' | 'unknown'>;
	/** What was found right a moment ago. */
	believed: Believed;
	/** Whether the password of this key was right before, in this process. */
	wasRight(credentialKey: string): boolean;
	/** Who a password lets in; `undefined`: nobody. No account costs the same as a wrong password. @throws {StoreUnavailable} */
	check(
		account: Account | undefined,
		password: string
	): Promise<Identity | 'suspended' | undefined>;
}

export function createAppPasswords(rows: Rows, endings: Endings): AppPasswords {
	const believed = createBelieved(endings);
	const right = new Set<string>();
	endings.onCredentialEnd((key) => void right.delete(key));

	async function listRows(account: Account): Promise<AppPasswordRow[]> {
		const listed = await rows.list<AppPasswordRow>(toPrefix(account.id));
		return listed.filter((row) => isGoodFor(row, account));
	}

	async function noteUse(row: AppPasswordRow): Promise<void> {
		if (Date.now() - Date.parse(row.lastUsedAt ?? '1970-01-01') < USED_MS) return;
		try {
			await rows.put({ ...row, lastUsedAt: new Date().toISOString() });
		} catch (error) {
			// Worth no refusal: the next use notes it.
			if (!(error instanceof StoreUnavailable)) throw error;
		}
	}

	return {
		believed,
		async list(account) {
			const listed = await listRows(account);
			return listed
				.map(toAppPassword)
				.sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
		},
		async create(account, { name, access }) {
			if ((await listRows(account)).length >= MOST) return 'full';
			const password = `outlay-${randomBytes(SECRET_BYTES).toString('base64url')}`;
			const row: AppPasswordRow = {
				_id: toPrefix(account.id) + toKey(password),
				name,
				access,
				era: account.appPasswordEra ?? 0,
				createdAt: new Date().toISOString()
			};
			const written = await rows.put(row);
			if (written === 'conflict') throw new Error('A random app password was there already.');
			// Others may have been made in the same instant.
			if ((await listRows(account)).length > MOST) {
				await rows.remove(row._id, written.rev);
				return 'full';
			}
			return { ...toAppPassword(row), password };
		},
		async end(accountId, id) {
			const listed = await rows.list<AppPasswordRow>(toPrefix(accountId));
			const row = listed.find(({ _id }) => toListedId(_id) === id);
			if (row?._rev === undefined) return 'unknown';
			await rows.remove(row._id, row._rev);
			// Also where somebody else was faster, or its use was noted meanwhile.
			const left = await rows.find<AppPasswordRow>(row._id);
			if (left?._rev !== undefined) await rows.remove(left._id, left._rev);
			endings.endCredential(keyOf(row._id));
			return 'ended';
		},
		wasRight: (credentialKey) => right.has(credentialKey),
		async check(account, password) {
			if (!PASSWORD.test(password)) return undefined;
			const credentialKey = toKey(password);
			const rowId = toPrefix(account?.id ?? 'nobody') + credentialKey;
			const row = await rows.find<AppPasswordRow>(rowId);
			if (account === undefined || row === undefined) return undefined;
			if (!isGoodFor(row, account) || endings.hasEnded(credentialKey)) return undefined;
			if (account.suspended) return 'suspended';
			const identity: Identity = {
				kind: 'app-password',
				accountId: account.id,
				email: account.email,
				ledgerId: account.ledgerId,
				// It opens a ledger, whoever it is of.
				role: 'member',
				access: row.access,
				credentialKey
			};
			believed.add(identity);
			if (right.size >= RIGHT_MOST) right.clear();
			right.add(credentialKey);
			await noteUse(row);
			return identity;
		}
	};
}

/** What a password is known by inside: 160 random bits need no slow hash. */
export function toKey(password: string): string {
	return createHash('sha256').update(password).digest('hex');
}

function isGoodFor({ era }: AppPasswordRow, { appPasswordEra = 0 }: Account): boolean {
	return era === appPasswordEra;
}

function toPrefix(accountId: string): string {
	return `app-password:${accountId}:`;
}

function keyOf(rowId: string): string {
	return rowId.slice(rowId.lastIndexOf(':') + 1);
}

/** What a person's list calls it by: not what it is known by inside. */
function toListedId(rowId: string): string {
	return createHash('sha256')
		.update(`listed ${keyOf(rowId)}`)
		.digest('hex')
		.slice(0, 32);
}

function toAppPassword({ _id, name, access, createdAt, lastUsedAt }: AppPasswordRow): AppPassword {
	const used = lastUsedAt === undefined ? {} : { lastUsedAt };
	return { id: toListedId(_id), name, access, createdAt, ...used };
}
