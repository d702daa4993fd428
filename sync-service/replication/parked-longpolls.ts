/** Why a parked longpoll goes on. */
export type Waking = 'written' | 'timeout' | 'session-ended' | 'draining' | 'gone';

/** What the store said last: opaque, as it stood in the JSON. */
export type Sequence = unknown;

/** What the store says of a ledger; `'unknown'`: nothing. */
export type Look = { changed: boolean; lastSeq: Sequence } | 'unknown';

/** Whoever is parked. One object a longpoll, with no timer and no promise of its own: there are ten thousand. */
export interface Sleeper {
	/** Where the empty read that went before ended. */
	readonly since: Sequence;
	/** When to give up, as `Date.now()` counts. */
	readonly deadline: number;
	/** When to give a sign of life next; `Infinity`: never. */
	nextBeat: number;
	/** Gives it, and says in `nextBeat` when the next one is due. */
	beat(): void;
	/** Called once for each `park`. */
	wake(waking: Waking): void;
	/** Asks the store whether the ledger changed since `since`. Never fails. */
	look(since: Sequence): Promise<Look>;
}

interface Ledger {
	id: string;
	watches: Set<Watch>;
	/** No change since here has been missed by any who wait. Set while somebody waits. */
	since: { seq: Sequence } | undefined;
	timer: NodeJS.Timeout | undefined;
	/** Milliseconds until it is looked at again, before jitter; unset: as ever. */
	soonMs: number | undefined;
	isLookedAt: boolean;
}

/** Whose longpoll it is. */
export interface Owner {
	sessionKey: string;
	accountId: string;
}

/** Milliseconds between two looks at who is due: a deadline or a sign of life may be as late as that. */
const TICK_MS = 250;
/** Milliseconds until a ledger is looked at of which somebody failed to read what was written; then twice that. */
const SOON_MS = 500;

/**
 * Longpolls of idle devices, waiting in memory. A write through this process wakes them at once; for
 * writes elsewhere each ledger, however many wait, is looked at with one request every few seconds.
 */
export class ParkedLongpolls {
	readonly #recheckMs: number;
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

	/** Begins a longpoll. Always `close()` it. */
	watch(ledgerId: string, owner: Owner): Watch {
		const ledger = this.#ledgers.get(ledgerId) ?? {
			id: ledgerId,
			watches: new Set<Watch>(),
			since: undefined,
			timer: undefined,
			soonMs: undefined,
			isLookedAt: false
		};
		this.#ledgers.set(ledgerId, ledger);
		const watch = new Watch(this, ledger, owner);
		ledger.watches.add(watch);
		if (this.#draining) watch.end('draining');
		return watch;
	}

	/** Something was written to a ledger. */
	wake(ledgerId: string): void {
		const ledger = this.#ledgers.get(ledgerId);
		if (ledger !== undefined) wakeAll(ledger);
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
	settle(ledger: Ledger, sleeper: Sleeper): void {
		// The oldest position stays: a change between two reads is news to the first reader.
		ledger.since ??= { seq: sleeper.since };
		this.#scheduleLook(ledger, sleeper);
		this.#ticking ??= setInterval(() => this.#tick(), TICK_MS).unref();
	}

	/** For `Watch`: what was written could not be read, and nobody else will tell of it again. */
	missed(ledger: Ledger, sleeper: Sleeper): void {
		// Others may have read it, and wait further on.
		ledger.since = { seq: sleeper.since };
		ledger.soonMs = SOON_MS;
		if (ledger.isLookedAt) return;
		clearTimeout(ledger.timer);
		ledger.timer = undefined;
	}

	/** For `Watch`: one fewer waits. */
	unsettle(ledger: Ledger): void {
		for (const { sleeper } of ledger.watches) if (sleeper !== undefined) return;
		ledger.since = undefined;
	}

	/** For `Watch`: it is over. */
	remove(ledger: Ledger, watch: Watch): void {
		if (!ledger.watches.delete(watch) || ledger.watches.size > 0) return;
		clearTimeout(ledger.timer);
		if (this.#ledgers.get(ledger.id) === ledger) this.#ledgers.delete(ledger.id);
		if (this.#ledgers.size > 0) return;
		clearInterval(this.#ticking);
		this.#ticking = undefined;
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

	#scheduleLook(ledger: Ledger, sleeper: Sleeper): void {
		if (ledger.timer !== undefined) return;
		// Jittered: thousands of ledgers must not ask in the same instant.
		const inMs = Math.min(ledger.soonMs ?? Infinity, this.#recheckMs) * (0.8 + 0.4 * Math.random());
		ledger.timer = setTimeout(async () => {
			const { since } = ledger;
			ledger.isLookedAt = true;
			if (since !== undefined) {
				const look = await sleeper.look(since.seq);
				if (look === 'unknown') ledger.soonMs &&= ledger.soonMs * 2;
				else if (ledger.since === since) ledger.soonMs = undefined;
				if (look !== 'unknown' && look.changed) wakeAll(ledger);
				else if (look !== 'unknown' && ledger.since === since) since.seq = look.lastSeq;
			}
			ledger.isLookedAt = false;
			ledger.timer = undefined;
			if (ledger.since !== undefined && ledger.watches.size > 0) {
				this.#scheduleLook(ledger, sleeper);
			}
		}, inMs);
		ledger.timer.unref();
	}
}

/** A longpoll from before its first read of the store to its answer. */
export class Watch {
	readonly owner: Owner;
	/** Set while it is parked. */
	sleeper: Sleeper | undefined;
	readonly #parked: ParkedLongpolls;
	readonly #ledger: Ledger;
	/** A write came since the last read began. */
	#written = false;
	#ended: Waking | undefined;

	/** Made by {@link ParkedLongpolls.watch}. */
	constructor(parked: ParkedLongpolls, ledger: Ledger, owner: Owner) {
		this.#parked = parked;
		this.#ledger = ledger;
		this.owner = owner;
	}

	/** Call before each read: a write after this, seen by the read or not, ends the next `park`. */
	beginRead(): void {
		this.#written = false;
	}

	/** Waits; wakes the sleeper at once where something has happened meanwhile. */
	park(sleeper: Sleeper): void {
		if (this.#ended !== undefined) return sleeper.wake(this.#ended);
		if (this.#written) return sleeper.wake('written');
		this.sleeper = sleeper;
		this.#parked.settle(this.#ledger, sleeper);
	}

	/** Waits after a read that failed: it is made up for as soon as the store answers. */
	parkUnread(sleeper: Sleeper): void {
		this.#parked.missed(this.#ledger, sleeper);
		this.park(sleeper);
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

	close(): void {
		this.sleeper = undefined;
		this.#parked.unsettle(this.#ledger);
		this.#parked.remove(this.#ledger, this);
	}
}

function wakeAll(ledger: Ledger): void {
	for (const watch of [...ledger.watches]) watch.wake('written');
}
