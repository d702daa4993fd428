import type { StoreMeter } from '#service/couch/store-meter.ts';

/**
 * The one way the service speaks to a store: CouchDB's HTTP protocol, the same for the embedded store,
 * Apache CouchDB and IBM Cloudant.
 */
export interface CouchClient {
	/**
	 * Sends one request and resolves with the answer, whatever its status. `path` is absolute, already
	 * encoded, and never holds credentials.
	 *
	 * @throws {StoreUnavailable} when nothing answered, the store refused our credential, or it kept
	 * answering 429 or 5xx through the retries.
	 */
	request(method: string, path: string, options?: CouchRequest): Promise<Response>;

	/** What identifies this run of the store: the embedded store's epoch; '' where the store keeps its promises. */
	epoch(): Promise<string>;

	/** A document, or `undefined` where there is none. */
	find<T extends CouchDocument>(database: string, id: string): Promise<T | undefined>;

	/** Writes a document; `'conflict'` when `_rev` is not the current revision (or is missing and there is one). */
	put(database: string, document: CouchDocument): Promise<{ rev: string } | 'conflict'>;

	/** Removes a document's revision; removing what is gone already, or is newer, is `'conflict'`. */
	remove(database: string, id: string, rev: string): Promise<'removed' | 'conflict'>;

	/** All documents whose id starts with `prefix`, in id order. */
	list<T extends CouchDocument>(database: string, prefix: string): Promise<T[]>;

	/** How the store does; absent where nobody looks. */
	readonly meter?: StoreMeter;
}

export interface CouchRequest {
	/** Sent as JSON. */
	body?: unknown;
	signal?: AbortSignal;
}

export interface CouchDocument {
	_id: string;
	_rev?: string;
	[field: string]: unknown;
}

/** The store did not answer, or not in a way the service can work with. The caller answers 503. */
export class StoreUnavailable extends Error {
	override name = 'StoreUnavailable';
}
