import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { anExpense } from '#tests/support/an-expense.ts';
import { aDevice, type TestDevice } from '#tests/support/devices.ts';
import { fetchAs, startSync, type SyncingDevice } from '#tests/support/replication.ts';
import { runService, type RunningService } from '#tests/support/run-service.ts';
import { signIn, signUp, type Person } from '#tests/service/people.ts';
import type { Fetch } from '#lib/sync/careful-fetch.ts';
import type { SyncReport } from '#lib/sync/sync-report.ts';

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

/** Resolves when the device has a document that passes. */
function arrival(
	device: TestDevice,
	test: (document: Record<string, unknown>) => boolean
): Promise<void> {
	return new Promise((resolve) => {
		device.feed.listen(({ documents }) => {
			for (const { decoded } of documents) {
				if (decoded.state === 'known' && test(decoded.document)) resolve();
			}
		});
	});
}

async function create(device: TestDevice, changes = {}): Promise<string> {
	const result = await device.repository.createTransaction(anExpense(changes));
	if (!result.ok) throw new Error(result.problem);
	return result.id;
}

test('what was entered before the sign-up goes along, and reaches the other device live', async () => {
	const person = await signUp(service.url);
	const [a, b] = [aDevice(), aDevice()];
	for (let entry = 0; entry < 50; entry++) await create(a, { note: String(entry) });
	const syncA = await sync(a, person);
	await syncA.until(isUpToDate);
	expect(syncA.reports.some(({ status, unsent }) => status === 'sending' && unsent === 50)).toBe(
		true
	);

	const onSecond = await signIn(service.url, person.email);
	const syncB = await sync(b, onSecond);
	await syncB.until(isUpToDate);
	expect((await b.database.allDocs()).rows).toHaveLength(50);

	const arrived = arrival(b, ({ note }) => note === 'live');
	await create(a, { note: 'live' });
	await arrived;
});

test('"up to date" is never said while something is unsent', async () => {
	const person = await signUp(service.url);
	const a = aDevice();
	const syncing = await sync(a, person);
	await syncing.until(isUpToDate);
	await create(a);
	await syncing.until(({ unsent }) => unsent === 1);
	await syncing.until(isUpToDate);
	for (const { status, unsent } of syncing.reports)
		if (status === 'up-to-date') expect(unsent).toBe(0);
});

test('an ended session leaves work on the device, and a new one sends it', async () => {
	const person = await signUp(service.url);
	const a = aDevice();
	let cookie = person.cookie;
	const syncing = await sync(a, person, (url, init) => fetchAs(cookie)(url, init));
	await syncing.until(isUpToDate);
	await person.send('/api/session', { method: 'DELETE' });
	await syncing.until(({ status }) => status === 'signed-out');
	await create(a, { note: 'while signed out' });
	await syncing.until(({ status, unsent }) => status === 'signed-out' && unsent === 1);

	cookie = (await signIn(service.url, person.email)).cookie;
	syncing.replicator.wake();
	await syncing.until(isUpToDate);
	expect(syncing.unsent.count).toBe(0);
});

test('nobody can sync with another person’s ledger', async () => {
	const [mine, theirs] = [await signUp(service.url), await signUp(service.url)];
	const a = aDevice();
	await create(a, { note: 'mine' });
	const syncing = await startSync(a, theirs.ledgerUrl, fetchAs(mine.cookie));
	running.push(syncing);
	await syncing.until(({ status }) => status === 'signed-out');
	const answer = await theirs.send(`/sync/${theirs.ledgerId}/_changes`);
	expect(((await answer.json()) as { results: unknown[] }).results).toEqual([]);
});

test('out of reach it says so, keeps counting, and recovers by itself', async () => {
	const person = await signUp(service.url);
	const a = aDevice();
	let isDown = false;
	const syncing = await sync(a, person, (url, init) =>
		isDown ? Promise.reject(new TypeError('fetch failed')) : fetchAs(person.cookie)(url, init)
	);
	await syncing.until(isUpToDate);
	isDown = true;
	syncing.replicator.disconnect();
	await create(a);
	await syncing.until(({ status, unsent }) => status === 'offline' && unsent === 1);
	isDown = false;
	await syncing.until(isUpToDate);
});

test('a single 503 is tried again in our own fetch: no storm of one request a document', async () => {
	const person = await signUp(service.url);
	const [a, b] = [aDevice(), aDevice()];
	for (let entry = 0; entry < 30; entry++) await create(a);
	await (await sync(a, person)).until(isUpToDate);

	let requests = 0;
	let refused = 0;
	const syncing = await sync(b, person, (url, init) => {
		requests += 1;
		if (String(url).includes('_bulk_get') && refused++ === 0) {
			return Promise.resolve(Response.json({ error: 'busy' }, { status: 503 }));
		}
		return fetchAs(person.cookie)(url, init);
	});
	await syncing.until(isUpToDate);
	expect(refused).toBe(2);
	expect((await b.database.allDocs()).rows).toHaveLength(30);
	expect(requests).toBeLessThan(30);
});

test('an HTML 401 of something in between ends in "sign in again", not in an endless loop', async () => {
	const person = await signUp(service.url);
	let requests = 0;
	const syncing = await sync(aDevice(), person, () => {
		requests += 1;
		return Promise.resolve(
			new Response('<h1>Sign in</h1>', { status: 401, headers: { 'content-type': 'text/html' } })
		);
	});
	await syncing.until(({ status }) => status === 'signed-out');
	expect(requests).toBe(1);
});

test('one document that the cloud will not take holds nothing up and is counted', async () => {
	const person = await signUp(service.url);
	const [a, b] = [aDevice(), aDevice()];
	const tooLarge = await create(a, { note: 'too large' });
	for (let entry = 0; entry < 5; entry++) await create(a, { note: String(entry) });
	const syncing = await sync(a, person, async (url, init) => {
		const body = typeof init?.body === 'string' ? init.body : '';
		if (String(url).endsWith('_bulk_docs') && body.includes(tooLarge)) {
			return Response.json({ error: 'too-large', reason: 'Too large' }, { status: 413 });
		}
		return fetchAs(person.cookie)(url, init);
	});
	const report = await syncing.until(({ status }) => status === 'attention');
	expect(report).toMatchObject({ unsent: 1, refused: 1 });
	await (await sync(b, person)).until(isUpToDate);
	expect((await b.database.allDocs()).rows).toHaveLength(5);
});

test('a response lost after the commit doubles nothing and ends up to date', async () => {
	const person = await signUp(service.url);
	const a = aDevice();
	await create(a);
	let lost = 0;
	const syncing = await sync(a, person, async (url, init) => {
		const response = await fetchAs(person.cookie)(url, init);
		if (String(url).endsWith('_bulk_docs') && lost++ === 0) throw new TypeError('reset');
		return response;
	});
	await syncing.until(isUpToDate);
	const answer = await person.send(`/sync/${person.ledgerId}/_changes?style=all_docs`);
	const { results } = (await answer.json()) as { results: { changes: unknown[] }[] };
	expect(results.map(({ changes }) => changes.length)).toEqual([1]);
});

test('edits of both devices to one entry, made offline, are merged on both', async () => {
	const person = await signUp(service.url);
	const [a, b] = [aDevice(), aDevice()];
	const id = await create(a);
	await (await sync(a, person)).until(isUpToDate);
	await (await sync(b, person)).until(isUpToDate);
	await Promise.all(running.splice(0).map((syncing) => syncing.stop()));

	const [offlineA, offlineB] = [aDevice(undefined, a.name), aDevice(undefined, b.name)];
	await offlineA.repository.change(id, { amountMinor: 1300 });
	await offlineB.repository.change(id, { note: 'with coffee' });
	const merged = [offlineA, offlineB].map((device) =>
		arrival(device, (document) => document.amountMinor === 1300 && document.note === 'with coffee')
	);
	await sync(offlineA, person);
	await sync(offlineB, person);
	await Promise.all(merged);
	const [onA, onB] = [await offlineA.read(id), await offlineB.read(id)];
	expect(onB).toEqual(onA);
});
