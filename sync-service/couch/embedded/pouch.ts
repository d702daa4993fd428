import { createRequire } from 'node:module';
import { type Level, openDurableLevel, reclaim } from '#service/couch/embedded/level.ts';
import type { RevisionTree } from '#service/couch/embedded/revision-tree.ts';

/** A document as it is stored: JSON, with `_id`, `_rev` and PouchDB's other members. */
export type StoredDocument = { _id: string; _rev?: string } & Record<string, unknown>;

export interface ChangeRow {
	seq: number;
	id: string;
	changes: { rev: string }[];
	deleted?: boolean;
	doc?: StoredDocument;
}

export interface DocumentRow {
	id: string;
	key: string;
	value: { rev: string; deleted?: boolean };
	doc?: StoredDocument | null;
}

export type WriteResult =
	| { ok: true; id: string; rev: string }
	| { error: true; id: string; status: number; name: string; message: string };

/** The part of PouchDB's interface the store uses. */
export interface Pouch {
	info(): Promise<{ doc_count: number; update_seq: number }>;
	id(): Promise<string>;
	get(id: string, options?: object): Promise<StoredDocument>;
	put(document: StoredDocument): Promise<{ ok: true; id: string; rev: string }>;
	bulkDocs(documents: StoredDocument[], options: { new_edits: boolean }): Promise<WriteResult[]>;
	allDocs(options: object): Promise<{ total_rows: number; offset: number; rows: DocumentRow[] }>;
	changes(options: object): Promise<{ results: ChangeRow[]; last_seq: number }>;
	compact(): Promise<unknown>;
	close(): Promise<void>;
	_getRevisionTree(id: string, done: (error: unknown, tree?: RevisionTree) => void): void;
}

type PouchConstructor = {
	new (name: string, options: object): Pouch;
	setMaxListeners(count: number): void;
};

// Not `import`: @types/pouchdb would come along and redeclare `Buffer` for the whole service.
const PouchDB = createRequire(import.meta.url)('pouchdb') as PouchConstructor;

/** LevelDB's own memory for one database, in bytes: a few hundred are open at a time. */
const LEVEL_OPTIONS = { cacheSize: 1 << 20, writeBufferSize: 1 << 20, maxOpenFiles: 64 };

/**
 * Opens a database in `folder`, and makes one where there is none.
 *
 * @throws whatever LevelDB says when the folder cannot be opened.
 */
export async function openPouch(folder: string): Promise<Pouch> {
	let level: Level | undefined;
	const pouch = new PouchDB(folder, {
		adapter: 'leveldb',
		// Only leaves are ever asked for; without this, each edit would keep its predecessor for ever.
		auto_compaction: true,
		db: (where: string) => (level = openDurableLevel(where)),
		...LEVEL_OPTIONS
	});
	await pouch.info();
	// PouchDB's own has nothing left to do, and takes its time to find that out.
	pouch.compact = async () => level && (await reclaim(level));
	return pouch;
}

/** An error that PouchDB means for the client, such as 404 or 409. */
export interface PouchProblem {
	status: number;
	name: string;
	message: string;
	reason?: string;
}

export function isPouchProblem(error: unknown): error is PouchProblem {
	return (
		typeof error === 'object' &&
		error !== null &&
		'status' in error &&
		typeof error.status === 'number' &&
		error.status < 500 &&
		'name' in error &&
		typeof error.name === 'string'
	);
}

export function isMissing(error: unknown): boolean {
	return isPouchProblem(error) && error.status === 404;
}

/** The history of a document, or `undefined` where there never was one. */
export function findRevisionTree(pouch: Pouch, id: string): Promise<RevisionTree | undefined> {
	return new Promise((resolve) => pouch._getRevisionTree(id, (_, tree) => resolve(tree)));
}
