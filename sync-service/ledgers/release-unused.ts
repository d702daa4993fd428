import { setTimeout as pauseFor } from 'node:timers/promises';
import type { AccountRow } from '#service/accounts/account-store.ts';
import type { Rows } from '#service/accounts/rows.ts';
import { StoreUnavailable } from '#service/couch/client.ts';
import { changeLedger } from '#service/ledgers/change-ledger.ts';
import { HOLD_MS, holdWrites, isOver, liftHold } from '#service/ledgers/hold.ts';
import type { LedgerDatabases } from '#service/ledgers/ledger-databases.ts';
import type { DatabaseAt, LedgerRow } from '#service/ledgers/ledger-row.ts';
import { noteLeftover } from '#service/ledgers/leftovers.ts';
import { MEMORY } from '#service/ledgers/ledger-store.ts';
import type { Placements } from '#service/ledgers/placements.ts';
import { readJson } from '#service/replication/store-answers.ts';

export interface ReleaseParts {
	rows: Rows;
	placements: Placements;
	databases: LedgerDatabases;
	/** Days after which a ledger that was never written to gives its database back; 0: never. */
	afterDays: number;
	/** Milliseconds from a hold until nothing is acknowledged any more that does not know of it. */
	settleMs?: number;
}

const DAY_MS = 86_400_000;
const SETTLE_MS = MEMORY.leaseMs + 1_000;

/**
 * Gives a ledger's database back, if nothing was ever written to it and no device has reached it for long. Its next
 * use makes another. Writes are held while it is looked at: what was acknowledged before is seen, and nothing is
 * acknowledged after.
 *
 * @returns whether it was released.
 * @throws {StoreUnavailable}
 */
export async function releaseUnused(parts: ReleaseParts, row: LedgerRow): Promise<boolean> {
	const { rows, placements, databases, settleMs = SETTLE_MS } = parts;
	const ledgerId = row._id.slice('ledger:'.length);
	if (!(await isUnused(parts, row)) || !(await isEmpty(placements, row))) return false;
	const isMeant = (now: LedgerRow) =>
		now.database === row.database && isSettled(now) && now.lastSyncAt === row.lastSyncAt;
	const holdId = await holdWrites(rows, ledgerId, HOLD_MS, (now) => isMeant(now) && isFree(now));
	if (holdId === undefined) return false;
	const { placement, database } = row;
	let released: LedgerRow | undefined;
	try {
		await pauseFor(settleMs);
		if (await isEmpty(placements, row)) {
			// From that write on, no row names it.
			await noteLeftover(rows, { placement, database, ledgerId });
			released = await changeLedger(rows, ledgerId, ({ hold, ...now }) =>
				hold?.id === holdId && isMeant(now as LedgerRow)
					? ({ ...now, released: true } as LedgerRow)
					: undefined
			);
		}
	} finally {
		if (released === undefined) await liftHold(rows, ledgerId, holdId).catch(() => {});
	}
	if (released === undefined) {
		await databases.keep(row);
		return false;
	}
	await databases.discard({ placement, database }, ledgerId);
	return true;
}

/** Neither on its way to another database nor without one. */
function isSettled({ released, next, former }: LedgerRow): boolean {
	return !released && next === undefined && former === undefined;
}

/** Held by nobody, or by one who has been gone for long. */
function isFree({ hold }: LedgerRow): boolean {
	return hold === undefined || isOver(hold);
}

async function isUnused({ rows, afterDays }: ReleaseParts, row: LedgerRow): Promise<boolean> {
	if (afterDays === 0 || !isSettled(row) || !isFree(row)) return false;
	const before = Date.now() - afterDays * DAY_MS;
	if (row.lastSyncAt !== undefined) return Date.parse(row.lastSyncAt) < before;
	const account = await rows.find<AccountRow>(`account:${row.accountId}`);
	return account !== undefined && Date.parse(account.createdAt) < before;
}

/** Whether nothing was ever written, what was deleted again included. @throws {StoreUnavailable} */
async function isEmpty(
	placements: Placements,
	{ placement, database }: DatabaseAt
): Promise<boolean> {
	const { client } = placements.get(placement);
	const answer = await client.request('GET', `/${database}/_changes?feed=normal&limit=1`);
	const { results } = await readJson<{ results: unknown[] }>(answer);
	if (!Array.isArray(results)) throw new StoreUnavailable('the store sent changes without results');
	return results.length === 0;
}
