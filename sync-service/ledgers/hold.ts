import { randomBytes } from 'node:crypto';
import type { Rows } from '#service/accounts/rows.ts';
import { type ChangeLedger, changeLedger } from '#service/ledgers/change-ledger.ts';
import type { Hold, LedgerRow } from '#service/ledgers/ledger-row.ts';

/** Milliseconds a hold lasts at most: whoever set it may have died. */
export const HOLD_MS = 30_000;

/** What a row says while its ledger is not to be written to. */
export function makeHold(holdMs: number): Hold {
	return { id: randomBytes(8).toString('hex'), until: toUntil(holdMs) };
}

/**
 * Holds a ledger's writes; one that is held already is held on, under the same id.
 *
 * From `LedgerMemory.leaseMs` after this on, nothing that goes by an earlier row is acknowledged any more. Only
 * lifting it lets writes pass again, its time alone does not: so whoever still finds its id in the row, and changes
 * the row in that revision, knows that none passed meanwhile.
 *
 * @returns its id; `undefined` where the ledger is gone or `isMeant` says no.
 * @throws {StoreUnavailable}
 */
export async function holdWrites(
	rows: Rows,
	ledgerId: string,
	holdMs: number,
	isMeant: (row: LedgerRow) => boolean
): Promise<string | undefined> {
	const change: ChangeLedger = (row) => {
		if (!isMeant(row)) return undefined;
		return { ...row, hold: row.hold ? { ...row.hold, until: toUntil(holdMs) } : makeHold(holdMs) };
	};
	return (await changeLedger(rows, ledgerId, change))?.hold?.id;
}

/** Lets writes pass again, if it is this hold that keeps them. @throws {StoreUnavailable} */
export async function liftHold(rows: Rows, ledgerId: string, holdId: string): Promise<void> {
	await changeLedger(rows, ledgerId, ({ hold, ...row }) =>
		hold?.id === holdId ? (row as LedgerRow) : undefined
	);
}

export function isOver({ until }: Hold): boolean {
	return Date.parse(until) <= Date.now();
}

function toUntil(holdMs: number): string {
	return new Date(Date.now() + holdMs).toISOString();
}
