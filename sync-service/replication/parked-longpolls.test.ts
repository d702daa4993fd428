import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Look, ParkedLongpolls, type Waking } from '#service/replication/parked-longpolls.ts';

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

type LookForChanges = (since: unknown) => Promise<Look>;
const unchanged: LookForChanges = async (since) => ({ changed: false, lastSeq: since });

function park(parked: ParkedLongpolls, options: { ledger?: string; session?: string } = {}) {
	const { ledger = 'ledger', session = 'session' } = options;
	const watch = parked.watch(ledger, { sessionKey: session, accountId: `of ${session}` });
	watch.beginRead();
	const beats: number[] = [];
	const wait = (look = unchanged, since: unknown = 1, how: 'read' | 'unread' = 'read') =>
		new Promise<Waking>((wake) => {
			const sleeper = {
				since,
				deadline: Date.now() + MINUTE_MS,
				nextBeat: Date.now() + BEAT_MS,
				beat() {
					beats.push(Date.now());
					sleeper.nextBeat = Date.now() + BEAT_MS;
				},
				wake,
				look
			};
			if (how === 'unread') watch.parkUnread(sleeper);
			else watch.park(sleeper);
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

test('a ledger is looked at once for all who wait, from where the first of them is', async () => {
	const parked = new ParkedLongpolls(RECHECK_MS);
	const look = vi.fn<LookForChanges>(async () => ({ changed: false, lastSeq: 9 }));
	for (let count = 0; count < 50; count++) void park(parked).wait(look, count === 0 ? 1 : 2);
	await vi.advanceTimersByTimeAsync(RECHECK_MS * 1.2);
	expect(look.mock.calls).toEqual([[1]]);
	await vi.advanceTimersByTimeAsync(RECHECK_MS * 1.2);
	expect(look.mock.calls).toEqual([[1], [9]]);
});

test('a change found by looking wakes all who wait', async () => {
	const parked = new ParkedLongpolls(RECHECK_MS);
	const look: LookForChanges = async (since) => ({ changed: true, lastSeq: since });
	const waking = Promise.all([park(parked).wait(look), park(parked).wait(look)]);
	await vi.advanceTimersByTimeAsync(RECHECK_MS * 1.2);
	expect(await waking).toEqual(['written', 'written']);
});

test('looking goes on when the store did not answer', async () => {
	const parked = new ParkedLongpolls(RECHECK_MS);
	const look = vi.fn<LookForChanges>(async () => 'unknown');
	const waking = park(parked).wait(look);
	await vi.advanceTimersByTimeAsync(RECHECK_MS * 3.7);
	expect(look.mock.calls.length).toBeGreaterThanOrEqual(3);
	expect(new Set(look.mock.calls.map(([since]) => since))).toEqual(new Set([1]));
	parked.wake('ledger');
	expect(await waking).toBe('written');
});

test('whoever failed to read what was written is told again, though others have read it', async () => {
	const parked = new ParkedLongpolls(RECHECK_MS);
	const look = vi.fn<LookForChanges>(async (since) => ({ changed: since === 1, lastSeq: 2 }));
	const [reader, unlucky] = [park(parked), park(parked)];
	void reader.wait(look, 2);
	const waking = unlucky.wait(look, 1, 'unread');
	await vi.advanceTimersByTimeAsync(700);
	expect(await waking).toBe('written');
	unlucky.watch.beginRead();
	void unlucky.wait(look, 2);
	look.mockClear();
	await vi.advanceTimersByTimeAsync(RECHECK_MS * 0.7);
	expect(look).not.toHaveBeenCalled();
});

test('a store that tells nothing to those who failed to read is asked ever less', async () => {
	const parked = new ParkedLongpolls(RECHECK_MS);
	const look = vi.fn<LookForChanges>(async () => 'unknown');
	void park(parked).wait(look, 1, 'unread');
	await vi.advanceTimersByTimeAsync(MINUTE_MS / 2);
	expect(look.mock.calls.length).toBeGreaterThanOrEqual(6);
	expect(look.mock.calls.length).toBeLessThanOrEqual(12);
});

test('nothing is looked at when nobody waits any more', async () => {
	const parked = new ParkedLongpolls(RECHECK_MS);
	const look = vi.fn(unchanged);
	const one = park(parked);
	const waking = one.wait(look);
	parked.wake('ledger');
	await waking;
	one.watch.close();
	await vi.advanceTimersByTimeAsync(RECHECK_MS * 10);
	expect(look).not.toHaveBeenCalled();
	expect(vi.getTimerCount()).toBe(0);
});
