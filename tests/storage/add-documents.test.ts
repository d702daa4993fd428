import PouchDB from 'pouchdb';
import { expect, onTestFinished, test } from 'vitest';
import { randomText } from '#lib/domain/random-text.ts';
import { addDocuments } from '#lib/storage/add-documents.ts';
import { FirstPullNote, type FirstPull } from '#lib/storage/first-pull-note.ts';
import type { LocalDatabase, StoredDocument } from '#lib/storage/open-database.ts';
import { writeRevisions } from '#lib/storage/write-revisions.ts';
import { aDatabase } from '#tests/support/devices.ts';
import { eventually } from '#tests/support/eventually.ts';

const NOTE = { _id: '_local/note', reached: 7 };
const STATE: FirstPull = {
	incarnation: 'one',
	phase: 'newest',
	since: 1,
	received: 300,
	total: 300,
	pulled: []
};

function entries(count: number, from = 0): StoredDocument[] {
	return Array.from({ length: count }, (_, at) => ({
		_id: `entry:${String(from + at).padStart(4, '0')}`,
		_rev: `${1 + (at % 3)}-${'0'.repeat(28)}${String(1000 + at)}`,
		type: 'entry',
		note: `Café ${at}`,
		stamps: { note: `stamp ${at}` },
		splits: [{ amountMinor: at }]
	}));
}

function leavesOf(documents: StoredDocument[]): Record<string, string[]> {
	return Object.fromEntries(documents.map(({ _id, _rev }) => [String(_id), [String(_rev)]]));
}

/** What every document's leaves are, deleted ones too. */
async function leaves(database: LocalDatabase): Promise<Record<string, string[]>> {
	const { results } = await database.changes({ style: 'all_docs' });
	return Object.fromEntries(
		results.map(({ id, changes }) => [id, changes.map(({ rev }) => rev).sort()])
	);
}

/** Another connection to the same database, as another tab has one. */
function connect(name: string): Promise<IDBDatabase> {
	return settled(indexedDB.open(`_pouch_${name}`));
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
	return new Promise((resolve, reject) => {
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
	});
}

/** Everything that lies in a database but what identifies it, PouchDB's own text read. */
async function dump(name: string): Promise<unknown> {
	const connection = await connect(name);
	// The first database of a page holds what PouchDB has found out about the browser.
	const names = [...connection.objectStoreNames].filter((store) => store !== 'detect-blob-support');
	const transaction = connection.transaction(names);
	const stores = names.map(async (store) => {
		const [keys, values] = await Promise.all([
			settled(transaction.objectStore(store).getAllKeys()),
			settled<StoredDocument[]>(transaction.objectStore(store).getAll())
		]);
		const read = values.map(({ data, ...value }) =>
			store === 'document-store' ? { ...value, data: JSON.parse(String(data)) as unknown } : value
		);
		return [store, keys, store === 'meta-store' ? values.map(({ docCount }) => docCount) : read];
	});
	const all = await Promise.all(stores);
	connection.close();
	return all;
}

/** Another tab, with a PouchDB and a connection of its own. */
function anotherTab(name: string): { write(...documents: StoredDocument[]): Promise<void> } {
	const worker = new Worker(new URL('../support/other-tab.ts', import.meta.url), {
		type: 'module'
	});
	onTestFinished(() => worker.terminate());
	return {
		write: (...documents) =>
			new Promise((resolve, reject) => {
				worker.onmessage = ({ data }) => (data === 'written' ? resolve() : reject(data as Error));
				worker.postMessage({ name, documents });
			})
	};
}

const onIndexedDb = test.runIf(typeof indexedDB !== 'undefined');

onIndexedDb('what lies on the disk is what PouchDB itself would have written', async () => {
	const names = [`test-${randomText(8)}`, `test-${randomText(8)}`] as const;
	const [database, other] = [aDatabase(names[0]), aDatabase(names[1])];
	const isTheSame = async (): Promise<void> =>
		expect(await dump(names[0])).toEqual(await dump(names[1]));
	for (const each of [database, other]) {
		await writeRevisions(each, [{ _id: 'before', _rev: '1-a' }]);
		await each.put({ _id: 'before', _rev: '1-a', isChanged: true });
	}
	expect(await addDocuments(database, entries(250), NOTE)).toBe(true);
	await writeRevisions(other, [...entries(250), { ...NOTE }]);
	await isTheSame();
	expect((await database.info()).doc_count).toBe(251);
	// What comes later goes on from there in the same way.
	for (const each of [database, other]) {
		const found = await each.get('entry:0004');
		expect(found).toEqual(entries(5)[4]);
		await each.put({ ...found, note: 'changed' });
		await each.remove(await each.get('entry:0007'));
		await writeRevisions(each, entries(3, 900));
	}
	await isTheSame();
});

onIndexedDb('whoever follows the database hears of them', async () => {
	const database = aDatabase();
	const heard: string[] = [];
	const changes = database
		.changes({ live: true, since: 0, include_docs: true })
		.on('change', ({ doc }) => heard.push(doc?._id ?? ''));
	expect(await addDocuments(database, entries(30), NOTE)).toBe(true);
	await eventually(() => expect(heard).toEqual(entries(30).map(({ _id }) => _id)));
	changes.cancel();
});

onIndexedDb(
	'where one is here already, or the note is not the last one, nothing is written',
	async () => {
		const database = aDatabase();
		await writeRevisions(database, entries(1, 20));
		expect(await addDocuments(database, entries(30), NOTE)).toBe(false);
		expect(await leaves(database)).toEqual(leavesOf(entries(1, 20)));
		await expect(database.get(NOTE._id)).rejects.toMatchObject({ status: 404 });
		await database.put({ ...NOTE });
		expect(await addDocuments(database, entries(10), NOTE)).toBe(false);
		expect(await leaves(database)).toEqual(leavesOf(entries(1, 20)));
		expect((await database.info()).doc_count).toBe(1);
		expect(await addDocuments(database, entries(10), { ...NOTE, _rev: '0-1' })).toBe(true);
	}
);

onIndexedDb('another PouchDB is left to itself', async () => {
	const { version } = PouchDB;
	onTestFinished(() => void Object.assign(PouchDB, { version }));
	Object.assign(PouchDB, { version: '9.0.1' });
	const database = aDatabase();
	await database.info();
	expect(await addDocuments(database, entries(3), NOTE)).toBe(false);
});

test('what has a past, is deleted or has files is left to PouchDB, and so is all in other storage', async () => {
	const database = aDatabase();
	await database.info();
	const [plain] = entries(1);
	const odd: StoredDocument[] = [
		{ ...plain, _revisions: { start: 1, ids: ['a'] } },
		{ ...plain, _deleted: true },
		{ ...plain, _attachments: {} },
		{ ...plain, _id: '_design/a' },
		{ ...plain, _rev: 'one' }
	];
	for (const document of odd) {
		expect(await addDocuments(database, [...entries(3, 5), document], NOTE)).toBe(false);
	}
	expect(await addDocuments(database, entries(3), NOTE)).toBe(typeof indexedDB !== 'undefined');
});

const OTHERS = '5-ffffffffffffffffffffffffffffffff';

onIndexedDb.for(['before the batches', 'in the same moment', 'after the batches'] as const)(
	'what another tab writes %s is neither lost nor doubled, and is a conflict only where it is one',
	async (when) => {
		const name = `test-${randomText(8)}`;
		const database = aDatabase(name);
		const note = new FirstPullNote(database);
		const tab = anotherTab(name);
		await tab.write({ _id: 'of the other tab', _rev: '1-a' });
		const [batch, later] = [entries(150), entries(150, 150)];
		// The same revision of one document, another one of a second, and a document that nobody else has.
		const another: StoredDocument = { ...later[2], _rev: OTHERS };
		const others = [...entries(1), another, { _id: 'own', _rev: '1-b' }];
		if (when === 'before the batches') await tab.write(...others);
		await Promise.all([
			note.write(STATE, batch).then(() => note.write(STATE, later)),
			when === 'in the same moment' && tab.write(...others)
		]);
		if (when === 'after the batches') await tab.write(...others);
		const expected = leavesOf([...batch, ...later]);
		expected[String(another._id)]?.push(OTHERS);
		expect(await leaves(database)).toEqual({
			...expected,
			'of the other tab': ['1-a'],
			own: ['1-b']
		});
		const { rows } = await database.allDocs({ include_docs: true });
		expect(rows).toHaveLength(302);
		expect((await database.info()).doc_count).toBe(302);
		expect(await new FirstPullNote(database).read()).toEqual(STATE);
	}
);
