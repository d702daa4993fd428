import { DATABASE_PREFIX, POUCH_PREFIX } from './database-name.ts';

/** PouchDB keeps bodies and what it knows of a document in these two stores. */
const BODIES = 'by-sequence';
const DOCUMENTS = 'document-store';

const BATCH = 1_000;

/** What could be read of a ledger, past everything that usually reads it. */
export interface RawLedger {
	/** The local database's name. */
	name: string;
	/** As they lie in the database, with `_id` and `_rev`; the revision that counts where that is known. */
	documents: Record<string, unknown>[];
	/** How many records the browser would not give out. */
	unread: number;
}

/**
 * Reads ledgers out of IndexedDB itself: without PouchDB, the worker or the codec, so that it works when one of
 * them does not. Nothing is written, and no database is made that is not there.
 *
 * @param name of one local database; without it, all ledgers of this browser profile.
 * @throws what the browser says when not even the database can be opened.
 */
export async function readRawLedgers(name?: string): Promise<RawLedger[]> {
	const names = name === undefined ? await ledgerNames() : [name];
	const ledgers: RawLedger[] = [];
	for (const each of names) {
		const database = await openExisting(POUCH_PREFIX + each);
		if (!database) continue;
		try {
			ledgers.push({ name: each, ...(await readDocuments(database)) });
		} finally {
			database.close();
		}
	}
	return ledgers;
}

async function ledgerNames(): Promise<string[]> {
	const prefix = POUCH_PREFIX + DATABASE_PREFIX;
	return (await indexedDB.databases())
		.map(({ name = '' }) => name)
		.filter((name) => name.startsWith(prefix))
		.map((name) => name.slice(POUCH_PREFIX.length));
}

/** @returns `undefined` = there is no such database. */
function openExisting(name: string): Promise<IDBDatabase | undefined> {
	return new Promise((resolve, reject) => {
		const request = indexedDB.open(name);
		let isMissing = false;
		request.onupgradeneeded = () => {
			isMissing = true;
			request.transaction?.abort();
		};
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => (isMissing ? resolve(undefined) : reject(toError(request.error)));
	});
}

async function readDocuments(database: IDBDatabase): Promise<Omit<RawLedger, 'name'>> {
	const known = await readRecords(database, DOCUMENTS);
	const winners = new Map(known.records.map(({ id, winningRev }) => [id, winningRev]));
	const bodies = await readRecords(database, BODIES);
	const documents: RawLedger['documents'] = [];
	for (const { _doc_id_rev: key, ...body } of bodies.records) {
		// "id::revision"; an id may hold colons.
		const [, id, revision] = /^(.*)::(.*)$/s.exec(String(key)) ?? [];
		if (id === undefined || body._deleted) continue;
		if (winners.has(id) && winners.get(id) !== revision) continue;
		documents.push({ ...body, _id: id, _rev: revision });
	}
	return { documents, unread: bodies.unread };
}

interface Records {
	records: Record<string, unknown>[];
	unread: number;
}

async function readRecords(database: IDBDatabase, store: string): Promise<Records> {
	const records: Record<string, unknown>[] = [];
	let unread = 0;
	let range: IDBKeyRange | undefined;
	for (;;) {
		const keys = await ask(database, store, (from) => from.getAllKeys(range, BATCH));
		const last = keys.at(-1);
		if (last === undefined) return { records, unread };
		try {
			records.push(...(await ask(database, store, (from) => from.getAll(range, BATCH))));
		} catch {
			// One record that cannot be read must not take the others with it.
			for (const key of keys) {
				const one = await ask(database, store, (from) => from.get(key)).catch(() => undefined);
				if (one === undefined) unread += 1;
				else records.push(one as Record<string, unknown>);
			}
		}
		range = IDBKeyRange.lowerBound(last, true);
	}
}

/** Asks in a transaction of its own: what fails in one leaves the others alone. */
function ask<T>(
	database: IDBDatabase,
	store: string,
	question: (from: IDBObjectStore) => IDBRequest<T>
): Promise<T> {
	return new Promise((resolve, reject) => {
		const request = question(database.transaction(store).objectStore(store));
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(toError(request.error));
	});
}

function toError(error: DOMException | null): Error {
	return error ?? new Error('The browser does not say why');
}
