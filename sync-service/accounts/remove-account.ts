import type { Account, AccountRow } from '#service/accounts/account-store.ts';
import type { AccountParts } from '#service/accounts/account-parts.ts';
import { removeRow, removeRows } from '#service/accounts/remove-rows.ts';
import type { CouchDocument } from '#service/couch/client.ts';
import { type LedgerRow, listDatabases } from '#service/ledgers/ledger-row.ts';

/** Removes what else belongs to an account. It may be called again for what is gone already. */
export type RemoveWithAccount = (
	account: Pick<Account, 'id' | 'email' | 'ledgerId'>
) => Promise<void>;

/** Says that an account's removal has begun, until it is done. */
export interface RemovalRow extends CouchDocument {
	accountId: string;
	/** An instant. */
	beganAt: string;
}

type RemovalParts = Pick<
	AccountParts,
	'accounts' | 'sessions' | 'endings' | 'placements' | 'removeWithAccount'
>;

/**
 * Removes an account with everything of it. From the second write on it is as good as gone: nobody signs in, its
 * email is free. What cannot be removed now the sweep removes. Ids and database names are random and never made
 * twice, so nothing is left to keep their place.
 *
 * @throws {StoreUnavailable} before that write, or when nobody knows whether it was made
 */
export async function removeAccount(parts: RemovalParts, accountId: string): Promise<void> {
	const { accounts, endings } = parts;
	const id = toRemovalId(accountId);
	const beganAt = new Date().toISOString();
	await accounts.rows.put({ _id: id, accountId, beganAt });
	const mark = { removedAt: beganAt, passwordHash: '', recoveryCodes: [] };
	try {
		await accounts.changeAccount(accountId, () => mark);
	} finally {
		// It may be written even where its answer was lost.
		endings.recheckAccount(accountId);
	}
	await Promise.allSettled([finishRemoval(parts, accountId)]);
}

/**
 * Removes what is left of an account that was marked as removed; each step may have been made before. An account
 * that is not marked is left alone.
 *
 * @throws {StoreUnavailable} and the rest is still to be done
 */
export async function finishRemoval(parts: RemovalParts, accountId: string): Promise<void> {
	const { accounts, endings, removeWithAccount } = parts;
	const { rows } = accounts;
	const row = await rows.find<AccountRow>(`account:${accountId}`);
	if (row !== undefined) {
		if (row.removedAt === undefined) return;
		const { email, ledgerId } = row;
		await removeLedger(parts, ledgerId);
		for (const remove of removeWithAccount) await remove({ id: accountId, email, ledgerId });
		await removeRows(rows, `session:${accountId}:`, endings);
		await removeRows(rows, `app-password:${accountId}:`, endings);
		await accounts.releaseEmail(email, accountId);
		// Last but for the mark: it knows the ledger and the email.
		await removeRow(rows, row._id);
	}
	await removeRow(rows, toRemovalId(accountId));
}

/** Removes a ledger's databases, then its row: as it was when they were removed, for it may be moving to others. */
async function removeLedger(
	{ accounts: { rows }, placements }: RemovalParts,
	ledgerId: string
): Promise<void> {
	for (;;) {
		const ledger = await rows.find<LedgerRow>(`ledger:${ledgerId}`);
		if (ledger?._rev === undefined) return;
		for (const { placement, database } of listDatabases(ledger)) {
			await placements.get(placement).provisioner.destroyDatabase(database);
		}
		if ((await rows.remove(ledger._id, ledger._rev)) === 'removed') return;
	}
}

function toRemovalId(accountId: string): string {
	return `removal:${accountId}`;
}
