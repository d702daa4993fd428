import { expect, test } from 'vitest';
import { INCARNATION_HEADER } from '#contract/replication.ts';
import type { Fetch } from '#lib/sync/careful-fetch.ts';
import { ChangesRows } from '#lib/sync/changes-rows.ts';
import { aDevice } from '#tests/support/devices.ts';
import {
	aNewDevice,
	cloudLeaves,
	expectSame,
	setFirstPullStage
} from '#tests/support/first-pull-stage.ts';
import { fetchAs, type SyncingDevice } from '#tests/support/replication.ts';
import { create, isUpToDate } from '#tests/support/sync-stage.ts';
import { watchFetch } from '#tests/support/watched-fetch.ts';

const { endLatest, somebodyWith, sync } = setFirstPullStage();

/** The most rows that are read for nothing where the two ends meet: two batches and what is on its way. */
const MEETING = 750;

/**
 * A fetch that breaks every list of documents off after so many bytes. Counts the rows it let through, but
 * not those that the store told again unasked: twice in one answer, or from before the place it was asked
 * to go on from.
 */
function cuttingFetch(
	fetch: Fetch,
	most: number
): { fetch: Fetch; rows: () => number; cuts: () => number } {
	let [count, cuts] = [0, 0];
	/** The rows that were told up to a sequence, in the chain of answers that led there. */
	const passed = new Map<string, Told>();
	return {
		rows: () => count,
		cuts: () => cuts,
		async fetch(url, init) {
			const response = await fetch(url, init);
			if (!String(url).includes('include_docs') || !response.body) return response;
			const reader = response.body.getReader();
			const decoder = new TextDecoder();
			const changes = new ChangesRows();
			let told = passed.get(new URL(String(url)).searchParams.get('since') ?? '');
			let left = most;
			const pull = async (
				controller: ReadableStreamDefaultController<Uint8Array>
			): Promise<void> => {
				const { done, value } = await reader.read();
				if (done) return controller.close();
				if (left === 0) {
					cuts += 1;
					await reader.cancel();
					return controller.error(new TypeError('cut off'));
				}
				const piece = value.subarray(0, left);
				left -= piece.length;
				for (const row of changes.take(decoder.decode(piece, { stream: true }))) {
					const name = `${row.id} ${row.changes[0]?.rev}`;
					if (!wasTold(told, name)) count += 1;
					told = { name, before: told };
					passed.set(String(row.seq), told);
				}
				controller.enqueue(piece);
			};
			return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }), response);
		}
	};
}

/** A row, and those that were told before it. */
interface Told {
	name: string;
	before: Told | undefined;
}

function wasTold(told: Told | undefined, name: string): boolean {
	for (let row = told; row; row = row.before) if (row.name === name) return true;
	return false;
}

/** Wakes it whenever it waits, until it is through. */
async function insist(syncing: SyncingDevice): Promise<void> {
	for (;;) {
		const { status } = await syncing.until(({ status }) =>
			['up-to-date', 'offline'].includes(status)
		);
		if (status === 'up-to-date') return;
		syncing.replicator.wake();
	}
}

test.each([
	[30_000, 1000],
	[300_000, 3000],
	[1_500_000, 3000]
])(
	'cut off after every %i bytes it goes on from there',
	async (most, entries) => {
		const person = await somebodyWith(entries);
		const device = await aNewDevice();
		const made = await create(device, { note: 'before' });
		const cutting = cuttingFetch(fetchAs(person.cookie), most);
		const syncing = await sync(device, person, cutting.fetch);
		await insist(syncing);
		expect(cutting.cuts()).toBeGreaterThan(0);
		await expectSame(device, person);
		expect(Object.keys(await cloudLeaves(person))).toContain(made);
		// Twice came what was half there at a cut, and two batches where the two ends met.
		expect(cutting.rows()).toBeLessThanOrEqual(entries + 1 + cutting.cuts() + MEETING);
		const shares = syncing.reports.flatMap(({ firstPull }) => firstPull?.received ?? []);
		expect(shares).toEqual(shares.toSorted((a, b) => a - b));
	},
	// Dozens of connections, each as slow as the store.
	120_000
);

test('closed in the middle it goes on at the next start', async () => {
	const person = await somebodyWith(3000);
	const device = await aNewDevice();
	const cutting = cuttingFetch(fetchAs(person.cookie), 500_000);
	const first = await sync(device, person, cutting.fetch);
	await first.until(({ status }) => status === 'offline');
	await endLatest();
	const before = cutting.rows();
	expect(before).toBeGreaterThan(250);

	const again = aDevice(undefined, device.name);
	const made = await create(again, { note: 'before the second start' });
	const whole = cuttingFetch(fetchAs(person.cookie), Infinity);
	await (await sync(again, person, whole.fetch)).until(isUpToDate);
	expect(whole.rows()).toBeLessThanOrEqual(3001 - before + MEETING);
	await expectSame(again, person);
	expect(Object.keys(await cloudLeaves(person))).toContain(made);
});

test('whichever request fails, everything arrives and nothing is sent that the cloud has', async () => {
	const person = await somebodyWith(600);
	for (let failing = 1, isReached = true; isReached; failing++) {
		const device = await aNewDevice();
		const watched = watchFetch(fetchAs(person.cookie));
		const syncing = await sync(device, person, async (url, init) => {
			const isFailing = watched.requests.length + 1 === failing;
			const response = await watched.fetch(url, init);
			if (!isFailing) return response;
			await response.body?.cancel();
			throw new TypeError('reset');
		});
		await insist(syncing);
		await expectSame(device, person);
		isReached = watched.requests.length >= failing;
		if (failing > 1) expect(watched.sent).toEqual([]);
		await endLatest();
	}
});

test('a ledger that was restored meanwhile is compared from the beginning', async () => {
	const person = await somebodyWith(3000);
	const device = await aNewDevice();
	const made = await create(device, { note: 'before' });
	let incarnation = 'first';
	const named: Fetch = async (url, init) => {
		const response = await fetchAs(person.cookie)(url, init);
		const headers = new Headers(response.headers);
		headers.set(INCARNATION_HEADER, incarnation);
		const { status } = response;
		return new Response(response.body, { status, headers });
	};
	const cutting = cuttingFetch(named, 1_500_000);
	const syncing = await sync(device, person, cutting.fetch);
	await syncing.until(({ status }) => status === 'offline');
	incarnation = 'second';
	await insist(syncing);
	await expectSame(device, person);
	expect(Object.keys(await cloudLeaves(person))).toContain(made);
});
