import { expect, test } from 'vitest';
import { newTransaction } from '#lib/domain/draft.ts';
import { toEntry } from '#lib/domain/ledger/entry.ts';
import { anExpense } from '#tests/support/an-expense.ts';
import { aDevice, memoryDatabase } from '#tests/support/devices.ts';
import type { LedgerSnapshot } from './ledger-snapshot.ts';
import { readForSnapshot } from './read-for-snapshot.ts';

const STAMP = '001763800000000-0000-abcdefghij';

/** What a snapshot says, without the order in which it came to say it. */
function contentOf(snapshot: LedgerSnapshot): Record<string, unknown> {
	const byId = (a: { _id: string }, b: { _id: string }) => (a._id < b._id ? -1 : 1);
	return {
		sequence: snapshot.sequence,
		entries: snapshot.columns.slice(0, Infinity),
		trash: snapshot.columns.trash(),
		documents: snapshot.documents.toSorted(byId),
		purged: snapshot.purged.toSorted(),
		unreadable: snapshot.unreadable.toSorted(),
		newer: snapshot.newer.toSorted(),
		conflicts: snapshot.conflicts.toSorted()
	};
}

test('a snapshot brought up to date says what one that was made anew says', async () => {
	const { database, repository } = aDevice();
	const ids: string[] = [];
	for (let day = 10; day < 20; day++) {
		const saved = await repository.createTransaction(anExpense({ spentOn: `2026-11-${day}` }));
		if (saved.ok) ids.push(saved.id);
	}
	await database.put({ _id: 'transaction:broken', type: 'transaction', version: 2 });
	await database.put({
		_id: 'dream:of-tomorrow',
		type: 'dream',
		version: 1,
		stamps: {},
		deletedAt: null
	});
	const first = await readForSnapshot(database, undefined);

	await repository.change(ids[0]!, { amountMinor: 4200 });
	await repository.trash(ids.slice(1, 4));
	await repository.purge(ids.slice(2, 3));
	const newer = newTransaction('transaction:newer', anExpense(), STAMP);
	await database.put({ ...newer, version: 99 });
	await database.put({
		...newTransaction('transaction:broken', anExpense(), STAMP),
		_rev: (await database.get('transaction:broken'))._rev
	});
	await database.bulkDocs(
		[{ ...newer, _id: ids[5]!, _rev: '1-0123456789abcdef0123456789abcdef' }],
		{ new_edits: false }
	);
	await database.remove(await database.get(ids[6]!));

	const built = await readForSnapshot(database, first);
	// It is built on the last one: nothing had to be read anew.
	expect(built.columns).toBe(first.columns);
	const updated = contentOf(built);
	expect(updated).toEqual(contentOf(await readForSnapshot(database, undefined)));
	expect(updated).toMatchObject({
		purged: [ids[2]],
		unreadable: [],
		newer: ['dream:of-tomorrow', 'transaction:newer'],
		conflicts: [ids[5]]
	});
	expect(updated.entries).toContainEqual(toEntry(await database.get(ids[0]!)));
	expect(updated.entries).toContainEqual(toEntry({ ...newer, version: 99 }, true));
});

test('a ledger of several pages is read to its end', async () => {
	const database = memoryDatabase();
	await database.bulkDocs(
		Array.from({ length: 1001 }, (_, at) => newTransaction(`transaction:${at}`, anExpense(), STAMP))
	);
	const snapshot = await readForSnapshot(database, undefined);
	expect(snapshot.columns.count).toBe(1001);
	expect(snapshot.sequence).toBe(1001);
});

test('a snapshot of another database under the same name is not built on', async () => {
	const lost = memoryDatabase();
	const present = memoryDatabase();
	await lost.bulkDocs([newTransaction('transaction:lost', anExpense(), STAMP)]);
	await present.bulkDocs([
		newTransaction('transaction:a', anExpense(), STAMP),
		newTransaction('transaction:b', anExpense(), STAMP)
	]);
	const snapshot = await readForSnapshot(lost, undefined);
	const read = await readForSnapshot(present, snapshot);
	expect([...read.columns.ids()].sort()).toEqual(['transaction:a', 'transaction:b']);
	expect((await readForSnapshot(lost, read)).columns.count).toBe(1);
});
