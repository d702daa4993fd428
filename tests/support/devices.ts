import PouchDB from 'pouchdb';
import type { Operation } from '#contract/documents/operation.ts';
import type { Transaction } from '#contract/documents/transaction.ts';
import { randomText } from '#lib/domain/random-text.ts';
import { createClock } from '#lib/domain/stamp.ts';
import { ChangeFeed } from '#lib/storage/change-feed.ts';
import { settleConflict } from '#lib/storage/conflict-settler.ts';
import {
	openDatabase,
	type LocalDatabase,
	type StoredDocument
} from '#lib/storage/open-database.ts';
import { PouchLedgerRepository } from '#lib/storage/pouch-ledger-repository.ts';

/** Where databases lie: in memory, and where tests run in a browser, where the app has them. */
const ADAPTER = typeof indexedDB === 'undefined' ? 'memory' : 'idb';
if (ADAPTER === 'memory') PouchDB.plugin((await import('pouchdb-adapter-memory')).default);

/** A device without its screen: a real database and the way to write to it. */
export interface TestDevice {
	id: string;
	name: string;
	database: LocalDatabase;
	repository: PouchLedgerRepository;
	feed: ChangeFeed;
	/** Replicates both ways with another database, once. */
	syncWith(other: LocalDatabase): Promise<void>;
	/** Settles all conflicts, as the leader tab does. Returns how many documents were written. */
	settle(): Promise<void>;
	read(id: string): Promise<Transaction>;
	/** The bulk edits and imports that the ledger knows of. */
	operations(): Promise<Operation[]>;
	/** Another way to write to the same database, on another day. */
	repositoryAt(now: () => Date): PouchLedgerRepository;
}

/** A database of its own, empty unless one of that name exists. */
export function aDatabase(name = `test-${randomText(8)}`): LocalDatabase {
	return openDatabase(name, ADAPTER);
}

/** The same, for tests that run in memory alone. */
export const memoryDatabase = aDatabase;

let instant = Date.now();
/** A clock that all devices share and that never shows the same millisecond twice: edits have an order. */
function sharedClock(): number {
	return ++instant;
}

/**
 * A device of its own, or the next start of one, by its name and id.
 *
 * @param now its clock, in milliseconds since the Unix epoch.
 */
export function aDevice(
	now: () => number = sharedClock,
	name = `test-${randomText(8)}`,
	id = randomText(10)
): TestDevice {
	const database = aDatabase(name);
	const repository = new PouchLedgerRepository(database, createClock(id, now));
	return {
		id,
		name,
		database,
		repository,
		feed: new ChangeFeed(database),
		async syncWith(other) {
			await database.sync(other);
		},
		async settle() {
			const { rows } = await database.allDocs({ include_docs: true, conflicts: true });
			for (const row of rows) {
				const doc = 'doc' in row ? (row.doc as { _conflicts?: string[] }) : {};
				if (doc?._conflicts) await settleConflict(database, row.id);
			}
		},
		read: (documentId) => database.get<Transaction>(documentId),
		async operations() {
			const { rows } = await database.allDocs<Operation>({
				include_docs: true,
				startkey: 'operation:',
				endkey: 'operation:\uffff'
			});
			return rows.flatMap(({ doc }) => (doc ? [doc] : []));
		},
		repositoryAt: (date) => new PouchLedgerRepository(database, createClock(id, now), date)
	};
}

/** All revisions of a document that are not deleted. */
export async function leavesOf(database: LocalDatabase, id: string): Promise<StoredDocument[]> {
	const answers = (await database.get(id, { open_revs: 'all' })) as unknown as {
		ok?: StoredDocument;
	}[];
	return answers.flatMap(({ ok }) => (ok && !ok._deleted ? [ok] : []));
}
