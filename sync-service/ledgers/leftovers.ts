import type { Rows } from '#service/accounts/rows.ts';
import { type CouchDocument, StoreUnavailable } from '#service/couch/client.ts';
import type { LedgerRow } from '#service/ledgers/ledger-row.ts';
import { namesDatabase } from '#service/ledgers/ledger-row.ts';
import { type Placements, PlacementUnknown } from '#service/ledgers/placements.ts';

/**
 * A database that may come to be in no ledger: noted before it is made or left, until its ledger's row says what
 * became of it. The sweep removes one whose ledger does not name it.
 */
export interface LeftoverRow extends CouchDocument {
	placement: string;
	database: string;
	ledgerId: string;
	/** The account that a sign-up makes it for; until that is whole, the ledger's row says nothing. */
	accountId?: string;
	/** An instant in ISO 8601. */
	since: string;
}

export type Leftover = Pick<LeftoverRow, 'placement' | 'database' | 'ledgerId' | 'accountId'>;

/** Milliseconds after which whoever made a database has long decided what becomes of it. */
const SETTLED_MS = 10 * 60_000;
/** Milliseconds after which whoever noted one does not go on with it: far from the sweep's. */
export const UNDER_WAY_MS = 2 * 60_000;

/** Notes a database that may be left over. @throws {StoreUnavailable} */
export async function noteLeftover(rows: Rows, leftover: Leftover): Promise<void> {
	const since = new Date().toISOString();
	// A conflict says that it is noted already.
	await rows.put({ _id: toId(leftover.database), ...leftover, since });
}

/** It is not left over, or gone. @throws {StoreUnavailable} */
export async function forgetLeftover(rows: Rows, database: string): Promise<void> {
	const row = await rows.find(toId(database));
	if (row?._rev !== undefined) await rows.remove(row._id, row._rev);
}

/** Removes a database, and the note of it; where that fails, leaves one for later. Never fails. */
export async function discardDatabase(
	rows: Rows,
	placements: Placements,
	leftover: Leftover
): Promise<void> {
	try {
		await placements.get(leftover.placement).provisioner.destroyDatabase(leftover.database);
		await forgetLeftover(rows, leftover.database);
	} catch {
		await Promise.allSettled([noteLeftover(rows, leftover)]);
	}
}

/** Removes one that was noted, if no ledger is in it. @throws {StoreUnavailable} */
export async function removeLeftover(
	rows: Rows,
	placements: Placements,
	row: LeftoverRow
): Promise<void> {
	const ledger = await rows.find<LedgerRow>(`ledger:${row.ledgerId}`);
	if (ledger === undefined || !namesDatabase(ledger, row.database)) {
		try {
			await placements.get(row.placement).provisioner.destroyDatabase(row.database);
		} catch (error) {
			// One placement that is away, or not set up at the moment, keeps nothing else from being swept.
			if (error instanceof PlacementUnknown || error instanceof StoreUnavailable) return;
			throw error;
		}
	} else if (ledger.database !== row.database) {
		// A move that is not finished: its command goes on with it.
		return;
	}
	if (row._rev !== undefined) await rows.remove(row._id, row._rev);
}

/** Whether whoever noted it has long come to an end with it. */
export function isSettled({ since }: LeftoverRow): boolean {
	return Date.parse(since) + SETTLED_MS <= Date.now();
}

function toId(database: string): string {
	return `leftover:${database}`;
}
