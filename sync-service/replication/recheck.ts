import { createHash } from 'node:crypto';
import { onNobodysBehalf } from '#service/log/request-id.ts';
import {
	type ChangeQuestions,
	DATABASES_MOST,
	type DatabaseState,
	toText
} from '#service/replication/ask-for-changes.ts';
import type { Sequence } from '#service/replication/parked-longpolls.ts';

/** Somebody who waits for changes of a database. */
export interface Waiter {
	/** The changes up to here are not news. */
	since: Sequence;
	/** When what it was told last was asked for, as {@link Recheck.moment} counts: it has all that had happened before. */
	asOf: number;
}

/** A database for whose changes somebody waits. */
export interface Waited {
	readonly database: string;
	waiters(): Iterable<Waiter>;
	/** There is something new. */
	wake(): void;
}

/** What is known of a database; times as `performance.now()` counts. */
interface Known {
	/** Its states (see {@link toKey}), each with the moment by which it was like that first. */
	seen: { key: string; at: number }[];
	/** When somebody began to wait last. */
	waitedAt: number;
	/** When to look whatever it says, where there are copies of it. */
	lookAgainAt: number;
	/** Set while it is to be looked at out of turn. */
	hurry: NodeJS.Timeout | undefined;
}

/** Milliseconds until a database is looked at of which somebody failed to read what was written; then twice that. */
const HURRY_MS = 500;
/** Questions to one store at a time. */
const BATCHES_AT_ONCE = 4;
/** Looks at a time that come out of one of them. */
const LOOKS_AT_ONCE = 8;
/** States kept of a database: a store of several copies has as many names for one state. */
const SEEN_MOST = 6;
/** Milliseconds until a store that refused is asked again: it may have been brought up to date. */
const REFUSED_MS = 10 * 60_000;

/**
 * Looks for what was written past this process: each database somebody waits for is looked at once in each
 * period. The store is asked how far a hundred databases are with one request, and for changes only of those
 * that may have moved on.
 *
 * Nothing is missed. A state is noted with the moment its answer was here. When it is met again, the database
 * has not changed since that moment or earlier; whoever asked for changes after it, and was told there are none,
 * has everything. All others are looked after by asking for changes from where they are. A store that calls one
 * state by several names costs a look for each of them.
 *
 * Where a database has copies, whoever was told there are no changes may have asked one that lags behind. There it
 * is looked at again whatever its state, after twice the time each: a copy that lags for seconds is found out
 * within seconds.
 */
export class Recheck {
	readonly #ask: ChangeQuestions;
	readonly #periodMs: number;
	/** When each was looked at last, as `performance.now()` counts; the longest ago first. */
	readonly #due = new Map<Waited, number>();
	/** Those that are being looked at, with when that began. */
	readonly #underWay = new Map<Waited, number>();
	readonly #known = new WeakMap<Waited, Known>();
	#batches = 0;
	#timer: NodeJS.Timeout | undefined;
	#refusedUntil = 0;
	#moment = 0;

	constructor(ask: ChangeQuestions, periodMs: number) {
		this.#ask = ask;
		this.#periodMs = periodMs;
	}

	/** Now, later than any moment before. */
	moment(): number {
		return ++this.#moment;
	}

	/** Milliseconds since that database was last looked at, or first waited for, for which this is the longest ago. */
	get lagMs(): number {
		const now = performance.now();
		const [due = now] = this.#due.values();
		const [underWay = now] = this.#underWay.values();
		return now - Math.min(due, underWay);
	}

	/** Somebody waits for changes of it, or one more. */
	add(waited: Waited): void {
		const now = performance.now();
		const { seen = [], hurry } = this.#known.get(waited) ?? {};
		this.#known.set(waited, { seen, hurry, waitedAt: now, lookAgainAt: now + this.#periodMs });
		if (this.#due.has(waited) || this.#underWay.has(waited)) return;
		this.#due.set(waited, now);
		this.#schedule();
	}

	/** Somebody failed to read what was written: whatever its state, it is looked at soon, until the store answers. */
	hurry(waited: Waited, inMs = HURRY_MS): void {
		// By then it is its turn anyway.
		if (inMs >= this.#periodMs || this.#known.get(waited)?.hurry !== undefined) return;
		const timer = setTimeout(
			async () => {
				this.#setHurry(waited, undefined);
				const look = await this.#lookFrom(waited, undefined);
				if (look === 'unknown') this.hurry(waited, inMs * 2);
			},
			inMs * (0.8 + 0.4 * Math.random())
		);
		timer.unref();
		this.#setHurry(waited, timer);
	}

	/** Nobody waits for changes of it any more. */
	remove(waited: Waited): void {
		clearTimeout(this.#known.get(waited)?.hurry);
		this.#setHurry(waited, undefined);
		this.#due.delete(waited);
		if (this.#due.size > 0) return;
		clearTimeout(this.#timer);
		this.#timer = undefined;
	}

	#setHurry(waited: Waited, timer: NodeJS.Timeout | undefined): void {
		const known = this.#known.get(waited);
		if (known !== undefined) known.hurry = timer;
	}

	#schedule(): void {
		const dueInMs = this.#dueInMs();
		if (this.#timer !== undefined || this.#batches >= BATCHES_AT_ONCE) return;
		// Longer than a timer can wait is for ever.
		if (dueInMs > 2 ** 31 - 1) return;
		const look = () => {
			this.#timer = undefined;
			// Whoever was due may have left meanwhile.
			if (this.#dueInMs() <= 0) void this.#lookAtOldest();
			this.#schedule();
		};
		this.#timer = onNobodysBehalf(() => setTimeout(look, dueInMs)).unref();
	}

	/** `Infinity`: nobody waits. */
	#dueInMs(): number {
		const [oldest = Infinity] = this.#due.values();
		return Math.max(0, oldest + this.#periodMs - performance.now());
	}

	/** Those that are not due yet go along: the request is the same. */
	async #lookAtOldest(): Promise<void> {
		const beganAt = performance.now();
		const batch: Waited[] = [];
		for (const waited of this.#due.keys()) {
			if (batch.length === DATABASES_MOST) break;
			this.#due.delete(waited);
			this.#underWay.set(waited, beganAt);
			batch.push(waited);
		}
		this.#batches++;
		try {
			await this.#lookAt(batch);
		} finally {
			this.#batches--;
			for (const waited of batch) {
				this.#underWay.delete(waited);
				const [somebody] = waited.waiters();
				if (somebody !== undefined) this.#due.set(waited, beganAt);
			}
			this.#schedule();
		}
	}

	async #lookAt(batch: readonly Waited[]): Promise<void> {
		const states = await this.#readStates(batch);
		const next = batch[Symbol.iterator]();
		const lookOn = async () => {
			for (const waited of next) await this.#lookFrom(waited, states?.get(waited.database));
		};
		await Promise.all(Array.from({ length: LOOKS_AT_ONCE }, lookOn));
	}

	/** `undefined`: the store does not say. */
	async #readStates(
		batch: readonly Waited[]
	): Promise<ReadonlyMap<string, DatabaseState> | undefined> {
		if (performance.now() < this.#refusedUntil) return undefined;
		const states = await this.#ask.states(batch.map(({ database }) => database));
		if (states === 'refused') this.#refusedUntil = performance.now() + REFUSED_MS;
		return typeof states === 'string' ? undefined : states;
	}

	/** Asks for changes from where each of those is who may have missed some. */
	async #lookFrom(waited: Waited, state: DatabaseState | undefined): Promise<'looked' | 'unknown'> {
		const positions = Map.groupBy(this.#findBehind(waited, state), ({ since }) => toText(since));
		for (const [since, waiters] of positions) {
			const asOf = this.moment();
			const look = await this.#ask.look(waited.database, since);
			if (look === 'unknown') return 'unknown';
			if (look.changed) {
				waited.wake();
				return 'looked';
			}
			for (const waiter of waiters) {
				// It may have read by itself meanwhile.
				if (toText(waiter.since) !== since) continue;
				waiter.since = look.lastSeq;
				waiter.asOf = Math.max(waiter.asOf, asOf);
			}
		}
		const known = this.#known.get(waited);
		if (positions.size > 0 && known !== undefined) {
			const now = performance.now();
			known.lookAgainAt = now + Math.max(this.#periodMs, now - known.waitedAt);
		}
		return 'looked';
	}

	/** Those who wait and may have missed something, where the database is in this state. */
	#findBehind(waited: Waited, state: DatabaseState | undefined): Waiter[] {
		const waiters = [...waited.waiters()];
		const known = this.#known.get(waited);
		if (state === undefined || known === undefined) return waiters;
		const at = this.#note(known, state);
		if (!state.isOneCopy && performance.now() >= known.lookAgainAt) return waiters;
		return waiters.filter(({ since, asOf }) => asOf < at && toText(since) !== state.state);
	}

	/** Only the first time counts: nothing has happened between it and now. */
	#note({ seen }: Known, { state }: DatabaseState): number {
		const key = toKey(state);
		const before = seen.find((one) => one.key === key);
		if (before !== undefined) return before.at;
		const at = this.moment();
		seen.push({ key, at });
		if (seen.length > SEEN_MOST) seen.shift();
		return at;
	}
}

/** Cloudant's are long, and kept for each of thousands of databases. */
function toKey(state: string): string {
	if (state.length <= 64) return state;
	return createHash('sha256').update(state).digest('base64url');
}
