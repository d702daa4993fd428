import type { Rows } from '#service/accounts/rows.ts';
import { StoreUnavailable } from '#service/couch/client.ts';
import type { LedgerRow } from '#service/ledgers/ledger-row.ts';

/** The row as it is to be; `undefined`: nothing is to be written. */
export type ChangeLedger = (row: LedgerRow) => LedgerRow | undefined;

/** How often a write that met a newer revision is tried again. */
const ATTEMPTS = 10;

/**
 * Writes what `change` makes of a ledger's row as it is now, however often others write in between.
 *
 * @returns the row as it was written; `undefined`: it is gone, or nothing was to be written.
 * @throws {StoreUnavailable} and it may be written all the same
 */
export async function changeLedger(
	rows: Rows,
	ledgerId: string,
	change: ChangeLedger
): Promise<LedgerRow | undefined> {
	for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
		const row = await rows.find<LedgerRow>(`ledger:${ledgerId}`);
		const changed = row && change(row);
		if (changed === undefined) return undefined;
		const written = await rows.put(changed);
		if (written !== 'conflict') return { ...changed, _rev: written.rev };
	}
	throw new StoreUnavailable('a ledger row kept changing under our hands');
}
