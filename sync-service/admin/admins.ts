import type { Account, AccountRow, AccountStore } from '#service/accounts/account-store.ts';
import { toAccount } from '#service/accounts/account-store.ts';
import { removeRow } from '#service/accounts/remove-rows.ts';
import type { CouchDocument } from '#service/couch/client.ts';

/** Says that an account may be an admin's, so that they are found without reading all; its role decides. */
interface AdminRow extends CouchDocument {
	accountId: string;
}

export interface Admins {
	/** Makes an account an admin's, and lifts its suspension. @throws {StoreUnavailable} */
	grant(accountId: string): Promise<'granted' | 'unknown'>;
	/** @throws {StoreUnavailable} */
	revoke(accountId: string): Promise<'revoked' | 'unknown'>;
	/** The suspended too. @throws {StoreUnavailable} */
	list(): Promise<Account[]>;
	/** Removes what says so besides the account itself. @throws {StoreUnavailable} */
	forget(accountId: string): Promise<void>;
}

const PREFIX = 'admin:';

export function createAdmins(accounts: AccountStore): Admins {
	const { rows } = accounts;
	const forget = (accountId: string) => removeRow(rows, PREFIX + accountId);

	return {
		async grant(accountId) {
			if ((await accounts.findAccount(accountId)) === undefined) return 'unknown';
			// First: an admin who is not on the list would not count as one of the last.
			const row: AdminRow = { _id: PREFIX + accountId, accountId };
			await rows.put(row);
			const changed = await accounts.changeAccount(accountId, () => ({
				role: 'admin',
				suspended: false
			}));
			return changed === undefined ? 'unknown' : 'granted';
		},
		async revoke(accountId) {
			const changed = await accounts.changeAccount(accountId, () => ({ role: 'member' }));
			await forget(accountId);
			return changed === undefined ? 'unknown' : 'revoked';
		},
		async list() {
			const ids = (await rows.list<AdminRow>(PREFIX)).map(({ accountId }) => accountId);
			const found = await rows.findMany<AccountRow>(ids.map((id) => `account:${id}`));
			return found
				.map((row, at) => toAccount(ids[at] ?? '', row))
				.filter((account) => account?.role === 'admin') as Account[];
		},
		forget
	};
}
