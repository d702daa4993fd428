import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CouchClient } from '#service/couch/client.ts';
import { ParkedLongpolls, type Waking } from '#service/replication/parked-longpolls.ts';

const RECHECK_MS = 5_000;
const MINUTE_MS = 60_000;
const BEAT_MS = 10_000;
/** How late a deadline or a sign of life may be. */
const TICK_MS = 250;

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

/** A store that says nothing. */
const client = { request: () => Promise.reject(new Error('away')) } as unknown as CouchClient;
const place = { client, database: 'ledger-1' };

function park(
	parked: ParkedLongpolls,
	options: { ledger?: string; session?: string; database?: string } = {}
) {
	const { ledger = 'ledger', session = 'session', database = 'ledger-1' } = options;
	const owner = { sessionKey: session, accountId: `of ${session}` };
	const watch = parked.watch(ledger, { ...place, database }, owner);
	watch.beginRead();
	const beats: number[] = [];
	const wait = () =>
		new Promise<Waking>((wake) => {
			const sleeper = {
				since: 1,
				asOf: 0,
				deadline: Date.now() + MINUTE_MS,
				nextBeat: Date.now() + BEAT_MS,
				beat() {
					beats.push(Date.now());
					sleeper.nextBeat = Date.now() + BEAT_MS;
				},
				wake
			};
			watch.park(sleeper);
		});
	return { watch, wait, beats };
}

test('a write wakes those of its ledger and nobody else', async () => {
	const parked = new ParkedLongpolls(RECHECK_MS);
	const [one, two, other] = [park(parked), park(parked), park(parked, { ledger: 'other' })];
	const waking = Promise.all([one.wait(), two.wait()]);
	const stillParked = vi.fn();
	void other.wait().then(stillParked);
	parked.wake('ledger');
	expect(await waking).toEqual(['written', 'written']);
	expect(stillParked).not.toHaveBeenCalled();
});

test('a write between the read and the parking is not missed', async () => {
	const parked = new ParkedLongpolls(RECHECK_MS);
	const one = park(parked);
	parked.wake('ledger');
	expect(await one.wait()).toBe('written');
});

test('a write before the next read is forgotten', async () => {
	const parked = new ParkedLongpolls(RECHECK_MS);
	const one = park(parked);
	parked.wake('ledger');
	one.watch.beginRead();
	const waking = one.wait();
	await vi.advanceTimersByTimeAsync(MINUTE_MS + TICK_MS);
	expect(await waking).toBe('timeout');
});

test('the end of a session ends its longpolls only, also before they are parked', async () => {
	const parked = new ParkedLongpolls(RECHECK_MS);
	const [one, late] = [park(parked), park(parked)];
	const another = park(parked, { session: 'another' });
	const [waking, otherWaking] = [one.wait(), another.wait()];
	parked.endSession('session');
	expect(await waking).toBe('session-ended');
	expect(await late.wait()).toBe('session-ended');
	parked.wake('ledger');
	expect(await otherWaking).toBe('written');
});

test('draining ends those that are parked and those that come later', async () => {
	const parked = new ParkedLongpolls(RECHECK_MS);
	const waking = park(parked).wait();
	parked.drain();
	expect(await waking).toBe('draining');
	expect(await park(parked).wait()).toBe('draining');
});

test('signs of life come while somebody waits, and no longer', async () => {
	const parked = new ParkedLongpolls(RECHECK_MS);
	const one = park(parked);
	const waking = one.wait();
	await vi.advanceTimersByTimeAsync(3 * (BEAT_MS + TICK_MS));
	expect(one.beats).toHaveLength(3);
	parked.wake('ledger');
	await waking;
	await vi.advanceTimersByTimeAsync(3 * BEAT_MS);
	expect(one.beats).toHaveLength(3);
});

test('the end of an account ends its longpolls', async () => {
	const parked = new ParkedLongpolls(RECHECK_MS);
	const waking = park(parked).wait();
	parked.endAccount('of another');
	parked.endAccount('of session');
	expect(await waking).toBe('session-ended');
});

test('a client that goes away ends its longpoll', async () => {
	const parked = new ParkedLongpolls(RECHECK_MS);
	const one = park(parked);
	const waking = one.wait();
	one.watch.end('gone');
	expect(await waking).toBe('gone');
	one.watch.close();
	expect(parked.size).toBe(0);
});

test('a ledger that is elsewhere now ends the longpolls where it was, parked or not yet', async () => {
	const parked = new ParkedLongpolls(RECHECK_MS);
	const [one, late] = [park(parked), park(parked)];
	const waking = one.wait();
	const moved = park(parked, { database: 'ledger-2' });
	expect(await waking).toBe('moved');
	expect(await late.wait()).toBe('moved');
	const stillParked = moved.wait();
	one.watch.close();
	late.watch.close();
	expect(parked.size).toBe(1);
	parked.wake('ledger');
	expect(await stillParked).toBe('written');
});

test('nothing is left to be done when nobody waits any more', async () => {
	const parked = new ParkedLongpolls(RECHECK_MS);
	const one = park(parked);
	const waking = one.wait();
	expect(vi.getTimerCount()).toBe(2);
	parked.wake('ledger');
	await waking;
	one.watch.close();
	expect(vi.getTimerCount()).toBe(0);
	expect(parked.recheckLagMs).toBe(0);
});
