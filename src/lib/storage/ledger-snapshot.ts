import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { LedgerColumns } from '#lib/domain/ledger/ledger-columns.ts';
import type { KnownDocument } from './document-codec.ts';

/** Raised whenever the shape or the meaning of what is kept changes: an older one is then made anew. */
const FORMAT = 1;

/**
 * A ledger as it was at one local sequence, quick to read: a cache, never a truth. With the changes since
 * that sequence it is the ledger as it is.
 */
export interface LedgerSnapshot {
	/** Which database it is of: one that the browser threw away comes back under its name with another id. */
	databaseId: string;
	/** The local sequence up to which it holds everything. */
	sequence: number;
	/** All transactions. */
	columns: LedgerColumns;
	/** All documents of other kinds that can be read, whole. */
	documents: KnownDocument[];
	/** Ids of documents that were deleted for good. */
	purged: string[];
	/** Ids of documents that could not be read. */
	unreadable: string[];
	/** Ids of documents of a newer version. Those that can be shown are in `columns` or `documents` too. */
	newer: string[];
	/** Ids of documents that were in conflict. */
	conflicts: string[];
}

/** The same as it lies in the database. */
interface KeptSnapshot extends Omit<LedgerSnapshot, 'columns'> {
	format: number;
	name: string;
	/** See {@link LedgerColumns.fromSnapshot}. */
	columns: unknown;
}

interface SnapshotSchema extends DBSchema {
	snapshots: { key: string; value: KeptSnapshot };
}

let open: Promise<IDBPDatabase<SnapshotSchema>> | undefined;

/**
 * The snapshot of a ledger.
 *
 * @param name the name of the ledger's database.
 * @returns `undefined` = there is none that can be relied on, for whatever reason.
 */
export async function readSnapshot(name: string): Promise<LedgerSnapshot | undefined> {
	try {
		return toSnapshot(await (await snapshots()).get('snapshots', name), name);
	} catch {
		// Whatever is wrong with a cache, the database itself is read instead.
		return undefined;
	}
}

/** Keeps the snapshot of a ledger, in the place of the last one. Never fails: at worst there is none. */
export async function writeSnapshot(name: string, snapshot: LedgerSnapshot): Promise<void> {
	const { databaseId, columns, sequence, documents, purged, unreadable, newer, conflicts } =
		snapshot;
	const kept: KeptSnapshot = {
		format: FORMAT,
		name,
		databaseId,
		sequence,
		columns: columns.toSnapshot(),
		documents,
		purged,
		unreadable,
		newer,
		conflicts
	};
	try {
		const database = await snapshots();
		await database.put('snapshots', kept, name);
	} catch {
		// No room, or no database: the last snapshot, if there is one, was not touched.
	}
}

/** Forgets the snapshot of a ledger. Never fails. */
export async function removeSnapshot(name: string): Promise<void> {
	try {
		await (await snapshots()).delete('snapshots', name);
	} catch {
		// Where the store cannot be opened nothing is read from it either.
	}
}

function toSnapshot(kept: KeptSnapshot | undefined, name: string): LedgerSnapshot | undefined {
	if (kept?.format !== FORMAT || kept.name !== name) return undefined;
	const { databaseId, sequence, documents, purged, unreadable, newer, conflicts } = kept;
	if (typeof databaseId !== 'string') return undefined;
	if (!Number.isSafeInteger(sequence) || sequence < 0) return undefined;
	if (![documents, purged, unreadable, newer, conflicts].every(Array.isArray)) return undefined;
	const columns = LedgerColumns.fromSnapshot(kept.columns);
	if (!columns) return undefined;
	return { databaseId, sequence, columns, documents, purged, unreadable, newer, conflicts };
}

function snapshots(): Promise<IDBPDatabase<SnapshotSchema>> {
	open ??= openDB<SnapshotSchema>('outlay-snapshots', 1, {
		upgrade: (database) => void database.createObjectStore('snapshots'),
		// The browser may cut the connection at any time: the next call opens it anew.
		terminated: () => (open = undefined)
	}).catch((error: unknown) => {
		open = undefined;
		throw error;
	});
	return open;
}
