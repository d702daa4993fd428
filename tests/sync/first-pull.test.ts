import { expect, test } from 'vitest';
import { startingDocuments } from '#lib/domain/starting-documents.ts';
import type { LocalDatabase, StoredDocument } from '#lib/storage/open-database.ts';
import type { Fetch } from '#lib/sync/careful-fetch.ts';
import { pushDocuments, toRevision } from '#tests/service/people.ts';
import { leavesOf } from '#tests/support/devices.ts';
import { olderEntries } from '#tests/support/filled-ledger.ts';
import {
	aNewDevice,
	cloudLeaves,
	expectSame,
	setFirstPullStage
} from '#tests/support/first-pull-stage.ts';
import { fetchAs } from '#tests/support/replication.ts';
import { create, isUpToDate } from '#tests/support/sync-stage.ts';
import { watchFetch } from '#tests/support/watched-fetch.ts';

const { somebodyWith, sync } = setFirstPullStage();

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
	const made = [await create(device, { note: 'before' })];
	let isEdited = false;
	const fetch = withPieces(fetchAs(person.cookie), async (piece, controller) => {
		controller.enqueue(piece);
		made.push(await create(device, { note: 'during' }));
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
