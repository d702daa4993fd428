/** What runs in the browser for `first-sync.ts`. Each takes the ledger's address and empty storage. */
import PouchDB from 'pouchdb';
import { openDatabase, type StoredDocument } from '#lib/storage/open-database.ts';
import { writeStartingDocuments } from '#lib/storage/starting-ledger.ts';
import { ChangesRows, type ChangeRow } from '#lib/sync/changes-rows.ts';
import { pullFirst } from '#lib/sync/first-pull.ts';

export interface Outcome {
	/** From the first request to the last write, in milliseconds. */
	ms: number;
	requests: number;
	/** Documents that are in the browser's storage at the end. */
	documents: number;
	/** Until the newest months were in the browser's storage, in milliseconds. */
	newestMs?: number;
}

export interface FirstSyncPage {
	floor(ledgerUrl: string): Promise<Outcome>;
	defaults(ledgerUrl: string): Promise<Outcome>;
	ours(ledgerUrl: string, newest: string[]): Promise<Outcome>;
}

declare global {
	interface Window {
		ready: boolean;
		firstSync: FirstSyncPage;
	}
}

let requests = 0;
const counted: typeof fetch = (url, init) => {
	requests += 1;
	return fetch(url, init);
};

/** One answer with everything in it, and the least that writing it can cost. */
async function floor(ledgerUrl: string): Promise<Outcome> {
	const start = performance.now();
	const database = await openRaw();
	const response = await counted(`${ledgerUrl}/_changes?style=all_docs&include_docs=true`);
	if (!response.body) throw new Error('No body');
	const rows = new ChangesRows();
	const decoder = new TextDecoder();
	const reader = response.body.getReader();
	let batch: ChangeRow[] = [];
	let writing = Promise.resolve();
	let documents = 0;
	for (;;) {
		const { done, value } = await reader.read();
		if (value) batch.push(...rows.take(decoder.decode(value, { stream: true })));
		if (batch.length >= 1000 || done) {
			await writing;
			documents += batch.length;
			writing = writeRaw(database, batch);
			batch = [];
		}
		if (done) break;
	}
	await writing;
	return { ms: performance.now() - start, requests, documents };
}

function openRaw(): Promise<IDBDatabase> {
	return new Promise((resolve, reject) => {
		const request = indexedDB.open('floor');
		request.onupgradeneeded = () => request.result.createObjectStore('documents');
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(new Error('IndexedDB', { cause: request.error }));
	});
}

function writeRaw(database: IDBDatabase, rows: readonly ChangeRow[]): Promise<void> {
	return new Promise((resolve, reject) => {
		const transaction = database.transaction('documents', 'readwrite');
		const store = transaction.objectStore('documents');
		for (const { id, doc } of rows) store.put(doc, id);
		transaction.oncomplete = () => resolve();
		transaction.onabort = () => reject(new Error('IndexedDB', { cause: transaction.error }));
	});
}

async function openNew(name: string, ledgerUrl: string) {
	const database = openDatabase(name);
	await writeStartingDocuments(database);
	const remote = new PouchDB<StoredDocument>(ledgerUrl, {
		skip_setup: true,
		fetch: (url, init) => counted(url, init)
	});
	return { database, remote };
}

async function defaults(ledgerUrl: string): Promise<Outcome> {
	const { database, remote } = await openNew('defaults', ledgerUrl);
	const start = performance.now();
	await PouchDB.replicate(remote, database);
	const ms = performance.now() - start;
	return { ms, requests, documents: (await database.info()).doc_count };
}

async function ours(ledgerUrl: string, newest: string[]): Promise<Outcome> {
	const { database, remote } = await openNew('ours', ledgerUrl);
	const start = performance.now();
	let newestMs: number | undefined;
	let looking = Promise.resolve();
	const look = async (): Promise<void> => {
		const { rows } = await database.allDocs({ keys: newest });
		if (rows.every((row) => !('error' in row))) newestMs ??= performance.now() - start;
	};
	const hello = await counted(`${ledgerUrl}/`);
	const { doc_count, update_seq } = (await hello.json()) as {
		doc_count: number;
		update_seq: string;
	};
	await pullFirst({
		database,
		remote,
		ledgerUrl,
		fetch: counted,
		cloud: { incarnation: 'bench', since: update_seq, documents: doc_count },
		signal: new AbortController().signal,
		onprogress: ({ received }) => {
			if (received >= newest.length && newestMs === undefined) looking = looking.then(look);
		}
	});
	const ms = performance.now() - start;
	await looking;
	const { doc_count: documents } = await database.info();
	return { ms, requests, documents, ...(newestMs !== undefined && { newestMs }) };
}

window.firstSync = { floor, defaults, ours };
window.ready = true;
