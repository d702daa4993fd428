import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { writeStartingDocuments } from '#lib/storage/starting-ledger.ts';
import { pushDocuments, signUp, toRevision, type Person } from '#tests/service/people.ts';
import { aDevice } from '#tests/support/devices.ts';
import type { FakeCloudant } from '#tests/support/fake-cloudant.ts';
import { fillLedger, olderEntries } from '#tests/support/filled-ledger.ts';
import { fetchAs, startSync, type SyncingDevice } from '#tests/support/replication.ts';
import { runService, type RunningService } from '#tests/support/run-service.ts';
import { isUpToDate } from '#tests/support/sync-stage.ts';
import { watchFetch } from '#tests/support/watched-fetch.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const ENTRIES = 600;

let service: RunningService;
let cloudant: FakeCloudant;
const running: SyncingDevice[] = [];

beforeAll(async () => {
	service = await runService({
		cloudant: { disorder: true },
		parts: { longpolls: { recheckMs: 200 } }
	});
	cloudant = service.cloudant!;
});

afterEach(async () => {
	await Promise.all(running.splice(0).map((sync) => sync.stop()));
	cloudant.faults.lag = 0;
});

afterAll(() => service.stop());

async function somebody(): Promise<Person> {
	const person = await signUp(service.url);
	await fillLedger(person, olderEntries(ENTRIES));
	return person;
}

async function aNewDevice(person: Person) {
	const device = aDevice();
	await writeStartingDocuments(device.database);
	const watched = watchFetch(fetchAs(person.cookie));
	const syncing = await startSync(device, person.ledgerUrl, watched.fetch);
	running.push(syncing);
	return { device, watched, syncing };
}

const entries = [...olderEntries(ENTRIES)].map(({ _id }) => String(_id));

test('whichever shard tells first, all is there after one answer, and what comes later comes', async () => {
	const person = await somebody();
	const { device, watched, syncing } = await aNewDevice(person);
	await syncing.until(isUpToDate);
	expect(watched.requests).not.toContain('POST _bulk_get');
	expect((await watched.fetched()).size).toBe(ENTRIES);
	const { rows } = await device.database.allDocs({ keys: entries });
	expect(rows.filter((row) => 'error' in row)).toEqual([]);

	await pushDocuments(person, toRevision('transaction:later'));
	await expect
		.poll(() => device.database.get('transaction:later'), { timeout: 15_000 })
		.toBeTruthy();
});

test('what the copies lack that tell of the changes comes when they have it, whatever the database says', async () => {
	const person = await somebody();
	cloudant.faults.lag = 25;
	const { device, syncing } = await aNewDevice(person);
	await syncing.until(({ firstPull }) => firstPull?.received === firstPull?.total && !!firstPull);
	const missing = async () => {
		const { rows } = await device.database.allDocs({ keys: entries });
		return rows.filter((row) => 'error' in row).length;
	};
	expect(await missing()).toBeGreaterThan(0);
	cloudant.faults.lag = 0;
	await expect.poll(missing, { timeout: 15_000 }).toBe(0);
});
