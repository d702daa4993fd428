import { Email } from '#contract/account.ts';
import {
	type Account,
	type AccountRow,
	type AccountStore,
	toAccount
} from '#service/accounts/account-store.ts';

/** What a page is made of. */
export interface FoundAccounts {
	/** Ordered by their ids, which are random. */
	found: Account[];
	/** The id after which the next page begins; absent: this is the last. */
	next?: string;
}

export interface FindLimits {
	/** Accounts on a page. */
	page: number;
	/** Accounts read at a time where one is looked for, and how often for one page. */
	read: number;
	reads: number;
}

const LIMITS: FindLimits = { page: 50, read: 500, reads: 20 };
const PREFIX = 'account:';

/**
 * A page of the accounts whose email holds `search`. A whole email is looked up, and found alone. Parts of one have
 * no index, which CouchDB could keep and the embedded store could not: the accounts are read until the page is
 * full, 10,000 of them at most, so that a page may hold fewer and still have a next.
 *
 * @param after an account's id; `''`: from the first
 * @throws {StoreUnavailable}
 */
export async function findAccounts(
	accounts: AccountStore,
	search: string,
	after: string,
	limits: Partial<FindLimits> = {}
): Promise<FoundAccounts> {
	const { page, read, reads } = { ...LIMITS, ...limits };
	const email = Email.safeParse(search);
	const whole = email.success ? await accounts.findAccountByEmail(email.data) : undefined;
	if (whole !== undefined) return { found: [whole] };

	const found: Account[] = [];
	const size = search === '' ? page + 1 : read;
	let last = PREFIX + after;
	for (let turn = 0; turn < reads; turn++) {
		const rows = await accounts.rows.listAfter<AccountRow>(PREFIX, last, size);
		for (const row of rows) {
			const account = toAccount(row._id.slice(PREFIX.length), row);
			if (!account?.email.includes(search)) continue;
			const previous = found.at(-1);
			if (previous !== undefined && found.length >= page) return { found, next: previous.id };
			found.push(account);
		}
		if (rows.length < size) return { found };
		last = rows.at(-1)?._id ?? last;
	}
	return { found, next: last.slice(PREFIX.length) };
}
