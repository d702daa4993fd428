import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Rows } from '#service/accounts/rows.ts';
import { type CouchDocument, StoreUnavailable } from '#service/couch/client.ts';
import { createLastSync, type LastSync } from '#service/ledgers/last-sync.ts';

const MINUTE_MS = 60_000;
let ledger: CouchDocument | undefined;
let isAway: boolean;
let reads: number;
let writes: number;
let lastSync: LastSync;
const report = vi.fn();

const rows = {
	find: async () => {
		reads++;
		if (isAway) throw new StoreUnavailable('away');
		return ledger;
	},
	put: async (row: CouchDocument) => {
		writes++;
		ledger = row;
		return { rev: '1-a' };
	}
} as unknown as Rows;

beforeEach(() => {
	vi.useFakeTimers({ now: new Date('2026-11-22T12:00:00Z') });
	ledger = { _id: 'ledger:l' };
	[isAway, reads, writes] = [false, 0, 0];
	lastSync = createLastSync(rows, report);
});
afterEach(() => void vi.useRealTimers());

test('requests of an hour cost one read and one write, a minute later', async () => {
	for (let minute = 0; minute < 60; minute++) {
		lastSync.note('l');
		expect({ reads, writes }).toEqual(
			minute === 0 ? { reads: 0, writes: 0 } : { reads: 1, writes: 1 }
		);
		await vi.advanceTimersByTimeAsync(MINUTE_MS);
	}
	expect(ledger).toMatchObject({ lastSyncAt: '2026-11-22T12:00:00.000Z' });
	lastSync.note('l');
	await vi.advanceTimersByTimeAsync(MINUTE_MS);
	expect(ledger).toMatchObject({ lastSyncAt: '2026-11-22T13:00:00.000Z' });
	expect({ reads, writes }).toEqual({ reads: 2, writes: 2 });
});

test('what another process noted within the hour is left', async () => {
	ledger = { _id: 'ledger:l', lastSyncAt: '2026-11-22T11:30:00.000Z' };
	lastSync.note('l');
	await vi.advanceTimersByTimeAsync(MINUTE_MS);
	expect({ reads, writes }).toEqual({ reads: 1, writes: 0 });
});

test('a ledger that is gone meanwhile does not come back', async () => {
	ledger = undefined;
	lastSync.note('l');
	await vi.advanceTimersByTimeAsync(MINUTE_MS);
	expect({ ledger, writes }).toEqual({ ledger: undefined, writes: 0 });
});

test('what a store that is away did not take is noted at the next request', async () => {
	isAway = true;
	lastSync.note('l');
	await vi.advanceTimersByTimeAsync(MINUTE_MS);
	isAway = false;
	lastSync.note('l');
	await vi.advanceTimersByTimeAsync(MINUTE_MS);
	expect(writes).toBe(1);
	expect(report).not.toHaveBeenCalled();
});

test('nothing is written once it is stopped', async () => {
	lastSync.note('l');
	lastSync.stop();
	lastSync.note('other');
	await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
	expect(reads).toBe(0);
});
