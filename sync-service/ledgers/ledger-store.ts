import type { Rows } from '#service/accounts/rows.ts';
import { isOver, liftHold } from '#service/ledgers/hold.ts';
import type { LedgerDatabases } from '#service/ledgers/ledger-databases.ts';
import type { LedgerRow } from '#service/ledgers/ledger-row.ts';
import { type Moment, takeMoment, toAge } from '#service/ledgers/moment.ts';
import type { Placement, Placements } from '#service/ledgers/placements.ts';
import { reopen } from '#service/ledgers/reopen.ts';

export type Ledger = Pick<
	LedgerRow,
	'database' | 'incarnation' | 'accountId' | 'quota' | 'hold'
> & {
	id: string;
	/** Whose client reaches the database. */
	placement: Placement;
	seenAt: Moment;
};

export interface LedgerStore {
	/**
	 * The ledger when it is this account's; another's and an unknown one are both `undefined`. One that was released
	 * gets a database. @throws {StoreUnavailable} @throws {PlacementUnknown}
	 */
	findOwn(ledgerId: string, accountId: string): Promise<Ledger | undefined>;
	/** Whoever's it is. @throws {StoreUnavailable} @throws {PlacementUnknown} */
	find(ledgerId: string): Promise<Ledger | undefined>;
	/**
	 * The same to write to it; `'held'`: not at this moment. A hold whose time is up is lifted.
	 *
	 * @throws {StoreUnavailable} @throws {PlacementUnknown}
	 */
	findToWrite(ledger: Ledger): Promise<Ledger | 'held' | undefined>;
	/**
	 * Whether a write that the store has taken may be acknowledged: the row that it went by was read a moment ago, or
	 * still says the same. Where not, it may be in a database that is being left. @throws {StoreUnavailable}
	 */
	mayAcknowledge(ledger: Ledger): Promise<boolean>;
	/** Its row was written: what is remembered of it here is old. */
	forget(ledgerId: string): void;
}

export interface LedgerMemory {
	/** Milliseconds a row is remembered: rows change when a ledger is moved, released or restored, or its quota is set. */
	rememberedMs: number;
	/** The same while it is held: not long. */
	heldMs: number;
	/** Milliseconds after which a row that was read must be read again before a write that went by it is acknowledged. */
	leaseMs: number;
}

/** The lease is longer than a row is remembered, so that hardly a write costs a read. */
export const MEMORY: LedgerMemory = { rememberedMs: 5_000, heldMs: 500, leaseMs: 8_000 };
const REMEMBERED_MOST = 10_000;

/** @param databases absent: a ledger that was released gets no other */
export function createLedgerStore(
	rows: Rows,
	placements: Placements,
	databases: LedgerDatabases,
	memory: LedgerMemory = MEMORY
): LedgerStore {
	const remembered = new Map<string, { ledger: Ledger; until: number }>();

	async function read(ledgerId: string): Promise<Ledger | undefined> {
		let seenAt = takeMoment();
		let row = await rows.find<LedgerRow>(`ledger:${ledgerId}`);
		if (row?.released) {
			row = await reopen(rows, databases, row);
			seenAt = takeMoment();
			row = row && (await rows.find<LedgerRow>(row._id));
		}
		return row && toLedger(ledgerId, row, placements.get(row.placement), seenAt);
	}

	async function find(ledgerId: string): Promise<Ledger | undefined> {
		const known = remembered.get(ledgerId);
		if (known !== undefined && known.until > Date.now()) return known.ledger;
		const ledger = await read(ledgerId);
		if (ledger === undefined) return undefined;
		if (remembered.size >= REMEMBERED_MOST) remembered.clear();
		const forMs = ledger.hold === undefined ? memory.rememberedMs : memory.heldMs;
		remembered.set(ledgerId, { ledger, until: ledger.seenAt.wall + forMs });
		return ledger;
	}

	async function findOwn(ledgerId: string, accountId: string): Promise<Ledger | undefined> {
		const ledger = await find(ledgerId);
		return ledger?.accountId === accountId ? ledger : undefined;
	}

	return {
		findOwn,
		find,
		async findToWrite({ id, accountId }) {
			const ledger = await findOwn(id, accountId);
			if (ledger?.hold === undefined) return ledger;
			if (!isOver(ledger.hold)) return 'held';
			await liftHold(rows, id, ledger.hold.id);
			remembered.delete(id);
			const lifted = await findOwn(id, accountId);
			return lifted?.hold === undefined ? lifted : 'held';
		},
		async mayAcknowledge(ledger) {
			if (toAge(ledger.seenAt) <= memory.leaseMs) return true;
			const row = await rows.find<LedgerRow>(`ledger:${ledger.id}`);
			return (
				row !== undefined &&
				!row.released &&
				row.hold === undefined &&
				row.database === ledger.database &&
				row.incarnation === ledger.incarnation
			);
		},
		forget: (ledgerId) => void remembered.delete(ledgerId)
	};
}

function toLedger(id: string, row: LedgerRow, placement: Placement, seenAt: Moment): Ledger {
	const { database, incarnation, accountId, quota, hold } = row;
	return {
		id,
		placement,
		database,
		incarnation,
		accountId,
		...(quota && { quota }),
		...(hold && { hold }),
		seenAt
	};
}
