import PouchDB from 'pouchdb';

if (typeof IDBDatabase !== 'undefined') {
	// PouchDB gives up a sound connection when a write is aborted for want of room: nothing could be read
	// any more. Each write hears of its own end without that.
	Object.defineProperty(IDBDatabase.prototype, 'onabort', { set: () => {} });
}

/** A person's ledger on this device. Only `storage` and `sync` may see this type. */
export type LocalDatabase = PouchDB.Database<StoredDocument>;

/** A document as it lies in the database: nothing about it is sure before the codec has read it. */
export type StoredDocument = Record<string, unknown>;

/**
 * Opens a ledger's database, creating it if need be.
 *
 * @param adapter `idb` in the browser (`indexeddb` is faster and loses data with several tabs), `memory` in tests.
 */
export function openDatabase(name: string, adapter = 'idb'): LocalDatabase {
	// Compaction throws away the bodies of past revisions; what an edit replaced is in the history field.
	return new PouchDB<StoredDocument>(name, { adapter, auto_compaction: true });
}

/** Whether an error of the database says "there is no such document". */
export function isMissing(error: unknown): boolean {
	return statusOf(error) === 404;
}

/** Whether an error of the database says "somebody else wrote that document first". */
export function isConflict(error: unknown): boolean {
	return statusOf(error) === 409;
}

function statusOf(error: unknown): unknown {
	return typeof error === 'object' && error !== null && 'status' in error
		? error.status
		: undefined;
}
