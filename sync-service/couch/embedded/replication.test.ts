import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
	makeReplica,
	openRemote,
	startTestStore,
	type Replica,
	type TestStore
} from '#service/couch/embedded/test-store.ts';

let store: TestStore;
let name: string;
let remote: Replica;

beforeAll(async () => {
	store = await startTestStore();
});
afterAll(() => store.stop());

beforeEach(async () => {
	name = `ledger-${randomUUID()}`;
	await store.ask('PUT', `/${name}`);
	remote = openRemote(`${store.url}/${name}`, store.authorization);
	return () => expect(store.failures).toEqual([]);
});

const device = () => makeReplica(`device-${randomUUID()}`);

test('twelve hundred documents reach another device, deletions too', async () => {
	const [phone, laptop] = [device(), device()];
	const entries = Array.from({ length: 1200 }, (_, at) => ({
		_id: `transaction:${at}`,
		amountMinor: at,
		note: `Käse ${at} 🧀`
	}));
	const written = await phone.bulkDocs(entries);
	await phone.remove('transaction:7', written[7]!.rev);

	const pushed = await phone.replicate.to(remote);
	expect(pushed).toMatchObject({ ok: true, docs_written: 1200, doc_write_failures: 0 });
	expect(await laptop.replicate.from(remote)).toMatchObject({ ok: true, docs_written: 1200 });

	expect((await laptop.info()).doc_count).toBe(1199);
	expect((await laptop.allDocs()).rows).toEqual((await phone.allDocs()).rows);
	await expect(laptop.get('transaction:7')).rejects.toMatchObject({ reason: 'deleted' });
	expect(await laptop.get('transaction:8')).toMatchObject({ amountMinor: 8, note: 'Käse 8 🧀' });
});

test('what was sent once is not sent again, compacted revisions included', async () => {
	const phone = device();
	const { rev } = await phone.put({ _id: 'transaction:a', amountMinor: 1 });
	await phone.replicate.to(remote);
	await phone.put({ _id: 'transaction:a', _rev: rev, amountMinor: 2 });
	await phone.replicate.to(remote);

	const { body } = await store.ask('POST', `/${name}/_revs_diff`, { 'transaction:a': [rev] });
	expect(body).toEqual({});
	const again = await phone.replicate.to(remote, { checkpoint: false });
	expect(again).toMatchObject({ ok: true, docs_written: 0, docs_read: 0 });
});

test('edits of the same entry on two devices are both kept, with the same winner everywhere', async () => {
	const [phone, laptop] = [device(), device()];
	const { rev } = await phone.put({ _id: 'transaction:a', amountMinor: 1 });
	await phone.replicate.to(remote);
	await laptop.replicate.from(remote);
	await phone.put({ _id: 'transaction:a', _rev: rev, amountMinor: 2 });
	await laptop.put({ _id: 'transaction:a', _rev: rev, amountMinor: 3 });
	await phone.replicate.to(remote);
	await laptop.replicate.to(remote);
	await phone.replicate.from(remote);
	await laptop.replicate.from(remote);

	const views = await Promise.all(
		[phone, laptop, remote].map((one) => one.get('transaction:a', { conflicts: true }))
	);
	expect(views[0]!._conflicts).toHaveLength(1);
	expect(views[1]).toEqual(views[0]);
	expect(views[2]).toEqual(views[0]);
	const loser = (views[0]!._conflicts as string[])[0];
	const other = await remote.get('transaction:a', { rev: loser });
	expect([views[0]!.amountMinor, other.amountMinor].sort()).toEqual([2, 3]);
});

test('a settled conflict leaves one leaf on every device', async () => {
	const [phone, laptop] = [device(), device()];
	await phone.put({ _id: 'transaction:a', amountMinor: 1 });
	await laptop.put({ _id: 'transaction:a', amountMinor: 2 });
	await phone.replicate.to(remote);
	await laptop.replicate.to(remote);
	await phone.replicate.from(remote);
	const winner = await phone.get('transaction:a', { conflicts: true });
	const [loser] = winner._conflicts as string[];
	await phone.bulkDocs([
		{ _id: 'transaction:a', _rev: winner._rev, amountMinor: 9 },
		{ _id: 'transaction:a', _rev: loser, _deleted: true }
	]);
	await phone.replicate.to(remote);
	await laptop.replicate.from(remote);

	const seen = await laptop.get('transaction:a', { conflicts: true });
	expect(seen).toMatchObject({ amountMinor: 9 });
	expect(seen).not.toHaveProperty('_conflicts');
});

test('an attachment is refused, and its document with it', async () => {
	const phone = device();
	await phone.put({
		_id: 'transaction:a',
		_attachments: { 'receipt.txt': { content_type: 'text/plain', data: 'aGVsbG8=' } }
	});
	await expect(phone.replicate.to(remote)).rejects.toMatchObject({ status: 415 });
	expect((await store.ask('GET', `/${name}`)).body.doc_count).toBe(0);
});

test('writers and a reader at once: the reader ends and misses nothing acknowledged before', async () => {
	const ids = Array.from({ length: 600 }, (_, at) => `transaction:${at}`);
	const docs = ids.map((_id) => ({ _id }));
	const { body: first } = await store.ask('POST', `/${name}/_bulk_docs`, { docs });
	let isReading = true;
	const edit = async (at: number) => {
		let rev = first[at].rev;
		for (let n = 0; isReading; n++) {
			const document = { _id: ids[at], _rev: rev, n };
			rev = (await store.ask('PUT', `/${name}/${ids[at]}`, document)).body.rev;
		}
	};
	const writers = [0, 1, 2].map(edit);
	for (let round = 0; round < 10; round++) {
		const path = `/${name}/_changes?style=all_docs&include_docs=true`;
		const seen = await store.ask('GET', path);
		// An entry that moves on while it is read may be found behind the end, by the next reading.
		const next = await store.ask('GET', `${path}&since=${seen.body.last_seq}`);
		const rows = [...seen.body.results, ...next.body.results];
		expect(new Set(rows.map(({ id }) => id)).size).toBe(ids.length);
	}
	isReading = false;
	await Promise.all(writers);
});

test('reading the changes of conflicted entries while they are written ends nothing', async () => {
	const ids = Array.from({ length: 200 }, (_, at) => `transaction:${at}`);
	const copy = (rev: string) =>
		store.ask('POST', `/${name}/_bulk_docs`, {
			docs: ids.map((_id) => ({ _id, _rev: rev })),
			new_edits: false
		});
	await copy('2-ff');
	let isWriting = true;
	const write = async () => {
		let revs = ids.map(() => '2-ff');
		for (let round = 0; round < 15; round++) {
			// The winner moves on and is compacted, while a loser is the last thing written.
			const docs = ids.map((_id, at) => ({ _id, _rev: revs[at], round }));
			const { body } = await store.ask('POST', `/${name}/_bulk_docs`, { docs });
			revs = body.map(({ rev }: { rev: string }) => rev);
			await copy(`1-b${round}`);
		}
		isWriting = false;
	};
	const read = async () => {
		while (isWriting) {
			const changes = `/${name}/_changes?style=all_docs&include_docs=true`;
			expect((await store.ask('GET', changes)).body.results).toHaveLength(ids.length);
			const docs = ids.map((id) => ({ id, rev: '2-ff' }));
			const { body } = await store.ask('POST', `/${name}/_bulk_get?latest=true`, { docs });
			const missing = body.results.filter((row: { docs: object[] }) => !('ok' in row.docs[0]!));
			expect(missing).toEqual([]);
		}
	};
	await Promise.all([write(), read(), read()]);
});
