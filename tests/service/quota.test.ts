import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LedgerQuota } from '#service/ledgers/quota.ts';
import { aDevice } from '#tests/support/devices.ts';
import { fetchAs, startSync } from '#tests/support/replication.ts';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import { create, isUpToDate } from '#tests/support/sync-stage.ts';
import { type Person, pushDocuments, signUp, toRevision } from '#tests/service/people.ts';

const PLENTY: LedgerQuota = { documents: 1_000_000, bytes: 1e12 };
let service: RunningService;
let ann: Person;
let quota = PLENTY;

beforeAll(async () => {
	service = await runService({
		parts: {
			quotas: { find: async () => quota },
			room: { nearMs: 0, fullMs: 0, reclaimMs: 200 }
		}
	});
});
beforeEach(async () => {
	quota = PLENTY;
	ann = await signUp(service.url);
});
afterAll(() => service.stop());

async function push(...docs: object[]): Promise<number> {
	const answer = await ann.post('_bulk_docs', { docs, new_edits: false });
	const text = await answer.text();
	if (answer.status === 507) expect(JSON.parse(text)).toMatchObject({ error: 'quota-exceeded' });
	return answer.status;
}

/** A next revision of a document that `toRevision` made. */
function toNext(id: string, fields: object, hash = 'def', before = ['abc']) {
	const start = before.length + 1;
	return {
		_id: id,
		_rev: `${start}-${hash}`,
		_revisions: { start, ids: [hash, ...before] },
		...fields
	};
}

async function listIds(): Promise<string[]> {
	const answer = await ann.send(`/sync/${ann.ledgerId}/_changes`);
	const { results } = (await answer.json()) as { results: { id: string; deleted?: true }[] };
	// A Cloudant may tell a change twice.
	return [...new Set(results.filter(({ deleted }) => !deleted).map(({ id }) => id))];
}

describe('a ledger that has all the documents it may have', () => {
	beforeEach(async () => {
		quota = { ...PLENTY, documents: 5 };
		await pushDocuments(
			ann,
			...['a', 'b', 'c', 'd', 'e'].map((id) => toRevision(id, { note: id }))
		);
	});

	const inTrash = { deletedAt: '2026-11-22T17:11:00.000Z' };
	const purged = { type: 'transaction', purged: '2026-11-22T17:11:00.000Z', stamps: {} };
	test.each([
		['what puts an entry into the trash', [toNext('a', inTrash)]],
		['what empties it out of there', [toNext('a', purged)]],
		['what removes the revision that lost', [toNext('a', { _deleted: true })]],
		['an edit', [toNext('a', { note: 'edited' })]],
		[
			'a merge, and the end of what was merged',
			[toNext('a', { note: 'both' }), toNext('b', { _deleted: true })]
		],
		['what is there already', [toRevision('a', { note: 'a' })]],
		['an entry made and trashed meanwhile', [toRevision('new', inTrash)]],
		['one that was purged since', [toRevision('new', purged)]],
		['an edit of an edit', [toNext('a', { note: 'twice' }, 'fed', ['def', 'abc'])]],
		['nothing', []]
	])('takes %s', async (_what, docs) => {
		expect(await push(...docs)).toBe(201);
	});

	test.each([
		['a new entry', [toRevision('new')]],
		['a new entry among what makes room', [toNext('a', inTrash), toRevision('new')]],
		['another branch of an old one', [toRevision('a', { note: 'x' }, '1-fff')]],
		['a branch beside an edit', [toNext('a', { note: 'x' }, 'def', ['fff'])]],
		['an old one that names no history', [{ _id: 'a', _rev: '2-fff', note: 'x' }]],
		[
			'what is not quite trash',
			[toRevision('new', { deletedAt: null, purged: 5, _deleted: false })]
		]
	])('does not take %s, and nothing that comes with it', async (_what, docs) => {
		expect(await push(...docs)).toBe(507);
		expect((await listIds()).sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
		expect(await (await ann.send(`/sync/${ann.ledgerId}/a`)).json()).toMatchObject({
			_rev: '1-abc'
		});
	});

	test('is read as ever, and keeps its checkpoints', async () => {
		expect(await push(toRevision('new'))).toBe(507);
		const type = { 'content-type': 'application/json' };
		const body = '{"last_seq":1}';
		const put = { method: 'PUT', headers: type, body };
		expect((await ann.send(`/sync/${ann.ledgerId}/_local/x`, put)).status).toBe(201);
		for (const path of ['', '/a', '/_changes?include_docs=true', '/_local/x']) {
			expect((await ann.send(`/sync/${ann.ledgerId}${path}`)).status).toBe(200);
		}
		expect((await ann.post('_revs_diff', { new: ['1-abc'] })).status).toBe(200);
		expect((await ann.post('_bulk_get', { docs: [{ id: 'a' }] })).status).toBe(200);
	});

	test('takes more as soon as it may have more', async () => {
		expect(await push(toRevision('new'))).toBe(507);
		quota = PLENTY;
		expect(await push(toRevision('new'))).toBe(201);
	});

	test('grows only so far by what looks like trash', async () => {
		const trash = (from: number) =>
			Array.from({ length: 400 }, (_, at) => toRevision(`trash-${from + at}`, inTrash));
		const statuses: number[] = [];
		for (let from = 0; from < 2_000; from += 400) {
			statuses.push(await push(...trash(from)));
		}
		expect(statuses).toEqual([201, 201, 201, 507, 507]);
		expect(await push(toNext('a', inTrash))).toBe(507);
	});

	test('may be emptied even when it holds far more than it may', async () => {
		quota = { documents: 1, bytes: 1 };
		expect(await push(toRevision('new'))).toBe(507);
		expect(await push(toNext('a', inTrash), toNext('b', purged))).toBe(201);
	});
});

test('a ledger with room is not looked at again for each write', async () => {
	await push(toRevision('first'));
	const [, database = ''] =
		/^POST (.*)\/_bulk_docs$/.exec(service.store.ledgerRequests.at(-1) ?? '') ?? [];
	const before = service.store.ledgerRequests.length;
	for (let count = 0; count < 10; count++) await push(toRevision(`next-${count}`));
	const asked = service.store.ledgerRequests.slice(before).filter((one) => one.includes(database));
	expect(new Set(asked)).toEqual(new Set([`POST ${database}/_bulk_docs`]));
	expect(asked).toHaveLength(10);
});

test('bytes count, and come back within seconds of being purged', async () => {
	const note = () => randomBytes(60_000).toString('base64');
	const ids = Array.from({ length: 20 }, (_, at) => `large-${at}`);
	quota = { ...PLENTY, bytes: 1_000_000 };
	await pushDocuments(ann, ...ids.map((id) => toRevision(id, { note: note() })));
	expect(await push(toRevision('new', { note: note() }))).toBe(507);
	const purged = { type: 'transaction', purged: '2026-11-22T17:11:00.000Z', stamps: {} };
	expect(await push(...ids.map((id) => toNext(id, purged)))).toBe(201);
	await expect.poll(() => push(toRevision('new', { note: note() })), { timeout: 5_000 }).toBe(201);
});

describe('a device whose ledger is full', () => {
	const devices: { stop(): Promise<void> }[] = [];
	afterEach(async () => {
		for (const device of devices.splice(0)) await device.stop();
	});

	test('keeps what the cloud does not take, goes on with the rest, and sends it once there is room', async () => {
		quota = { ...PLENTY, documents: 3 };
		const device = aDevice();
		const ids = [await create(device), await create(device), await create(device)];
		const syncing = await startSync(device, ann.ledgerUrl, fetchAs(ann.cookie));
		devices.push(syncing);
		await syncing.until(isUpToDate);

		for (let count = 0; count < 7; count++) ids.push(await create(device));
		await syncing.until(({ status, unsent }) => status === 'cloud-full' && unsent === 7);
		expect(await listIds()).toHaveLength(3);

		// What is there may change and go.
		await device.repository.change(ids[0] ?? '', { note: 'edited meanwhile' });
		await expect
			.poll(
				async () => (await (await ann.send(`/sync/${ann.ledgerId}/${ids[0]}`)).json()) as object
			)
			.toMatchObject({ note: 'edited meanwhile' });

		const other = aDevice();
		const reading = await startSync(other, ann.ledgerUrl, fetchAs(ann.cookie));
		devices.push(reading);
		await reading.until(isUpToDate);

		quota = PLENTY;
		syncing.replicator.wake();
		await syncing.until(isUpToDate);
		await expect.poll(async () => (await other.database.allDocs()).rows.length).toBe(10);
		expect((await listIds()).sort()).toEqual([...ids].sort());
	});
});
