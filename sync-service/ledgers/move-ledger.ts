import { setTimeout as pauseFor } from 'node:timers/promises';
import type { Rows } from '#service/accounts/rows.ts';
import { StoreUnavailable } from '#service/couch/client.ts';
import { changeLedger } from '#service/ledgers/change-ledger.ts';
import {
	copyDatabase,
	CopyRefused,
	type DatabaseCopy,
	isThere,
	NoRoom,
	type Reachable
} from '#service/ledgers/copy-database.ts';
import { HOLD_MS, holdWrites, liftHold } from '#service/ledgers/hold.ts';
import type { LedgerDatabases } from '#service/ledgers/ledger-databases.ts';
import {
	type DatabaseAt,
	type LedgerRow,
	makeDatabaseName,
	makeIncarnation,
	namesDatabase
} from '#service/ledgers/ledger-row.ts';
import { MEMORY } from '#service/ledgers/ledger-store.ts';
import { discardDatabase, forgetLeftover, noteLeftover } from '#service/ledgers/leftovers.ts';
import type { Placement, Placements } from '#service/ledgers/placements.ts';

export interface MoveParts {
	rows: Rows;
	placements: Placements;
	databases: LedgerDatabases;
	/** Told how it goes on, for a person. */
	say(progress: string): void;
	timing?: Partial<MoveTiming>;
}

/** All in milliseconds. */
export interface MoveTiming {
	/** From a hold until nothing is acknowledged any more that does not know of it: the services' lease, and some more. */
	settleMs: number;
	holdMs: number;
	/** From the new row until nobody reads by the old one. */
	forgottenMs: number;
	/** How long a store may be away before the move is given up. */
	patienceMs: number;
}

const TIMING: MoveTiming = {
	settleMs: MEMORY.leaseMs + 1_000,
	holdMs: HOLD_MS,
	forgottenMs: MEMORY.rememberedMs + 1_000,
	patienceMs: 60_000
};

export type Move =
	| {
			ok: true;
			what: 'moved' | 'there-already' | 'holds-nothing';
			from: string;
			/** Milliseconds for which writes were held. */
			heldMs: number;
	  }
	| {
			ok: false;
			problem: 'gone' | 'full' | 'refused' | 'away' | 'overtaken' | 'busy';
			said: string;
	  };

/** How often writes are held again after a hold that was over too soon. */
const HOLDS = 5;
/** So few revisions missing that writes can be held for the rest; and rounds after which they are held anyway. */
const FEW = { revisions: 200, rounds: 12 };
const RETRY_MS = 500;
const GONE = 'there is no such ledger, or it was removed';

/**
 * Moves a ledger to another placement while its devices go on: copies, holds writes for some seconds, copies the
 * rest, says in one write where the ledger is now, and removes the old database once nothing in it is missing in the
 * new one.
 *
 * Each step is a change of the ledger's row in the revision that was looked at. Whatever ends this between any two
 * of them, the ledger works on, at the latest when the hold's time is up, and running it again goes on.
 */
export async function moveLedger(parts: MoveParts, ledgerId: string, to: string): Promise<Move> {
	const mover = new Mover(parts, ledgerId, parts.placements.get(to));
	try {
		return await mover.run();
	} catch (error) {
		if (error instanceof Stop) return { ok: false, problem: error.problem, said: error.message };
		if (error instanceof NoRoom) return { ok: false, problem: 'full', said: error.message };
		if (error instanceof CopyRefused) {
			return { ok: false, problem: 'refused', said: error.message };
		}
		if (error instanceof StoreUnavailable) {
			return { ok: false, problem: 'away', said: error.message };
		}
		throw error;
	} finally {
		await mover.letGo();
	}
}

/** The move ends here, for a reason that a person can do something about. */
class Stop extends Error {
	readonly problem: 'gone' | 'full' | 'overtaken' | 'busy';

	constructor(problem: Stop['problem'], said: string) {
		super(said);
		this.problem = problem;
	}
}

class Mover {
	readonly #parts: MoveParts;
	readonly #ledgerId: string;
	readonly #to: Placement;
	readonly #timing: MoveTiming;
	#holdId: string | undefined;
	/** The row says that the ledger is there. */
	#isThere = false;
	#heldAt = 0;

	constructor(parts: MoveParts, ledgerId: string, to: Placement) {
		this.#parts = parts;
		this.#ledgerId = ledgerId;
		this.#to = to;
		this.#timing = { ...TIMING, ...parts.timing };
	}

	async run(): Promise<Move> {
		const row = await this.#findRow();
		const from = row.placement;
		this.#isThere = from === this.#to.name;
		// What an earlier move has left goes first: there is a place for one former database only.
		if (row.former !== undefined) await this.#finish();
		if (row.released) return { ok: true, what: 'holds-nothing', from, heldMs: 0 };
		if (row.placement === this.#to.name) {
			if (row.next !== undefined) await this.#abandon(row.next);
			return { ok: true, what: 'there-already', from, heldMs: 0 };
		}
		const next = await this.#begin(row);
		try {
			await this.#makeDatabase(next);
			const copy = copyDatabase(this.#reach(row), this.#reach(next));
			const heldMs = await this.#copyAndSwitch(row, next, copy);
			await this.#finish();
			return { ok: true, what: 'moved', from, heldMs };
		} catch (error) {
			if (!(error instanceof Stop)) throw error;
			if (error.problem === 'gone') await this.#discard(next);
			if (error.problem !== 'overtaken') throw error;
			const now = await this.#findRow();
			if (!namesDatabase(now, next.database)) await this.#discard(next);
			if (now.placement !== this.#to.name) throw error;
			return { ok: true, what: 'there-already', from, heldMs: 0 };
		}
	}

	/** Lets writes pass, if it is us who hold them. Never fails. */
	async letGo(): Promise<void> {
		if (this.#holdId === undefined) return;
		await liftHold(this.#parts.rows, this.#ledgerId, this.#holdId).catch(() => {});
	}

	/** Writes down which database it will be, before there is any. */
	async #begin({ database }: DatabaseAt): Promise<DatabaseAt> {
		const { rows } = this.#parts;
		const fresh = { placement: this.#to.name, database: makeDatabaseName() };
		let dropped: DatabaseAt | undefined;
		const row = await this.#patiently(async () => {
			await noteLeftover(rows, { ...fresh, ledgerId: this.#ledgerId });
			const changed = await changeLedger(rows, this.#ledgerId, (now) => {
				dropped = undefined;
				if (now.released || now.database !== database) return undefined;
				// Begun before, and broken off.
				if (now.next?.placement === this.#to.name) return undefined;
				dropped = now.next;
				return { ...now, next: fresh };
			});
			return changed ?? (await this.#findRow());
		});
		if (row.next?.database !== fresh.database) {
			await this.#patiently(() => forgetLeftover(rows, fresh.database));
		}
		if (row.next === undefined) throw new Stop('overtaken', 'the ledger was changed by another');
		// Its leftover row is there since it was begun.
		if (dropped !== undefined) await this.#discard(dropped);
		return row.next;
	}

	async #makeDatabase(next: DatabaseAt): Promise<void> {
		const outcome = await this.#patiently(async () => {
			// There from before, but perhaps not protected yet; it has its place in any case.
			if (await isThere(this.#reach(next))) {
				return this.#to.provisioner.createDatabase(next.database);
			}
			return this.#parts.databases.makeIn(this.#to, next.database);
		});
		if (outcome === 'created') return;
		await this.#abandon(next);
		throw new Stop('full', `placement ${this.#to.name} has no room for another database`);
	}

	/** @returns for how long writes were held, in milliseconds */
	async #copyAndSwitch(from: DatabaseAt, next: DatabaseAt, copy: DatabaseCopy): Promise<number> {
		try {
			for (let holds = 0; holds < HOLDS; holds++) {
				await this.#copyAlmostAll(copy);
				const epoch = await this.#readEpochs(from, next);
				await this.#hold(from, next);
				const settled = pauseFor(this.#timing.settleMs);
				// What is copied meanwhile need not be copied while nothing else happens.
				await this.#copyAlmostAll(copy);
				await settled;
				// A store that began anew may have taken back what it said, and so may we have to.
				if (epoch !== (await this.#readEpochs(from, next))) copy.rewind();
				this.#say(`${await this.#patiently(() => copy.round())} revisions were left`);
				if (await this.#switch(from, next)) return performance.now() - this.#heldAt;
				this.#say('writes were let through before everything was copied: once more');
			}
			throw new Stop('busy', 'writes could not be held for long enough');
		} catch (error) {
			if (error instanceof NoRoom || error instanceof CopyRefused) await this.#abandon(next);
			throw error;
		}
	}

	async #copyAlmostAll(copy: DatabaseCopy): Promise<void> {
		for (let rounds = 1; rounds <= FEW.rounds; rounds++) {
			const copied = await this.#patiently(() => copy.round());
			if (copied > 0) this.#say(`${copied} revisions copied`);
			if (copied <= FEW.revisions) return;
		}
	}

	async #readEpochs(from: DatabaseAt, next: DatabaseAt): Promise<string> {
		const epochs = [from, next].map((at) => this.#patiently(() => this.#reach(at).client.epoch()));
		return (await Promise.all(epochs)).join(' ');
	}

	async #hold(from: DatabaseAt, next: DatabaseAt): Promise<void> {
		const { rows } = this.#parts;
		const held = await this.#patiently(() =>
			holdWrites(rows, this.#ledgerId, this.#timing.holdMs, (now) => isOnItsWay(now, from, next))
		);
		// Held by another mover already, if it says so: what matters is what comes from now on.
		if (held === undefined) await this.#explain(next);
		this.#holdId = held;
		if (this.#heldAt === 0) this.#heldAt = performance.now();
		this.#say('writes are held');
	}

	/** Says where the ledger is now. `false`: the hold was lifted before. */
	async #switch(from: DatabaseAt, next: DatabaseAt): Promise<boolean> {
		const { rows } = this.#parts;
		const incarnation = makeIncarnation();
		return this.#patiently(async () => {
			const changed = await changeLedger(rows, this.#ledgerId, (now) => {
				const { hold, next: _, ...others } = now;
				if (!isOnItsWay(now, from, next) || hold?.id !== this.#holdId) return undefined;
				const former = { placement: from.placement, database: from.database };
				return { ...others, ...next, incarnation, former } as LedgerRow;
			});
			if (changed !== undefined) {
				this.#holdId = undefined;
				this.#isThere = true;
				return true;
			}
			const now = await this.#findRow();
			// Its answer was lost the first time, or another mover did the same.
			if (now.database === next.database) return (this.#isThere = true);
			if (!isOnItsWay(now, from, next)) await this.#explain(next);
			return false;
		});
	}

	/** Removes the former database, once nothing in it is missing in the ledger's. */
	async #finish(): Promise<void> {
		const { rows, placements } = this.#parts;
		const row = await this.#findRow();
		const { former } = row;
		if (former !== undefined) {
			this.#say('waiting until nobody reads in the former database');
			await pauseFor(this.#timing.forgottenMs);
			const { provisioner } = placements.get(former.placement);
			await this.#patiently(async () => {
				if (await isThere(this.#reach(former))) {
					// From the start, every leaf: nothing is believed that was noted on the way.
					const copy = copyDatabase(this.#reach(former), this.#reach(row));
					while ((await copy.round()) > 0) copy.rewind();
				}
				await provisioner.destroyDatabase(former.database);
			});
		}
		await this.#patiently(() =>
			changeLedger(rows, this.#ledgerId, ({ former: gone, ...now }) =>
				gone?.database === former?.database && gone !== undefined ? (now as LedgerRow) : undefined
			)
		);
		await this.#patiently(() => forgetLeftover(rows, row.database));
	}

	/** The ledger is not going there after all. */
	async #abandon(next: DatabaseAt): Promise<void> {
		await this.#patiently(() =>
			changeLedger(this.#parts.rows, this.#ledgerId, ({ next: now, hold: _, ...others }) =>
				now?.database === next.database ? (others as LedgerRow) : undefined
			)
		);
		this.#holdId = undefined;
		await this.#discard(next);
	}

	async #discard(at: DatabaseAt): Promise<void> {
		const { rows, placements } = this.#parts;
		await discardDatabase(rows, placements, { ...at, ledgerId: this.#ledgerId });
	}

	/** Says why the row is not as it was left. */
	async #explain(next: DatabaseAt): Promise<never> {
		const now = await this.#findRow();
		if (now.database === next.database) {
			throw new Stop('overtaken', 'another move has brought it there at the same time');
		}
		throw new Stop('overtaken', 'another move of this ledger has begun since');
	}

	/** @throws {Stop} where the ledger is gone */
	async #findRow(): Promise<LedgerRow> {
		const row = await this.#patiently(() =>
			this.#parts.rows.find<LedgerRow>(`ledger:${this.#ledgerId}`)
		);
		// What was made for it goes with the sweep, where not with its account.
		if (row === undefined) throw new Stop('gone', GONE);
		return row;
	}

	/** A store may say no because what is asked for went away with its ledger. @throws {Stop} */
	async #checkRow(): Promise<void> {
		const asked = this.#parts.rows.find<LedgerRow>(`ledger:${this.#ledgerId}`);
		const row = await asked.catch(() => 'unknown' as const);
		if (row === 'unknown') return;
		if (row === undefined) throw new Stop('gone', GONE);
		if (!this.#isThere && row.placement === this.#to.name) {
			throw new Stop('overtaken', 'another move has brought it there at the same time');
		}
	}

	#reach({ placement, database }: DatabaseAt): Reachable {
		return { client: this.#parts.placements.get(placement).client, database };
	}

	/** Tries again what a store that is away keeps from being done. */
	async #patiently<T>(work: () => Promise<T>): Promise<T> {
		for (const since = performance.now(); ;) {
			try {
				return await work();
			} catch (error) {
				if (!(error instanceof StoreUnavailable)) throw error;
				if (performance.now() - since > this.#timing.patienceMs) throw error;
				await this.#checkRow();
				this.#say(`${error.message}: trying again`);
				await pauseFor(Math.min(RETRY_MS, this.#timing.patienceMs));
			}
		}
	}

	#say(progress: string): void {
		this.#parts.say(progress);
	}
}

/** Whether the ledger is where it was, and about to go there. */
function isOnItsWay(row: LedgerRow, from: DatabaseAt, next: DatabaseAt): boolean {
	return row.database === from.database && row.next?.database === next.database;
}
