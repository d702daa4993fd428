import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aDevice, type TestDevice } from '#tests/support/devices.ts';
import { eventually } from '#tests/support/eventually.ts';
import type { Fault } from '#tests/support/fault-proxy.ts';
import { fetchAs, startSync } from '#tests/support/replication.ts';
import { shortenWaits } from '#tests/support/short-waits.ts';
import { arrival, create, isUpToDate, setSyncStage } from '#tests/support/sync-stage.ts';

const stage = setSyncStage();
let restoreWaits: () => void;

beforeEach(() => {
	// Back-off, heartbeats and the patience with a silent longpoll, all in proportion.
	restoreWaits = shortenWaits((ms) => (ms >= 200 && ms <= 30_000 ? ms / 20 : ms));
});

afterEach(() => {
	restoreWaits();
	vi.restoreAllMocks();
});

/** What replication asks for, from a connection's first request to the documents. */
const REQUESTS = {
	'the greeting': /GET \/sync\/\w+\/$/,
	'reading a checkpoint': /GET .*_local/,
	'writing a checkpoint': /PUT .*_local/,
	changes: /_changes(?!.*longpoll)/,
	'the longpoll': /feed=longpoll/,
	_revs_diff: /_revs_diff/,
	_bulk_docs: /_bulk_docs/,
	_bulk_get: /_bulk_get/
};

const FAULTS: Record<string, Fault> = {
	reset: { kind: 'reset' },
	'the request cut in the middle': { kind: 'cut-request' },
	'the answer cut in the middle': { kind: 'cut-answer' },
	'the answer lost after the commit': { kind: 'lost-answer' },
	'asked twice': { kind: 'duplicate' },
	'400 ms late': { kind: 'delay', ms: 400 },
	'in drops': { kind: 'drip', bytes: 100, ms: 5 },
	'429 with Retry-After': { kind: 'answer', status: 429, headers: { 'retry-after': '1' } },
	'503 JSON': { kind: 'answer', status: 503 },
	'502 HTML': { kind: 'answer', status: 502, body: '<h1>Bad gateway</h1>' },
	'500 JSON': { kind: 'answer', status: 500 },
	'403 HTML': { kind: 'answer', status: 403, body: '<h1>Blocked</h1>' },
	'a page of somebody’s network': { kind: 'answer', status: 200, body: '<h1>Welcome</h1>' }
};

async function expectSame(devices: TestDevice[], entries: number): Promise<void> {
	const cloud = await stage.cloud();
	expect(cloud.size).toBe(entries);
	for (const leaves of cloud.values()) expect(leaves).toHaveLength(1);
	for (const { database } of devices) {
		const { rows } = await database.allDocs();
		const local = rows.map((row) => [row.id, [(row as { value: { rev: string } }).value.rev]]);
		expect(local.sort()).toEqual([...cloud].sort());
	}
}

const documentsAskedOneByOne = (): string[] =>
	stage.proxy.requests.filter((request) => /^GET \/sync\/\w+\/transaction/.test(request));

test.each(Object.entries(FAULTS))(
	'every kind of request meets it once, %s: both devices come to the same, bounded',
	async (_, fault) => {
		const [a, b] = [aDevice(), aDevice()];
		for (let entry = 0; entry < 10; entry++) await create(a, { note: `a${entry}` });
		for (let entry = 0; entry < 10; entry++) await create(b, { note: `b${entry}` });
		stage.proxy.rules = Object.values(REQUESTS).map((on) => ({ on, fault, times: 1 }));
		const [syncA, syncB] = [await stage.sync(a), await stage.sync(b)];
		const latest = [
			arrival(b, ({ note }) => note === 'a9'),
			arrival(a, ({ note }) => note === 'b9')
		];
		await Promise.all(latest);
		await syncA.until(isUpToDate);
		await syncB.until(isUpToDate);
		await expectSame([a, b], 20);
		expect(documentsAskedOneByOne()).toEqual([]);
		expect(stage.proxy.requests.length).toBeLessThan(200);
	},
	30_000
);

test('a store that is away for long: no document is ever asked for on its own', async () => {
	const [a, b] = [aDevice(), aDevice()];
	for (let entry = 0; entry < 30; entry++) await create(a);
	await (await stage.sync(a)).until(isUpToDate);
	stage.proxy.requests.length = 0;
	stage.proxy.rules = [
		{ on: /_bulk_get/, times: 6, fault: { kind: 'answer', status: 503 } },
		{ on: /_bulk_get/, times: 1, fault: { kind: 'answer', status: 404 } }
	];
	await (await stage.sync(b)).until(isUpToDate);
	await expectSame([b], 30);
	expect(documentsAskedOneByOne()).toEqual([]);
	expect(stage.proxy.requests.length).toBeLessThan(60);
});

test('a longpoll that is refused every time is not asked for in a storm', async () => {
	restoreWaits();
	const device = aDevice();
	await create(device);
	stage.proxy.rules = [{ on: /feed=longpoll/, fault: { kind: 'answer', status: 500 } }];
	const syncing = await stage.sync(device);
	await syncing.until(({ status, unsent }) => status === 'offline' && unsent === 0);
	const before = stage.proxy.requests.length;
	await new Promise((resolve) => setTimeout(resolve, 5000));
	expect(stage.proxy.requests.length - before).toBeLessThan(60);
}, 60_000);

test('a longpoll that stalls is opened again: what comes meanwhile arrives', async () => {
	const [a, b] = [aDevice(), aDevice()];
	await (await stage.sync(a)).until(isUpToDate);
	stage.proxy.rules = [{ on: /feed=longpoll/, times: 1, fault: { kind: 'stall' } }];
	await (await stage.sync(b)).until(isUpToDate);
	const arrived = arrival(b, ({ note }) => note === 'meanwhile');
	await create(a, { note: 'meanwhile' });
	await arrived;
});

test('after a sleep the connection is made anew at once', async () => {
	restoreWaits();
	const device = aDevice();
	const syncing = await stage.sync(device);
	await syncing.until(isUpToDate);
	const before = stage.proxy.requests.length;
	syncing.replicator.wake();
	expect(stage.proxy.requests.length).toBe(before);
	const now = Date.now();
	vi.spyOn(Date, 'now').mockReturnValue(now + 60_000);
	syncing.replicator.wake();
	await syncing.until(({ status }) => status === 'connecting');
	await syncing.until(isUpToDate);
	expect(syncing.reports.some(({ status }) => status === 'offline')).toBe(false);
});

test('waits between tries grow to 30 seconds with jitter, and a wake ends them', async () => {
	const waits: number[] = [];
	restoreWaits();
	restoreWaits = shortenWaits((ms) => {
		if (!new Error().stack?.includes('untilWoken')) return ms;
		waits.push(ms);
		return waits.length < 20 ? 1 : ms;
	});
	let tries = 0;
	const device = aDevice();
	const syncing = await startSync(device, stage.person.ledgerUrl, () => {
		tries += 1;
		return Promise.reject(new TypeError('fetch failed'));
	});
	await expect.poll(() => waits.length).toBe(20);
	expect(Math.max(...waits)).toBeLessThanOrEqual(30_000);
	const late = waits.slice(10);
	expect(Math.min(...late)).toBeGreaterThanOrEqual(15_000);
	expect(new Set(late).size).toBeGreaterThan(5);
	// The twentieth wait is a real one.
	const before = tries;
	syncing.replicator.wake();
	await expect.poll(() => tries).toBeGreaterThan(before);
	await syncing.stop();
});

test.each([
	['JSON', '{"error":"signed-out","reason":"Sign in first.","name":"unauthorized"}'],
	['HTML', '<h1>Sign in</h1>']
])('a 401 in the middle (%s): signed out, work goes on, a sign-in sends it', async (_, body) => {
	const device = aDevice();
	const syncing = await stage.sync(device);
	await syncing.until(isUpToDate);
	stage.proxy.rules = [{ on: /\/sync\//, fault: { kind: 'answer', status: 401, body } }];
	await create(device, { note: 'one' });
	await syncing.until(({ status, unsent }) => status === 'signed-out' && unsent === 1);
	await create(device, { note: 'two' });
	await syncing.until(({ status, unsent }) => status === 'signed-out' && unsent === 2);
	const { length } = stage.proxy.requests;
	stage.proxy.rules = [];
	await stage.signInAgain();
	expect(stage.proxy.requests.length).toBe(length);
	syncing.replicator.wake();
	await syncing.until(isUpToDate);
	await expectSame([device], 2);
});

test('the ledger’s database is another, empty one: everything is sent again without being asked', async () => {
	const [a, b] = [aDevice(), aDevice()];
	for (let entry = 0; entry < 5; entry++) await create(a);
	const [syncA, syncB] = [await stage.sync(a), await stage.sync(b)];
	await syncA.until(isUpToDate);
	await create(b);
	await syncB.until(isUpToDate);
	await eventually(() => expectSame([a, b], 6));

	const { accountsDatabase, provisioner, real } = stage.service.store;
	const { client } = real;
	const row = await client.find(accountsDatabase, `ledger:${stage.person.ledgerId}`);
	if (!row) throw new Error('The ledger has no row');
	const database = `ledger-${randomUUID().replaceAll('-', '')}`;
	await provisioner.createDatabase(database);
	await client.put(accountsDatabase, { ...row, database, incarnation: randomUUID() });
	const count = async (): Promise<unknown> =>
		((await (await client.request('GET', `/${database}`)).json()) as { doc_count: number })
			.doc_count;
	// The service remembers for some seconds where a ledger is.
	await expect.poll(count, { timeout: 15_000 }).toBe(6);
	await eventually(() => expectSame([a, b], 6));
	const arrived = arrival(a, ({ note }) => note === 'after');
	await create(b, { note: 'after' });
	await arrived;
	await eventually(() => expectSame([a, b], 7));
}, 30_000);

test('a proxy that names another incarnation each time does not make a device spin', async () => {
	restoreWaits();
	const device = aDevice();
	await create(device);
	stage.proxy.rules = Array.from({ length: 200 }, (_, index) => ({
		on: /\/sync\//,
		times: 1,
		fault: { kind: 'incarnation', name: `incarnation ${index}` } as const
	}));
	await stage.sync(device);
	await new Promise((resolve) => setTimeout(resolve, 4000));
	expect(stage.proxy.requests.length).toBeLessThan(60);
}, 15_000);

test('the edits of a device whose clock lies are told apart, and people are told', async () => {
	const device = aDevice();
	const ahead = Date.now() + 2 * 3_600_000;
	const date = { date: new Date(ahead).toUTCString(), 'content-type': 'application/json' };
	const syncing = await startSync(device, stage.person.ledgerUrl, async (url, init) => {
		const answer = await fetchAs(stage.person.cookie)(url, init);
		const headers = new Headers(answer.headers);
		headers.set('date', date.date);
		return new Response(answer.body, { status: answer.status, headers });
	});
	expect(await syncing.until(isUpToDate)).toMatchObject({ clockAhead: -120 });
	await syncing.stop();
	const right = await stage.sync(aDevice());
	expect(await right.until(isUpToDate)).toMatchObject({ clockAhead: 0 });
});
