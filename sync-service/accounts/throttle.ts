import { createHash } from 'node:crypto';
import { setTimeout as pauseFor } from 'node:timers/promises';
import type { Rows } from '#service/accounts/rows.ts';
import { type CouchDocument, StoreUnavailable } from '#service/couch/client.ts';

/** So many in so long. */
export interface Limit {
	most: number;
	/** Milliseconds from the first that counts. */
	windowMs: number;
}

/** One thing that is counted: of what kind, and whose. The key is kept as a hash only. */
export interface Counter extends Limit {
	kind: string;
	key: string;
}

export interface Attempt {
	waitSeconds?: undefined;
	/** Ends the attempt; `counts`: it uses up one of those allowed, under every counter. @throws {StoreUnavailable} */
	end(counts: boolean): Promise<void>;
}

/** For how many seconds no attempt may begin. */
export interface Refused {
	waitSeconds: number;
}

/**
 * Counts attempts in the store, so that all processes agree. An attempt costs one read a
 * counter, and writes only when it counts. What is under way counts as well, in its own process: of attempts at the same instant no process lets
 * more than `most` through, so several let through at most as many times `most` as they are; what failed is
 * counted exactly.
 */
export interface Throttle {
	/** @throws {StoreUnavailable}: who cannot be counted is not let through. */
	begin(counters: readonly Counter[]): Promise<Attempt | Refused>;
	/** Counts at once, or refuses. @throws {StoreUnavailable} */
	take(counters: readonly Counter[]): Promise<Refused | undefined>;
}

export interface ThrottleRow extends CouchDocument {
	count: number;
	/** When the window ends, as `Date.now()` counts. */
	until: number;
}

/** What this process knows of one counter. */
interface Known {
	count: number;
	until: number;
	/** Attempts that began and did not end. */
	underWay: number;
	/** What is to be added to the row. */
	pending: number;
	writing: Promise<void> | undefined;
}

interface Counted {
	id: string;
	counter: Counter;
	one: Known;
}

const KNOWN_MOST = 20_000;
/** How often a write that met another process's is tried again. */
const ATTEMPTS = 8;
/** Seconds after which to try again when those under way fill the count: most of them will not count. */
const UNDER_WAY_SECONDS = 1;

/** @param onHeldBack told of the kind of each counter that holds an attempt back */
export function createThrottle(rows: Rows, onHeldBack?: (kind: string) => void): Throttle {
	const known = new Map<string, Known>();

	function know(id: string): Known {
		const found = known.get(id);
		if (found !== undefined) return found;
		const fresh = { count: 0, until: 0, underWay: 0, pending: 0, writing: undefined };
		known.set(id, fresh);
		return fresh;
	}

	/** What is over first; if all goes on, the oldest half: the store knows it too. */
	function forget(): void {
		let spare = known.size - KNOWN_MOST / 2;
		for (const isOver of [true, false]) {
			for (const [id, { until, underWay, pending }] of known) {
				if (spare <= 0) return;
				if (underWay > 0 || pending > 0 || until > Date.now() === isOver) continue;
				known.delete(id);
				spare--;
			}
		}
	}

	async function learn(all: readonly Counted[]): Promise<void> {
		const found = await rows.findMany<ThrottleRow>(all.map(({ id }) => id));
		all.forEach(({ one }, at) => {
			const row = found[at];
			if (row !== undefined) update(one, row);
		});
	}

	/** An answer may be older than what this process wrote meanwhile. */
	function update(one: Known, { count, until }: Pick<ThrottleRow, 'count' | 'until'>): void {
		if (until < one.until) return;
		one.count = until === one.until ? Math.max(count, one.count) : count;
		one.until = until;
	}

	/** Seconds to wait, or 0, for one of those under way. */
	function findWait(one: Known, { most }: Counter): number {
		const left = one.until - Date.now();
		const counted = (left > 0 ? one.count : 0) + one.pending;
		if (counted >= most) return Math.max(1, Math.ceil(left / 1000));
		return counted + one.underWay > most ? UNDER_WAY_SECONDS : 0;
	}

	async function begin(counters: readonly Counter[]): Promise<Attempt | Refused> {
		if (known.size >= KNOWN_MOST) forget();
		const all = counters.map((counter): Counted => {
			const id = toRowId(counter);
			return { id, counter, one: know(id) };
		});
		// At once: what is under way is neither forgotten nor overlooked.
		for (const { one } of all) one.underWay++;
		const release = () => {
			for (const { one } of all) one.underWay--;
		};
		const findLongest = () => Math.max(...all.map(({ one, counter }) => findWait(one, counter)));
		let waitSeconds: number;
		try {
			// What could not be written when it was counted; while it cannot be, nobody is let through.
			await Promise.all(all.map(write));
			// Who is held back already, or comes in a crowd, costs the store nothing.
			waitSeconds = findLongest();
			if (waitSeconds === 0) {
				await learn(all);
				waitSeconds = findLongest();
			}
		} catch (error) {
			release();
			throw error;
		}
		if (waitSeconds > 0) {
			for (const { one, counter } of all) {
				if (findWait(one, counter) > 0) onHeldBack?.(counter.kind);
			}
			release();
			return { waitSeconds };
		}
		return {
			async end(counts) {
				release();
				if (!counts) return;
				for (const { one } of all) one.pending++;
				await Promise.all(all.map(write));
			}
		};
	}

	/** Writes what is pending; of many at once, all but the first are written together. */
	async function write(counted: Counted): Promise<void> {
		const { one } = counted;
		while (one.pending > 0) {
			one.writing ??= add(counted).finally(() => (one.writing = undefined));
			await one.writing;
		}
	}

	async function add({ id, one, counter: { windowMs } }: Counted): Promise<void> {
		const adding = one.pending;
		for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
			const row = await rows.find<ThrottleRow>(id);
			const goesOn = row !== undefined && row.until > Date.now();
			const count = (goesOn ? row.count : 0) + adding;
			const until = goesOn ? row.until : Date.now() + windowMs;
			const written = await rows.put({ ...row, _id: id, count, until });
			if (written !== 'conflict') {
				update(one, { count, until });
				one.pending -= adding;
				return;
			}
			await pauseFor(Math.random() * 10 * attempt);
		}
		throw new StoreUnavailable('a throttle kept changing under our hands');
	}

	return {
		begin,
		async take(counters) {
			const attempt = await begin(counters);
			if (attempt.waitSeconds !== undefined) return attempt;
			await attempt.end(true);
			return undefined;
		}
	};
}

/** Tells neither an email nor an address to who reads ids. */
function toRowId({ kind, key }: Counter): string {
	return `throttle:${kind}:${createHash('sha256').update(`${kind}\0${key}`).digest('hex')}`;
}
