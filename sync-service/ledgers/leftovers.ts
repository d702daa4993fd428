import type { Rows } from '#service/accounts/rows.ts';
import { type CouchDocument, StoreUnavailable } from '#service/couch/client.ts';
import type { LedgerRow } from '#service/ledgers/ledger-row.ts';
import { namesDatabase } from '#service/ledgers/ledger-row.ts';
import { type Placements, PlacementUnknown } from '#service/ledgers/placements.ts';

/** A database that no ledger may be in: the sweep removes it, unless its ledger's row names it after all. */
export interface LeftoverRow extends CouchDocument {
	placement: string;
	database: string;
	ledgerId: string;
	/** An instant in ISO 8601. */
	since: string;
}

export type Leftover = Pick<LeftoverRow, 'placement' | 'database' | 'ledgerId'>;

/** Milliseconds after which whoever made a database has long decided what becomes of it. */
const SETTLED_MS = 10 * 60_000;

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

/** Removes a database; where that fails, notes it for later. Never fails. */
export async function discardDatabase(
	rows: Rows,
	placements: Placements,
	leftover: Leftover
): Promise<void> {
	try {
		await placements.get(leftover.placement).provisioner.destroyDatabase(leftover.database);
	} catch {
		await Promise.allSettled([noteLeftover(rows, leftover)]);
	}
}

/** Removes one that was noted, once it is certain that no ledger is in it. @throws {StoreUnavailable} */
export async function removeLeftover(
	rows: Rows,
	placements: Placements,
	row: LeftoverRow
): Promise<void> {
	if (Date.parse(row.since) + SETTLED_MS > Date.now()) return;
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

function toId(database: string): string {
	return `leftover:${database}`;
}
