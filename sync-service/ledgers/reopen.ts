import type { Rows } from '#service/accounts/rows.ts';
import { StoreUnavailable } from '#service/couch/client.ts';
import { changeLedger } from '#service/ledgers/change-ledger.ts';
import type { LedgerDatabases } from '#service/ledgers/ledger-databases.ts';
import { type LedgerRow, makeIncarnation } from '#service/ledgers/ledger-row.ts';
import { UNDER_WAY_MS } from '#service/ledgers/leftovers.ts';
import { takeMoment, toAge } from '#service/ledgers/moment.ts';

/**
 * Gives a ledger whose database was given back another one, under another name. Of several processes that do so at
 * once one's is taken; the others' go.
 *
 * @returns the row as it is then; `undefined`: it is gone.
 * @throws {StoreUnavailable} where no placement has room, too
 */
export async function reopen(
	rows: Rows,
	databases: LedgerDatabases,
	{ _id }: LedgerRow
): Promise<LedgerRow | undefined> {
	const ledgerId = _id.slice('ledger:'.length);
	const began = takeMoment();
	const made = await databases.make(ledgerId);
	if (made === 'full')
		throw new StoreUnavailable('no placement has room for a ledger that was released');
	let written: LedgerRow | undefined;
	try {
		written = await changeLedger(rows, ledgerId, ({ released, ...row }) => {
			if (!released) return undefined;
			// The sweep may have taken it for left over.
			if (toAge(began) > UNDER_WAY_MS) throw new StoreUnavailable('a database took too long');
			return { ...row, ...made, incarnation: makeIncarnation() } as LedgerRow;
		});
	} catch (error) {
		// It may be written: then it is the ledger's, and the next look finds it.
		const now = await rows.find<LedgerRow>(_id);
		if (now?.database !== made.database) await databases.discard(made, ledgerId);
		throw error;
	}
	if (written !== undefined) {
		await databases.keep(made);
		return written;
	}
	await databases.discard(made, ledgerId);
	return rows.find<LedgerRow>(_id);
}
