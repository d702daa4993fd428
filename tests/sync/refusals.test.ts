import { afterEach, beforeEach, expect, test } from 'vitest';
import { aDevice } from '#tests/support/devices.ts';
import type { Rule } from '#tests/support/fault-proxy.ts';
import { shortenWaits } from '#tests/support/short-waits.ts';
import { arrival, create, isUpToDate, setSyncStage } from '#tests/support/sync-stage.ts';

const stage = setSyncStage();
let restoreWaits: () => void;

beforeEach(() => {
	// What does not pass by itself is tried again after minutes.
	restoreWaits = shortenWaits((ms) => (ms >= 100_000 ? ms / 500 : ms));
});

afterEach(() => restoreWaits());

/** The store refuses these documents one by one. */
function refusing(...ids: string[]): Rule {
	const fault = {
		kind: 'refuse',
		error: 'forbidden',
		ids: (id: string) => ids.includes(id)
	} as const;
	return { on: /_bulk_docs$/, fault };
}

interface Body {
	docs: { _deleted?: true; purged?: string; deletedAt?: string | null }[];
}

/** The ledger is over its quota: what makes room passes, nothing else does. */
function outOfRoom(status: 402 | 507): Rule {
	return {
		on: /_bulk_docs$/,
		body: (body) =>
			(JSON.parse(body) as Body).docs.some(
				({ _deleted, purged, deletedAt }) => !_deleted && !purged && typeof deletedAt !== 'string'
			),
		fault: { kind: 'answer', status, body: '{"error":"quota-exceeded","reason":"Full."}' }
	};
}

test('a document that the store refuses holds nothing up, is counted, and goes as soon as it may', async () => {
	const [a, b] = [aDevice(), aDevice()];
	const refused = await create(a, { note: 'refused' });
	for (let entry = 0; entry < 5; entry++) await create(a);
	stage.proxy.rules = [refusing(refused)];
	const syncA = await stage.sync(a);
	expect(await syncA.until(({ status }) => status === 'attention')).toMatchObject({
		unsent: 1,
		refused: 1
	});
	await create(a, { note: 'later' });
	await expect.poll(async () => (await stage.cloud()).size).toBe(6);

	stage.proxy.rules = [];
	await syncA.until(isUpToDate);
	await (await stage.sync(b)).until(isUpToDate);
	expect(await b.read(refused)).toMatchObject({ note: 'refused' });
});

test('"Sync now" never says done while something is refused, and asks the cloud again', async () => {
	const device = aDevice();
	const refused = await create(device);
	stage.proxy.rules = [refusing(refused)];
	const syncing = await stage.sync(device);
	await syncing.until(({ status }) => status === 'attention');
	const offers = (): number =>
		stage.proxy.requests.filter((each) => /_bulk_docs/.test(each)).length;
	const before = offers();
	syncing.replicator.wake();
	await expect.poll(offers).toBeGreaterThan(before);
	expect(syncing.reports.some(isUpToDate)).toBe(false);
	stage.proxy.rules = [];
	syncing.replicator.wake();
	expect(await syncing.until(isUpToDate)).toMatchObject({ unsent: 0, refused: 0 });
});

test('what was refused is still known after the next start, and sent', async () => {
	const device = aDevice();
	const refused = await create(device);
	stage.proxy.rules = [refusing(refused)];
	const first = await stage.sync(device);
	await first.until(({ status }) => status === 'attention');
	await first.stop();

	const second = await stage.sync(aDevice(undefined, device.name, device.id));
	await second.until(({ unsent }) => unsent === 1);
	stage.proxy.rules = [];
	await second.until(isUpToDate);
	expect([...(await stage.cloud()).keys()]).toContain(refused);
});

test('a merge that the store refuses is known to be missing there, after the next start too', async () => {
	const [a, b] = [aDevice(), aDevice()];
	const id = await create(a);
	const first = await stage.sync(a);
	await first.until(isUpToDate);
	await b.syncWith(a.database);
	await a.repository.change(id, { note: 'from A' });
	await first.until(isUpToDate);
	await first.stop();
	// B edits later than A: the merge's latest edit is B's, and A's device is not asked for it.
	await b.repository.change(id, { amountMinor: 1 });
	await b.syncWith(a.database);
	const again = aDevice(undefined, a.name, a.id);
	await again.settle();
	stage.proxy.rules = [refusing(id)];
	const second = await stage.sync(again);
	await second.until(({ status, refused }) => status === 'attention' && refused === 1);
	await second.stop();
	const third = await stage.sync(aDevice(undefined, a.name, a.id));
	await third.until(({ status }) => status === 'attention');
	stage.proxy.rules = [];
	await third.until(isUpToDate);
	const { _rev } = await a.read(id);
	expect((await stage.cloud()).get(id)).toEqual([_rev]);
});

test('an edit of a refused entry is sent as any other', async () => {
	const device = aDevice();
	const id = await create(device, { note: 'stopped on its way' });
	stage.proxy.rules = [
		{
			on: /_bulk_docs$/,
			body: (body) => body.includes('"_rev":"1-'),
			fault: { kind: 'answer', status: 403, body: '<h1>Blocked</h1>' }
		}
	];
	const syncing = await stage.sync(device);
	await syncing.until(({ status }) => status === 'attention');
	await device.repository.change(id, { note: 'fine' });
	await syncing.until(isUpToDate);
	expect(syncing.reports.some(({ status }) => status === 'signed-out')).toBe(false);
});

test('too large for the service: one document is set aside, the others of its batch go', async () => {
	const device = aDevice();
	const large = await create(device, { note: 'x'.repeat(2000) });
	for (let entry = 0; entry < 20; entry++) await create(device);
	const answer = { kind: 'answer', status: 413, body: '<h1>Too large</h1>' } as const;
	stage.proxy.rules = [{ on: /_bulk_docs$/, body: (body) => body.includes(large), fault: answer }];
	const syncing = await stage.sync(device);
	const report = await syncing.until(({ status }) => status === 'attention');
	expect(report).toMatchObject({ unsent: 1, refused: 1 });
	const cloud = await stage.cloud();
	expect(cloud.size).toBe(20);
	expect(cloud.has(large)).toBe(false);
});

test.each([402, 507] as const)(
	'%i: it says so, work and fetching go on, what makes room passes, and it resumes by itself',
	async (status) => {
		const [a, b] = [aDevice(), aDevice()];
		const old = await create(a, { note: 'old' });
		const [syncA, syncB] = [await stage.sync(a), await stage.sync(b)];
		await syncA.until(isUpToDate);
		await syncB.until(isUpToDate);

		const [room] = (stage.proxy.rules = [outOfRoom(status)]);
		await create(a, { note: 'no room' });
		expect(await syncA.until((report) => report.status === 'cloud-full')).toMatchObject({
			unsent: 1,
			refused: 0
		});
		const trashed = arrival(b, ({ deletedAt }) => typeof deletedAt === 'string');
		await a.repository.trash([old]);
		await trashed;
		// What B restores is no bigger than it was; the proxy lets it pass, and A fetches it.
		stage.proxy.rules = [{ ...(room as Rule), body: (body) => body.includes('no room') }];
		const restored = arrival(a, ({ note, deletedAt }) => note === 'old' && deletedAt === null);
		await b.repository.restore([old]);
		await restored;
		await syncA.until((report) => report.status === 'cloud-full' && report.unsent === 1);
		expect(syncA.reports.at(-1)).toMatchObject({ status: 'cloud-full', unsent: 1 });

		stage.proxy.rules = [];
		await syncA.until(isUpToDate);
		expect((await stage.cloud()).size).toBe(2);
	}
);

test('with no room, a thousand waiting entries are offered a few times and not one by one', async () => {
	const device = aDevice();
	for (let entry = 0; entry < 1000; entry += 100) {
		await Promise.all(Array.from({ length: 100 }, () => create(device)));
	}
	restoreWaits();
	stage.proxy.rules = [outOfRoom(507)];
	const syncing = await stage.sync(device);
	await syncing.until(({ status, unsent }) => status === 'cloud-full' && unsent === 1000);
	expect(stage.proxy.requests.length).toBeLessThan(100);
});

test('a suspended account: it says so, local work goes on, and it resumes by itself', async () => {
	const device = aDevice();
	const syncing = await stage.sync(device);
	await syncing.until(isUpToDate);
	const body = '{"error":"suspended","reason":"This account is suspended."}';
	stage.proxy.rules = [{ on: /\/sync\//, fault: { kind: 'answer', status: 403, body } }];
	await create(device, { note: 'meanwhile' });
	await syncing.until(({ status, unsent }) => status === 'suspended' && unsent === 1);
	await create(device);
	await syncing.until(({ status, unsent }) => status === 'suspended' && unsent === 2);
	stage.proxy.rules = [];
	await syncing.until(isUpToDate);
	expect((await stage.cloud()).size).toBe(2);
});
