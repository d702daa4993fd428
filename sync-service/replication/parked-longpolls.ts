import type { CouchClient } from '#service/couch/client.ts';
import { onNobodysBehalf } from '#service/log/request-id.ts';
import { askForChanges } from '#service/replication/ask-for-changes.ts';
import { Recheck, type Waited, type Waiter } from '#service/replication/recheck.ts';

/** Why a parked longpoll goes on. */
export type Waking = 'written' | 'timeout' | 'session-ended' | 'moved' | 'draining' | 'gone';

/** What the store said last: opaque, as it stood in the JSON. */
export type Sequence = unknown;

/** Whoever is parked. One object a longpoll, with no timer and no promise of its own: there are ten thousand. */
export interface Sleeper extends Waiter {
	/** When to give up, as `Date.now()` counts. */
	readonly deadline: number;
	/** When to give a sign of life next; `Infinity`: never. */
	nextBeat: number;
	/** Gives it, and says in `nextBeat` when the next one is due. */
	beat(): void;
	/** Called once for each `park`. */
	wake(waking: Waking): void;
}

/** Where a ledger's documents are. */
export interface Place {
	client: CouchClient;
	database: string;
}

/** A ledger that longpolls are about. */
class Ledger implements Waited {
	readonly id: string;
	readonly database: string;
	readonly recheck: Recheck;
	readonly watches = new Set<Watch>();
	/** How many of them are parked. */
	parked = 0;

	constructor(id: string, database: string, recheck: Recheck) {
		this.id = id;
		this.database = database;
		this.recheck = recheck;
	}

	*waiters(): Generator<Waiter> {
		for (const { sleeper } of this.watches) if (sleeper !== undefined) yield sleeper;
	}

	wake(): void {
		for (const watch of [...this.watches]) watch.wake('written');
	}
}

/** Whose longpoll it is. */
export interface Owner {
	sessionKey: string;
	accountId: string;
}

/** Milliseconds between two looks at who is due: a deadline or a sign of life may be as late as that. */
const TICK_MS = 250;

/**
 * Longpolls of idle devices, waiting in memory. A write through this process wakes them at once, and so does one
 * through a process that tells; whatever else is written is found by {@link Recheck}.
 */
export class ParkedLongpolls {
	readonly #recheckMs: number;
	/** One for each store. */
	readonly #rechecks = new Map<CouchClient, Recheck>();
	readonly #ledgers = new Map<string, Ledger>();
	#ticking: NodeJS.Timeout | undefined;
	#draining = false;

	constructor(recheckMs: number) {
		this.#recheckMs = recheckMs;
	}

	/** How many are between their first read and their answer. */
	get size(): number {
		return [...this.#ledgers.values()].reduce((sum, { watches }) => sum + watches.size, 0);
	}

	/** Milliseconds since the ledger that was looked at the longest ago was; 0 where nobody waits. */
	get recheckLagMs(): number {
		return Math.max(0, ...[...this.#rechecks.values()].map(({ lagMs }) => lagMs));
	}

	/** Begins a longpoll. Always `close()` it. */
	watch(ledgerId: string, place: Place, owner: Owner): Watch {
		const ledger = this.#findLedger(ledgerId, place);
		const watch = new Watch(this, ledger, owner);
		ledger.watches.add(watch);
		if (this.#draining) watch.end('draining');
		return watch;
	}

	/** Something was written to a ledger. */
	wake(ledgerId: string): void {
		this.#ledgers.get(ledgerId)?.wake();
	}

	/** Whether anybody waits for a ledger. */
	has(ledgerId: string): boolean {
		return this.#ledgers.has(ledgerId);
	}

	/** Ends a ledger's longpolls on any database but the one it is in now: whoever asks again begins anew there. */
	endElsewhere(ledgerId: string, database: string): void {
		const ledger = this.#ledgers.get(ledgerId);
		if (ledger === undefined || ledger.database === database) return;
		for (const watch of [...ledger.watches]) watch.end('moved');
	}

	/** Ends an account's longpolls: whoever may still ask asks again. */
	endAccount(accountId: string): void {
		this.#endWhere((watch) => watch.owner.accountId === accountId, 'session-ended');
	}

	/** Ends the longpolls of a session. */
	endSession(sessionKey: string): void {
		this.#endWhere((watch) => watch.owner.sessionKey === sessionKey, 'session-ended');
	}

	/** Ends all, and every one that comes later. */
	drain(): void {
		this.#draining = true;
		this.#endWhere(() => true, 'draining');
	}

	/** For `Watch`: somebody waits from now on. */
	settle(ledger: Ledger): void {
		ledger.parked++;
		ledger.recheck.add(ledger);
		this.#ticking ??= onNobodysBehalf(() => setInterval(() => this.#tick(), TICK_MS).unref());
	}

	/** For `Watch`: what was written could not be read, and nobody else will tell of it again. */
	missed(ledger: Ledger): void {
		ledger.recheck.hurry(ledger);
	}

	/** For `Watch`: one fewer waits. */
	unsettle(ledger: Ledger): void {
		if (--ledger.parked === 0) ledger.recheck.remove(ledger);
	}

	/** For `Watch`: it is over. */
	remove(ledger: Ledger, watch: Watch): void {
		if (!ledger.watches.delete(watch) || ledger.watches.size > 0) return;
		if (this.#ledgers.get(ledger.id) === ledger) this.#ledgers.delete(ledger.id);
		if (this.#ledgers.size > 0) return;
		clearInterval(this.#ticking);
		this.#ticking = undefined;
	}

	#findLedger(id: string, { client, database }: Place): Ledger {
		const known = this.#ledgers.get(id);
		if (known?.database === database) return known;
		// It is elsewhere now: whoever waits where it was waits for nothing.
		for (const watch of [...(known?.watches ?? [])]) watch.end('moved');
		const recheck =
			this.#rechecks.get(client) ?? new Recheck(askForChanges(client), this.#recheckMs);
		this.#rechecks.set(client, recheck);
		const ledger = new Ledger(id, database, recheck);
		this.#ledgers.set(id, ledger);
		return ledger;
	}

	#endWhere(isMeant: (watch: Watch) => boolean, waking: Waking): void {
		for (const { watches } of this.#ledgers.values()) {
			for (const watch of [...watches]) if (isMeant(watch)) watch.end(waking);
		}
	}

	#tick(): void {
		const now = Date.now();
		for (const { watches } of this.#ledgers.values()) {
			for (const watch of [...watches]) {
				const { sleeper } = watch;
				if (sleeper === undefined) continue;
				if (sleeper.deadline <= now) watch.wake('timeout');
				else if (sleeper.nextBeat <= now) sleeper.beat();
			}
		}
	}
}

/** A longpoll from before its first read of the store to its answer. */
export class Watch {
	readonly owner: Owner;
	/** Set while it is parked. */
	sleeper: Sleeper | undefined;
	readonly #parked: ParkedLongpolls;
	readonly #ledger: Ledger;
	/** When the last read began. */
	#readAt: number;
	/** A write came since then. */
	#written = false;
	#ended: Waking | undefined;

	/** Made by {@link ParkedLongpolls.watch}. */
	constructor(parked: ParkedLongpolls, ledger: Ledger, owner: Owner) {
		this.#parked = parked;
		this.#ledger = ledger;
		this.owner = owner;
		this.#readAt = ledger.recheck.moment();
	}

	/** Call before each read: a write after this, seen by the read or not, ends the next `park`. */
	beginRead(): void {
		this.#readAt = this.#ledger.recheck.moment();
		this.#written = false;
	}

	/** Waits after a read; wakes the sleeper at once where something has happened meanwhile. */
	park(sleeper: Sleeper): void {
		sleeper.asOf = this.#readAt;
		this.#settle(sleeper);
	}

	/** Waits after a read that failed: it is made up for as soon as the store answers. */
	parkUnread(sleeper: Sleeper): void {
		this.#settle(sleeper);
		if (this.sleeper !== undefined) this.#parked.missed(this.#ledger);
	}

	wake(waking: Waking): void {
		if (waking === 'written') this.#written = true;
		const { sleeper } = this;
		if (sleeper === undefined) return;
		this.sleeper = undefined;
		this.#parked.unsettle(this.#ledger);
		sleeper.wake(waking);
	}

	/** Whatever comes, it is over: parked or not yet. */
	end(waking: Waking): void {
		this.#ended ??= waking;
		this.wake(waking);
	}

	#settle(sleeper: Sleeper): void {
		if (this.#ended !== undefined) return sleeper.wake(this.#ended);
		if (this.#written) return sleeper.wake('written');
		this.sleeper = sleeper;
		this.#parked.settle(this.#ledger);
	}

	close(): void {
		if (this.sleeper !== undefined) this.#parked.unsettle(this.#ledger);
		this.sleeper = undefined;
		this.#parked.remove(this.#ledger, this);
	}
}
