import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import type { LocalDatabase } from '#lib/storage/open-database.ts';
import { writeStartingDocuments } from '#lib/storage/starting-ledger.ts';
import type { Fetch } from '#lib/sync/careful-fetch.ts';
import { signUp, type Person } from '#tests/service/people.ts';
import { aDevice, type TestDevice } from './devices.ts';
import { fillLedger, olderEntries } from './filled-ledger.ts';
import { fetchAs, startSync, type SyncingDevice } from './replication.ts';
import { runService, type RunningService } from './run-service.ts';

/** A real service, people with much in their ledgers, and devices that are new to them. */
export interface FirstPullStage {
	/** Starts sync of a device; it ends with the test. */
	sync(device: TestDevice, person: Person, fetch?: Fetch): Promise<SyncingDevice>;
	/** Ends the sync that was started last. */
	endLatest(): Promise<void>;
	/** Somebody whose ledger holds so many entries. */
	somebodyWith(entries: number): Promise<Person>;
}

/** Sets the stage for all tests of a file: the service runs throughout. */
export function setFirstPullStage(): FirstPullStage {
	// Thousands of documents take their time on a busy machine.
	vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });
	const running: SyncingDevice[] = [];
	let service: RunningService;

	beforeAll(async () => {
		service = await runService();
	});

	afterEach(async () => {
		await Promise.all(running.splice(0).map((sync) => sync.stop()));
	});

	afterAll(() => service.stop());

	return {
		async sync(device, person, fetch) {
			const started = await startSync(device, person.ledgerUrl, fetch ?? fetchAs(person.cookie));
			running.push(started);
			return started;
		},
		async endLatest() {
			await running.pop()?.stop();
		},
		async somebodyWith(entries) {
			const person = await signUp(service.url);
			await fillLedger(person, olderEntries(entries));
			return person;
		}
	};
}

/** A device as it is when somebody signs in for the first time. */
export async function aNewDevice(): Promise<TestDevice> {
	const device = aDevice();
	await writeStartingDocuments(device.database);
	return device;
}

interface Listed {
	id: string;
	changes: { rev: string }[];
	deleted?: true;
}

/** Every document's leaves, deleted ones too. */
function toLeaves(rows: Listed[]): Record<string, string[]> {
	return Object.fromEntries(
		rows.map(({ id, changes }) => [id, changes.map(({ rev }) => rev).sort()])
	);
}

/** Every document’s leaves in the cloud, deleted ones too. */
export async function cloudLeaves(person: Person): Promise<Record<string, string[]>> {
	const answer = await person.send(`/sync/${person.ledgerId}/_changes?style=all_docs`);
	return toLeaves(((await answer.json()) as { results: Listed[] }).results);
}

async function localLeaves(database: LocalDatabase): Promise<Record<string, string[]>> {
	return toLeaves((await database.changes({ since: 0, style: 'all_docs' })).results as Listed[]);
}

/** Device and cloud hold the same leaves of the same documents. */
export async function expectSame(device: TestDevice, person: Person): Promise<void> {
	expect(await localLeaves(device.database)).toEqual(await cloudLeaves(person));
}
