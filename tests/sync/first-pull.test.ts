import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { INCARNATION_HEADER } from '#contract/replication.ts';
import { startingDocuments } from '#lib/domain/starting-documents.ts';
import type { LocalDatabase, StoredDocument } from '#lib/storage/open-database.ts';
import { writeStartingDocuments } from '#lib/storage/starting-ledger.ts';
import type { Fetch } from '#lib/sync/careful-fetch.ts';
import { ChangesRows } from '#lib/sync/changes-rows.ts';
import type { SyncReport } from '#lib/sync/sync-report.ts';
import { pushDocuments, signUp, toRevision, type Person } from '#tests/service/people.ts';
import { anExpense } from '#tests/support/an-expense.ts';
import { aDevice, leavesOf, type TestDevice } from '#tests/support/devices.ts';
import { fillLedger, olderEntries } from '#tests/support/filled-ledger.ts';
import { fetchAs, startSync, type SyncingDevice } from '#tests/support/replication.ts';
import { runService, type RunningService } from '#tests/support/run-service.ts';
import { watchFetch } from '#tests/support/watched-fetch.ts';

// Thousands of documents take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });

let service: RunningService;
const running: SyncingDevice[] = [];

beforeAll(async () => {
	service = await runService();
});

afterEach(async () => {
	await Promise.all(running.splice(0).map((sync) => sync.stop()));
});

afterAll(() => service.stop());

async function sync(device: TestDevice, person: Person, fetch?: Fetch): Promise<SyncingDevice> {
	const started = await startSync(device, person.ledgerUrl, fetch ?? fetchAs(person.cookie));
	running.push(started);
	return started;
}

const isUpToDate = ({ status }: SyncReport): boolean => status === 'up-to-date';

/** Somebody whose ledger holds so many entries. */
async function somebodyWith(entries: number): Promise<Person> {
	const person = await signUp(service.url);
	await fillLedger(person, olderEntries(entries));
	return person;
}

/** A device as it is when somebody signs in for the first time. */
async function aNewDevice(): Promise<TestDevice> {
	const device = aDevice();
	await writeStartingDocuments(device.database);
	return device;
}

async function create(device: TestDevice, note: string): Promise<string> {
	const result = await device.repository.createTransaction(anExpense({ note }));
	if (!result.ok) throw new Error(result.problem);
	return result.id;
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

async function cloudLeaves(person: Person): Promise<Record<string, string[]>> {
	const answer = await person.send(`/sync/${person.ledgerId}/_changes?style=all_docs`);
	return toLeaves(((await answer.json()) as { results: Listed[] }).results);
}

async function localLeaves(database: LocalDatabase): Promise<Record<string, string[]>> {
	return toLeaves((await database.changes({ since: 0, style: 'all_docs' })).results as Listed[]);
}

async function expectSame(device: TestDevice, person: Person): Promise<void> {
	expect(await localLeaves(device.database)).toEqual(await cloudLeaves(person));
}

/** A fetch whose list of documents goes through `pass`, piece by piece. */
function withPieces(
	fetch: Fetch,
	pass: (piece: Uint8Array, controller: TransformStreamDefaultController<Uint8Array>) => unknown
): Fetch {
	return async (url, init) => {
		const response = await fetch(url, init);
		if (!String(url).includes('include_docs') || !response.body) return response;
		const pieces = new TransformStream<Uint8Array, Uint8Array>({
			transform: async (piece, controller) => {
				await pass(piece, controller);
			}
		});
		return new Response(response.body.pipeThrough(pieces), response);
	};
}

test('everything arrives once, under the same revisions, and replication has nothing left to ask', async () => {
	const person = await somebodyWith(3000);
	const device = await aNewDevice();
	const watched = watchFetch(fetchAs(person.cookie));
	const syncing = await sync(device, person, watched.fetch);
	await syncing.until(isUpToDate);

	const fetched = await watched.fetched();
	expect(fetched.size).toBe(3000);
	expect([...fetched.values()].every((times) => times === 1)).toBe(true);
	expect(watched.requests.filter((request) => request.endsWith('_bulk_get'))).toEqual([]);
	// The starting documents are all that could be news to the cloud, and here they are.
	const own = startingDocuments().map(({ _id }) => _id);
	expect(watched.offered.sort()).toEqual(own.sort());
	expect(watched.sent.sort()).toEqual(own.sort());
	await expectSame(device, person);

	// The next connection goes on from there: no list of changes with anything in it, nothing offered.
	watched.clear();
	syncing.replicator.disconnect();
	await syncing.until(({ status }) => status === 'offline');
	syncing.replicator.wake();
	await syncing.until(isUpToDate);
	expect((await watched.fetched()).size).toBe(0);
	for (const name of ['_bulk_get', '_revs_diff', '_bulk_docs']) {
		expect(watched.requests).not.toContain(`POST ${name}`);
	}
});

test('nothing is missed while another device writes all the time', async () => {
	const person = await somebodyWith(2000);
	const older = [...olderEntries(2000)];
	let round = 0;
	// With every piece that arrives an old entry changes, one goes and one comes.
	const fetch = withPieces(fetchAs(person.cookie), async (piece, controller) => {
		const [changed, removed] = [older[round * 2], older[1999 - round * 2]];
		round += 1;
		await pushDocuments(
			person,
			followUp(changed, { note: `changed ${round}` }),
			followUp(removed, { _deleted: true }),
			toRevision(`transaction:during-${round}`)
		);
		controller.enqueue(piece);
	});
	const device = await aNewDevice();
	const syncing = await sync(device, person, fetch);
	await syncing.until(isUpToDate);
	expect(round).toBeGreaterThan(3);
	await pushDocuments(person, toRevision('transaction:last'));
	await until(device.database, 'transaction:last');
	await syncing.until(isUpToDate);
	await expectSame(device, person);
});

function followUp(document: StoredDocument | undefined, fields: object): StoredDocument {
	const { _revisions, ...rest } = document as StoredDocument & {
		_revisions: { start: number; ids: string[] };
	};
	const start = _revisions.start + 1;
	const id = `${start}${String(_revisions.ids[0]).slice(2)}ee`;
	return {
		...rest,
		...fields,
		_rev: `${start}-${id}`,
		_revisions: { start, ids: [id, ..._revisions.ids] }
	};
}

async function until(database: LocalDatabase, id: string): Promise<void> {
	await new Promise<void>((resolve) => {
		const changes = database.changes({ since: 0, live: true });
		changes.on('change', (change) => {
			if (change.id !== id) return;
			changes.cancel();
			resolve();
		});
	});
}

test('a document with several leaves arrives with all of them, a deleted one as deleted', async () => {
	const person = await somebodyWith(500);
	const [plain, settled, conflict] = [...olderEntries(3)];
	const other = (document: StoredDocument | undefined, fields: object): StoredDocument =>
		toRevision(
			String(document?._id),
			{ ...document, ...fields, _revisions: undefined },
			'1-0a'
		) as StoredDocument;
	await pushDocuments(
		person,
		followUp(plain, { _deleted: true }),
		other(settled, { _deleted: true, _rev: '1-0a', _revisions: { start: 1, ids: ['0a'] } }),
		other(conflict, { type: 'unknown', _rev: '1-0a', _revisions: { start: 1, ids: ['0a'] } })
	);
	const device = await aNewDevice();
	await (await sync(device, person)).until(isUpToDate);
	await expectSame(device, person);
	expect(await leavesOf(device.database, String(plain?._id))).toEqual([]);
	expect(await leavesOf(device.database, String(settled?._id))).toHaveLength(1);
	expect(await leavesOf(device.database, String(conflict?._id))).toHaveLength(2);
});

test('starting documents that were edited elsewhere take their place without a conflict', async () => {
	const person = await somebodyWith(300);
	const first = await aNewDevice();
	await first.repository.change('category:food', { name: 'Eating' });
	const before = await sync(first, person);
	await before.until(isUpToDate);

	const device = await aNewDevice();
	const watched = watchFetch(fetchAs(person.cookie));
	await (await sync(device, person, watched.fetch)).until(isUpToDate);
	await expectSame(device, person);
	expect(await leavesOf(device.database, 'category:food')).toMatchObject([{ name: 'Eating' }]);
	expect(await device.database.get('category:food', { conflicts: true })).not.toHaveProperty(
		'_conflicts'
	);
	expect(watched.sent).toEqual([]);
});

test('entries made before and during the first pull reach the cloud', async () => {
	const person = await somebodyWith(3000);
	const device = await aNewDevice();
	const newest = [...olderEntries(3000)].at(-1) as { _id: string };
	const made = [await create(device, 'before')];
	let isEdited = false;
	const fetch = withPieces(fetchAs(person.cookie), async (piece, controller) => {
		controller.enqueue(piece);
		made.push(await create(device, 'during'));
		isEdited ||= (await device.repository.change(newest._id, { note: 'edited' })).ok;
	});
	const syncing = await sync(device, person, fetch);
	await syncing.until(isUpToDate);
	expect(made.length).toBeGreaterThan(5);
	expect(syncing.unsent.count).toBe(0);
	expect(Object.keys(await cloudLeaves(person))).toEqual(expect.arrayContaining(made));
	expect(await leavesOf(device.database, newest._id)).toMatchObject([{ note: 'edited' }]);
	await expectSame(device, person);
});

test('the newest entries are there while the others are still on their way', async () => {
	const person = await somebodyWith(3000);
	const entries = [...olderEntries(3000)].map(({ _id }) => String(_id));
	const device = await aNewDevice();
	const held = Promise.withResolvers<true>();
	let bytes = 0;
	const fetch = withPieces(fetchAs(person.cookie), async (piece, controller) => {
		bytes += piece.length;
		if (bytes > 600_000) await held.promise;
		controller.enqueue(piece);
	});
	const syncing = await sync(device, person, fetch);
	await syncing.until(({ firstPull }) => (firstPull?.received ?? 0) > 0);
	const { rows } = await device.database.allDocs({ keys: entries });
	const here = rows.map((row) => !('error' in row));
	// Two shards of a store take turns roughly, not exactly.
	expect(here.slice(-100)).not.toContain(false);
	expect(here.slice(0, 1500)).not.toContain(true);
	held.resolve(true);
	await syncing.until(isUpToDate);
	await expectSame(device, person);
});

test('the percentage only ever grows, and ends at 100', async () => {
	const person = await somebodyWith(3000);
	const syncing = await sync(await aNewDevice(), person);
	await syncing.until(isUpToDate);
	const shares = syncing.reports.flatMap(({ firstPull }) =>
		firstPull ? [firstPull.received / firstPull.total] : []
	);
	expect(shares).toEqual(shares.toSorted((a, b) => a - b));
	expect(shares[0]).toBe(0);
	expect(new Set(shares).size).toBeGreaterThan(4);
	expect(shares.at(-1)).toBe(1);
	expect(syncing.reports.at(-1)?.firstPull).toBeNull();
});

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

test.each([30_000, 300_000, 1_500_000])(
	'cut off after every %i bytes it goes on from there',
	async (most) => {
		const person = await somebodyWith(3000);
		const device = await aNewDevice();
		const made = await create(device, 'before');
		const cutting = cuttingFetch(fetchAs(person.cookie), most);
		const syncing = await sync(device, person, cutting.fetch);
		await insist(syncing);
		expect(cutting.cuts()).toBeGreaterThan(0);
		await expectSame(device, person);
		expect(Object.keys(await cloudLeaves(person))).toContain(made);
		// Twice came what was half there at a cut, and two batches where the two ends met.
		expect(cutting.rows()).toBeLessThanOrEqual(3001 + cutting.cuts() + MEETING);
		const shares = syncing.reports.flatMap(({ firstPull }) => firstPull?.received ?? []);
		expect(shares).toEqual(shares.toSorted((a, b) => a - b));
	},
	// More than a hundred connections, each as slow as the store.
	180_000
);

test('closed in the middle it goes on at the next start', async () => {
	const person = await somebodyWith(3000);
	const device = await aNewDevice();
	const cutting = cuttingFetch(fetchAs(person.cookie), 500_000);
	const first = await sync(device, person, cutting.fetch);
	await first.until(({ status }) => status === 'offline');
	await running.pop()?.stop();
	const before = cutting.rows();
	expect(before).toBeGreaterThan(250);

	const again = aDevice(undefined, device.name);
	const made = await create(again, 'before the second start');
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
		await running.pop()?.stop();
	}
});

test('a ledger that was restored meanwhile is compared from the beginning', async () => {
	const person = await somebodyWith(3000);
	const device = await aNewDevice();
	const made = await create(device, 'before');
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

test('a device that is not new, or a ledger with little in it, is replicated as ever', async () => {
	const person = await somebodyWith(150);
	const device = await aNewDevice();
	const watched = watchFetch(fetchAs(person.cookie));
	const syncing = await sync(device, person, watched.fetch);
	await syncing.until(isUpToDate);
	expect(watched.requests).toContain('POST _bulk_get');
	expect(syncing.reports.every(({ firstPull }) => firstPull === null)).toBe(true);
	await expectSame(device, person);
});
