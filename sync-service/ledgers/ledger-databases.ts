import { setTimeout as pauseFor } from 'node:timers/promises';
import type { Rows } from '#service/accounts/rows.ts';
import { StoreUnavailable } from '#service/couch/client.ts';
import { type DatabaseAt, makeDatabaseName } from '#service/ledgers/ledger-row.ts';
import {
	discardDatabase,
	forgetLeftover,
	type Leftover,
	noteLeftover
} from '#service/ledgers/leftovers.ts';
import type { Placement, Placements } from '#service/ledgers/placements.ts';

/** Makes databases for ledgers, in the first placement that has room. */
export interface LedgerDatabases {
	/**
	 * Makes one, noted as left over before it is there, until `keep`. `'full'`: no placement has room.
	 *
	 * @param accountId of the sign-up that it is for
	 * @throws {StoreUnavailable} where none that has room could be reached
	 */
	make(ledgerId: string, accountId?: string): Promise<DatabaseAt | 'full'>;
	/** It is its ledger's: the note of it goes, or the sweep takes that away. Never fails. */
	keep(at: DatabaseAt): Promise<void>;
	/** Makes one of that name in that placement, if it has room. @throws {StoreUnavailable} */
	makeIn(placement: Placement, database: string): Promise<'created' | 'full'>;
	/** Removes one; where that fails the sweep does later. Never fails. */
	discard(at: DatabaseAt, ledgerId: string): Promise<void>;
	/** How many more each placement that is bounded takes; those that do not answer are left out. Never fails. */
	countLeft(): Promise<{ placement: string; count: number }[]>;
}

export interface LedgerDatabaseOptions {
	/** Told when nobody can be given a database any more, at most once in a while. */
	onFull?: (placements: string[]) => void;
	/** Milliseconds a placement may take to make a database before the next one is asked. */
	makeMs?: number;
	/** Milliseconds for which one that was away is passed over. */
	restMs?: number;
}

const MAKE_MS = 10_000;
const REST_MS = 5_000;
/** How often a place that others took at the same moment is tried for again, and the longest pause before, in milliseconds. */
const CONTENDED = { tries: 3, pauseMs: 300 };
/** Milliseconds for which a count serves for being looked at, and that a placement may take to be counted. */
const COUNTED = { forMs: 15_000, withinMs: 2_000 };
/** Milliseconds between two notes that all is full. */
const NOTE_MS = 60_000;

/**
 * @param rows where is noted what may be left over
 */
export function createLedgerDatabases(
	rows: Rows,
	placements: Placements,
	{ onFull = () => {}, makeMs = MAKE_MS, restMs = REST_MS }: LedgerDatabaseOptions = {}
): LedgerDatabases {
	const restingUntil = new Map<Placement, number>();
	/** Those that said so themselves, with or without a capacity of ours. */
	const full = new Set<Placement>();
	const counted = new Map<Placement, { left: number; at: number }>();
	let noted = -Infinity;

	async function countRoom(placement: Placement): Promise<number> {
		if (placement.capacity === undefined) return Infinity;
		const left = placement.capacity - (await placement.provisioner.countDatabases());
		counted.set(placement, { left: Math.max(0, left), at: Date.now() });
		return left;
	}

	/**
	 * What is counted is what is there, after the database was made: whoever finds too many takes the own one back.
	 * So processes that do this at the same moment need no lock, nothing has to be kept in step with the store, and no
	 * more are there for longer than such a moment.
	 */
	async function tryMaking(placement: Placement, database: string, leftover?: Leftover) {
		if ((await countRoom(placement)) <= 0) return 'full';
		if (leftover !== undefined) await noteLeftover(rows, leftover);
		const creation = await placement.provisioner.createDatabase(database);
		if (creation === 'full') full.add(placement);
		else full.delete(placement);
		if (creation === 'created') {
			if ((await countRoom(placement)) >= 0) return creation;
			await placement.provisioner.destroyDatabase(database);
		}
		if (leftover !== undefined) await forgetLeftover(rows, database);
		return creation === 'full' ? 'full' : 'contended';
	}

	async function makeSomewhere(
		placement: Placement,
		owner: Pick<Leftover, 'ledgerId' | 'accountId'>
	) {
		for (let tries = 1; ; tries++) {
			// A name that was taken back is not used again.
			const database = makeDatabaseName();
			const leftover = { placement: placement.name, database, ...owner };
			try {
				const making = tryMaking(placement, database, leftover);
				const outcome = await (placements.inOrder.length > 1 ? within(makeMs, making) : making);
				if (outcome === 'created') return { placement: placement.name, database };
				if (outcome === 'full' || tries === CONTENDED.tries) return 'full';
			} catch (error) {
				// It may be made all the same, at once or when the placement is back: where it took too long, it is noted.
				if (!(error instanceof TookTooLong)) await discardDatabase(rows, placements, leftover);
				throw error;
			}
			await pauseFor(Math.random() * CONTENDED.pauseMs);
		}
	}

	function noteFull(): void {
		if (performance.now() - noted < NOTE_MS) return;
		noted = performance.now();
		onFull(placements.inOrder.map(({ name }) => name));
	}

	async function make(ledgerId: string, accountId?: string): Promise<DatabaseAt | 'full'> {
		let away: unknown;
		for (const placement of placements.inOrder) {
			if ((restingUntil.get(placement) ?? 0) > Date.now()) {
				away ??= new StoreUnavailable(`placement ${placement.name} is away`);
				continue;
			}
			try {
				const owner = { ledgerId, ...(accountId !== undefined && { accountId }) };
				const made = await makeSomewhere(placement, owner);
				if (made !== 'full') return made;
			} catch (error) {
				if (!(error instanceof StoreUnavailable)) throw error;
				away = error;
				if (placement !== placements.home) restingUntil.set(placement, Date.now() + restMs);
			}
		}
		// What is away may have room: that is no reason to say there is none.
		if (away !== undefined) throw away;
		noteFull();
		return 'full';
	}

	async function countLeft(placement: Placement): Promise<number | undefined> {
		if (full.has(placement)) return 0;
		if (placement.capacity === undefined) return undefined;
		const known = counted.get(placement);
		if (known !== undefined && Date.now() - known.at < COUNTED.forMs) return known.left;
		return Math.max(0, await within(COUNTED.withinMs, countRoom(placement)));
	}

	return {
		make,
		async keep({ database }) {
			await Promise.allSettled([forgetLeftover(rows, database)]);
		},
		async makeIn(placement, database) {
			const outcome = await tryMaking(placement, database);
			return outcome === 'contended' ? 'full' : outcome;
		},
		discard: (at, ledgerId) => discardDatabase(rows, placements, { ...at, ledgerId }),
		async countLeft() {
			const counts = await Promise.all(
				placements.inOrder.map(async (placement) => {
					const left = await countLeft(placement).catch(() => undefined);
					return left === undefined ? [] : [{ placement: placement.name, count: left }];
				})
			);
			return counts.flat();
		}
	};
}

class TookTooLong extends StoreUnavailable {
	override name = 'TookTooLong';
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
	const late: PromiseWithResolvers<never> = Promise.withResolvers();
	const timer = setTimeout(() => late.reject(new TookTooLong(`nothing within ${ms} ms`)), ms);
	try {
		return await Promise.race([work, late.promise]);
	} finally {
		clearTimeout(timer);
		work.catch(() => {});
	}
}
