import type { AccountRow } from '#service/accounts/account-store.ts';
import type { AccountParts } from '#service/accounts/account-parts.ts';
import { removeRow, removeRows } from '#service/accounts/remove-rows.ts';
import type { CouchDocument } from '#service/couch/client.ts';
import type { DatabaseAt } from '#service/ledgers/ledger-row.ts';
import { isSettled, type LeftoverRow, removeLeftover } from '#service/ledgers/leftovers.ts';

type SignUpParts = Pick<AccountParts, 'accounts' | 'endings' | 'placements' | 'databases'>;

/** What a sign-up makes beside its database; a database that is noted for it says the same. */
export interface SignUpIds {
	accountId: string;
	ledgerId: string;
}

/**
 * Removes everything that a sign-up made, the database last, and with it the note that leads back here. Each step may
 * have been made before.
 *
 * @throws {StoreUnavailable} and the rest is still to be done
 */
export async function takeBackSignUp(
	{ accounts: { rows }, databases, endings }: SignUpParts,
	{ accountId, ledgerId }: SignUpIds,
	at: DatabaseAt | undefined
): Promise<void> {
	await removeRow(rows, `account:${accountId}`);
	await removeRows(rows, `session:${accountId}:`, endings);
	await removeRow(rows, `ledger:${ledgerId}`);
	if (at !== undefined) await databases.discard(at, ledgerId);
}

/**
 * Decides about a database that may be left over, once whoever noted it has come to an end: what a sign-up left that
 * never got to its last write goes with it.
 *
 * @throws {StoreUnavailable}
 */
export async function settleLeftover(parts: SignUpParts, row: LeftoverRow): Promise<void> {
	if (!isSettled(row)) return;
	const { rows } = parts.accounts;
	if (row.accountId === undefined) return removeLeftover(rows, parts.placements, row);
	const account = await rows.find<AccountRow>(`account:${row.accountId}`);
	if (account !== undefined) {
		if (await isReachable(parts, row.accountId, account)) {
			return removeLeftover(rows, parts.placements, row);
		}
		// As it was looked at, or not at all: one that changes is somebody's.
		if (!(await removeAsSeen(parts, account))) return;
	}
	const { accountId, ledgerId, placement, database } = row;
	await takeBackSignUp(parts, { accountId, ledgerId }, { placement, database });
}

/** Whether its email leads to it, or did: then its removal takes along what belongs to it. */
async function isReachable(
	{ accounts }: SignUpParts,
	accountId: string,
	{ email, removedAt }: AccountRow
): Promise<boolean> {
	if (removedAt !== undefined) return true;
	return (await accounts.findAccountByEmail(email))?.id === accountId;
}

async function removeAsSeen({ accounts: { rows } }: SignUpParts, seen: CouchDocument) {
	return seen._rev !== undefined && (await rows.remove(seen._id, seen._rev)) === 'removed';
}
