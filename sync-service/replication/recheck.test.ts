import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ChangeQuestions, States } from '#service/replication/ask-for-changes.ts';
import { Recheck, type Waited, type Waiter } from '#service/replication/recheck.ts';

const PERIOD_MS = 4_000;

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

/** Copies of databases, each with how many changes it has; who is asked is told by the first of them. */
function makeStore(isOneCopy = true) {
	const copies = [new Map<string, number>(), new Map<string, number>()] as const;
	const store = {
		asked: 0,
		looks: [] as string[],
		/** The copy that tells states, and the one that tells changes. */
		answering: { states: 0, changes: 0 } as { states: 0 | 1; changes: 0 | 1 },
		says: undefined as States | undefined,
		names: (state: string): string => state,
		write(database: string, to: readonly (0 | 1)[] = [0, 1]) {
			for (const at of to) copies[at].set(database, (copies[at].get(database) ?? 0) + 1);
		}
	};
	const at = (copy: 0 | 1, database: string) => copies[copy].get(database) ?? 0;
	const ask: ChangeQuestions = {
		async states(databases) {
			store.asked++;
			if (store.says !== undefined) return store.says;
			const copy = store.answering.states;
			return new Map(
				databases.map((database) => {
					const state = store.names(`${copy}: ${at(copy, database)}`);
					return [database, { state, isOneCopy }];
				})
			);
		},
		async look(database, since) {
			store.looks.push(database);
			const count = at(store.answering.changes, database);
			return count > Number(since) ? { changed: true } : { changed: false, lastSeq: count };
		}
	};
	return { store, ask, at };
}

/** A database somebody waits for, having been told of `since` changes just now. */
function wait(recheck: Recheck, database: string, since = 0) {
	const waiters: Waiter[] = [];
	const leave = () => {
		waiters.length = 0;
		recheck.remove(waited);
	};
	const woken = vi.fn(leave);
	const waited: Waited = { database, waiters: () => waiters, wake: woken };
	const join = (from: number) => {
		const waiter = { since: from, asOf: recheck.moment() };
		waiters.push(waiter);
		recheck.add(waited);
		return waiter;
	};
	join(since);
	return { waited, woken, join, leave };
}

const later = (periods: number) => vi.advanceTimersByTimeAsync(periods * PERIOD_MS + 1);

test('what nobody has written to is asked about with one question a period, and looked at once', async () => {
	const { store, ask } = makeStore();
	const recheck = new Recheck(ask, PERIOD_MS);
	for (let ledger = 0; ledger < 100; ledger++) wait(recheck, `ledger-${ledger}`);
	await later(10);
	expect(store.asked).toBe(10);
	expect(store.looks).toHaveLength(100);
});

test('ten thousand of them are a hundred questions a period, however they come', async () => {
	const { store, ask } = makeStore();
	const recheck = new Recheck(ask, PERIOD_MS);
	for (let ledger = 0; ledger < 10_000; ledger++) {
		wait(recheck, `ledger-${ledger}`);
		if (ledger % 10 === 0) await vi.advanceTimersByTimeAsync(3);
	}
	await later(1);
	store.asked = 0;
	await later(10);
	expect(store.asked).toBeGreaterThanOrEqual(1_000);
	expect(store.asked).toBeLessThanOrEqual(1_200);
	expect(recheck.lagMs).toBeLessThanOrEqual(PERIOD_MS);
});

test('a write wakes within a period whoever waits, and nobody else', async () => {
	const { store, ask, at } = makeStore();
	const recheck = new Recheck(ask, PERIOD_MS);
	const [ann, bob] = [wait(recheck, 'ann'), wait(recheck, 'bob')];
	for (const periods of [0.1, 3.3]) {
		await later(periods);
		store.write('ann');
		await later(1);
		expect(ann.woken).toHaveBeenCalledOnce();
		ann.woken.mockClear();
		ann.join(at(0, 'ann'));
	}
	expect(bob.woken).not.toHaveBeenCalled();
});

test('a write between the last read and the first look is not missed', async () => {
	const { store, ask } = makeStore();
	const recheck = new Recheck(ask, PERIOD_MS);
	const ann = wait(recheck, 'ann', 0);
	store.write('ann');
	await later(1);
	expect(ann.woken).toHaveBeenCalledOnce();
});

test('who read before a state was seen is looked after, even where another who read later is well', async () => {
	const { store, ask } = makeStore();
	const recheck = new Recheck(ask, PERIOD_MS);
	// It is told of nothing, and is slow to wait.
	const slow = { since: 0, asOf: recheck.moment() };
	store.write('ann');
	const ann = wait(recheck, 'ann', 1);
	await later(2);
	expect(ann.woken).not.toHaveBeenCalled();
	ann.waited.waiters = () => [{ since: 1, asOf: recheck.moment() }, slow];
	await later(1);
	expect(ann.woken).toHaveBeenCalledOnce();
});

test('a state by which the last read ended is well known', async () => {
	const { store, ask } = makeStore();
	store.names = (state) => state.replace('0: ', '');
	const recheck = new Recheck(ask, PERIOD_MS);
	wait(recheck, 'ann', 0);
	await later(5);
	expect(store.looks).toEqual([]);
});

test('one state by several names costs a look for each', async () => {
	const { store, ask } = makeStore();
	store.names = (state) => `${state} by ${store.asked % 3}`;
	const recheck = new Recheck(ask, PERIOD_MS);
	const ann = wait(recheck, 'ann');
	await later(20);
	expect(store.looks).toHaveLength(3);
	store.write('ann');
	await later(1);
	expect(ann.woken).toHaveBeenCalledOnce();
});

test('a change is found that the copy did not have which was asked for changes', async () => {
	const { store, ask } = makeStore(false);
	const recheck = new Recheck(ask, PERIOD_MS);
	store.answering.changes = 1;
	store.write('ann', [0]);
	// Its first read and the first look were answered by the copy that lags behind.
	const ann = wait(recheck, 'ann', 0);
	await later(1.5);
	expect(ann.woken).not.toHaveBeenCalled();
	store.write('ann', [1]);
	await later(2);
	expect(ann.woken).toHaveBeenCalledOnce();
});

test('where there are copies the looks become ever rarer', async () => {
	const { store, ask } = makeStore(false);
	const recheck = new Recheck(ask, PERIOD_MS);
	wait(recheck, 'ann');
	await later(15 * 15);
	expect(store.asked).toBe(225);
	expect(store.looks.length).toBeLessThan(12);
});

test.each<[string, States]>([
	['refuses to say such things', 'refused'],
	['does not say this time', 'unknown'],
	['knows nothing of it', new Map()]
])('a store that %s is asked for changes', async (_, says) => {
	const { store, ask } = makeStore();
	store.says = says;
	const recheck = new Recheck(ask, PERIOD_MS);
	const ann = wait(recheck, 'ann');
	await later(3);
	expect(store.looks).toHaveLength(3);
	store.write('ann');
	await later(1);
	expect(ann.woken).toHaveBeenCalledOnce();
	// Who refuses is not asked again at once.
	expect(store.asked).toBe(says === 'refused' ? 1 : 4);
});

test('a look that fails is made again', async () => {
	const { store, ask } = makeStore();
	const { look } = ask;
	let isAway = true;
	ask.look = (database, since) =>
		isAway ? Promise.resolve('unknown' as const) : look(database, since);
	const recheck = new Recheck(ask, PERIOD_MS);
	const ann = wait(recheck, 'ann');
	store.write('ann');
	await later(3);
	isAway = false;
	await later(1);
	expect(ann.woken).toHaveBeenCalledOnce();
});

test('whoever failed to read what was written is looked after within a second, though others have read it', async () => {
	const { store, ask } = makeStore();
	const recheck = new Recheck(ask, PERIOD_MS);
	const ann = wait(recheck, 'ann');
	await later(3);
	ann.join(1);
	store.write('ann');
	recheck.hurry(ann.waited);
	await vi.advanceTimersByTimeAsync(700);
	expect(ann.woken).toHaveBeenCalledOnce();
	store.looks.length = 0;
	await later(5);
	expect(store.looks).toEqual([]);
	expect(vi.getTimerCount()).toBe(0);
});

test('a store that tells nothing to those who failed to read is asked ever less', async () => {
	const { ask } = makeStore();
	ask.states = async () => 'unknown';
	ask.look = vi.fn(async () => 'unknown' as const);
	const recheck = new Recheck(ask, PERIOD_MS);
	const ann = wait(recheck, 'ann');
	recheck.hurry(ann.waited);
	recheck.hurry(ann.waited);
	await later(7.5);
	expect(ask.look).toHaveBeenCalledTimes(3 + 7);
});

test('a store that hangs is asked a few questions at a time', async () => {
	const { ask } = makeStore();
	ask.states = vi.fn(() => new Promise<States>(() => {}));
	const recheck = new Recheck(ask, PERIOD_MS);
	for (let ledger = 0; ledger < 1_000; ledger++) wait(recheck, `ledger-${ledger}`);
	await later(20);
	expect(ask.states).toHaveBeenCalledTimes(4);
	expect(recheck.lagMs).toBeGreaterThan(20 * PERIOD_MS);
});

test('nobody waits, nothing is asked', async () => {
	const { store, ask } = makeStore();
	const recheck = new Recheck(ask, PERIOD_MS);
	const ann = wait(recheck, 'ann');
	await later(0.5);
	ann.leave();
	await later(5);
	expect(store.asked).toBe(0);
	expect(vi.getTimerCount()).toBe(0);
});
