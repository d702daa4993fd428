import PouchDB from 'pouchdb';
import type { LocalDatabase, StoredDocument } from './open-database.ts';

/** The PouchDB whose storage is known here, and what it calls that storage's version. */
const KNOWN = { pouchdb: '9.0.0', schema: 5 };

/** Stands in for the local document until the transaction is there; alone in the database it means nothing. */
const CARRIER_ID = '_local/outlay-carrier';

type Answer = (error: unknown, result?: unknown) => void;

/** What PouchDB's adapters offer each other: local documents are written into a transaction that runs. */
interface Adapter {
	adapter?: string;
	/** Not there before the database is open. */
	_putLocal?(document: StoredDocument, options: { ctx?: unknown }, answer: Answer): void;
}

/** A document with one revision, and no other that is known. */
interface Bare {
	id: string;
	rev: string;
	body: StoredDocument;
}

/**
 * Writes documents that the database has none of, under the revisions they have, and a local document: all
 * in one transaction or nothing.
 *
 * `bulkDocs` looks each document up before it writes it, and hears of each write. Here IndexedDB itself
 * refuses what is there already, whoever wrote it and however lately. What lies on the disk afterwards is
 * the same.
 *
 * @returns whether they are written. If not, nothing is; `bulkDocs` can do it, or says why not.
 */
export async function addDocuments(
	database: LocalDatabase,
	documents: readonly StoredDocument[],
	local: StoredDocument
): Promise<boolean> {
	const adapter = database as unknown as Adapter;
	const bare = documents.flatMap((document) => toBare(document) ?? []);
	const isKnown = adapter.adapter === 'idb' && PouchDB.version === KNOWN.pouchdb;
	if (!isKnown || bare.length === 0 || bare.length < documents.length) return false;
	const putLocal = adapter._putLocal?.bind(adapter);
	if (!putLocal) return false;
	let isWritten = false;
	adapter._putLocal = (document, options, answer) => {
		const { ctx } = options;
		if (document._id !== CARRIER_ID || !isKnownStorage(ctx)) {
			return putLocal(document, options, answer);
		}
		// PouchDB counts with what it has read by now; so the documents are added to what it writes last.
		putLocal({ ...local }, options, (error, result) => {
			if (error) return answer(error);
			addAll(ctx, bare, () => {
				answer(null, result);
				addToCount(ctx, bare.length);
				isWritten = true;
			});
		});
	};
	try {
		const failures: unknown[] = await database.bulkDocs([{ _id: CARRIER_ID }], {
			new_edits: false
		});
		return isWritten && failures.length === 0;
	} catch {
		return false;
	} finally {
		adapter._putLocal = putLocal;
	}
}

function toBare({ _id, _rev, ...body }: StoredDocument): Bare | undefined {
	if (typeof _id !== 'string' || _id === '' || _id.startsWith('_')) return undefined;
	if (typeof _rev !== 'string' || !/^[1-9]\d*-./.test(_rev)) return undefined;
	// Deletions, attachments and known ancestors are PouchDB's own business.
	if (Object.keys(body).some((key) => key.startsWith('_'))) return undefined;
	return { id: _id, rev: _rev, body };
}

function isKnownStorage(ctx: unknown): ctx is IDBTransaction {
	return ctx instanceof IDBTransaction && ctx.db.version === KNOWN.schema;
}

/** Adds all of them, at consecutive sequences. One that is there already aborts the transaction. */
function addAll(transaction: IDBTransaction, bare: readonly Bare[], done: () => void): void {
	const bodies = transaction.objectStore('by-sequence');
	const heads = transaction.objectStore('document-store');
	const [first, ...others] = bare;
	if (!first) return done();
	const begun = addBody(bodies, first);
	begun.onsuccess = () => {
		const from = Number(begun.result);
		let last = addHead(heads, first, from);
		let lastBody = begun;
		for (const [index, document] of others.entries()) {
			lastBody = addBody(bodies, document);
			last = addHead(heads, document, from + 1 + index);
		}
		last.onsuccess = () => {
			if (Number(lastBody.result) === from + others.length) done();
			else transaction.abort();
		};
	};
}

function addBody(store: IDBObjectStore, { id, rev, body }: Bare): IDBRequest<IDBValidKey> {
	return store.add({ ...body, _doc_id_rev: `${id}::${rev}` });
}

function addHead(store: IDBObjectStore, { id, rev }: Bare, seq: number): IDBRequest<IDBValidKey> {
	const dash = rev.indexOf('-');
	const leaf = [rev.slice(dash + 1), { status: 'available' }, []];
	const rev_tree = [{ pos: Number(rev.slice(0, dash)), ids: leaf }];
	const data = JSON.stringify({ id, rev, rev_tree, winningRev: rev, deleted: false, seq });
	return store.add({ data, winningRev: rev, deletedOrLocal: '0', seq, id });
}

function addToCount(transaction: IDBTransaction, added: number): void {
	const store = transaction.objectStore('meta-store');
	const reading = store.get('meta-store') as IDBRequest<{ docCount: number }>;
	reading.onsuccess = () =>
		store.put({ ...reading.result, docCount: reading.result.docCount + added });
}
