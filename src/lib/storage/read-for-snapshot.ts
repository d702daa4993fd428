import { toEntry, type Entry } from '#lib/domain/ledger/entry.ts';
import { LedgerColumns } from '#lib/domain/ledger/ledger-columns.ts';
import { readDatabaseId } from './database-id.ts';
import { decodeDocument, type KnownDocument } from './document-codec.ts';
import type { LedgerSnapshot } from './ledger-snapshot.ts';
import type { LocalDatabase } from './open-database.ts';

/** How many documents are in memory at a time. */
const PAGE = 500;

/** Where everything of a ledger is while it is being read. */
interface Reading {
	columns: LedgerColumns;
	documents: Map<string, KnownDocument>;
	purged: Set<string>;
	unreadable: Set<string>;
	newer: Set<string>;
	/** Ids of `newer` that cannot be shown: they stand nowhere else. */
	hidden: Set<string>;
	conflicts: Set<string>;
}

/**
 * Reads a ledger page by page: what was written since `last`, or everything where there is no `last` or it
 * is of another database than this one.
 */
export async function readForSnapshot(
	database: LocalDatabase,
	last: LedgerSnapshot | undefined
): Promise<LedgerSnapshot> {
	const id = await readDatabaseId(database);
	const { update_seq } = await database.info();
	if (last?.databaseId === id && last.sequence <= Number(update_seq)) {
		const read = await readSince(database, id, last);
		if (read) return read;
	}
	const all = await readSince(database, id, undefined);
	if (!all) throw new Error('A ledger that was read from its beginning is never read in part');
	return all;
}

/** @returns `undefined` where `last` and the changes since then are not what the database holds. */
async function readSince(
	database: LocalDatabase,
	databaseId: string,
	last: LedgerSnapshot | undefined
): Promise<LedgerSnapshot | undefined> {
	const reading = begin(last);
	let sequence = last?.sequence ?? 0;
	for (let full = true; full;) {
		const { results, last_seq } = await database.changes({
			since: sequence,
			limit: PAGE,
			include_docs: true,
			conflicts: true
		});
		full = results.length === PAGE;
		sequence = Number(last_seq);
		takePage(reading, results);
	}
	if (last && !(await isComplete(database, reading, sequence))) return undefined;
	return {
		databaseId,
		sequence,
		columns: reading.columns,
		documents: [...reading.documents.values()],
		purged: [...reading.purged],
		unreadable: [...reading.unreadable],
		newer: [...reading.newer],
		conflicts: [...reading.conflicts]
	};
}

function begin(last: LedgerSnapshot | undefined): Reading {
	const columns = last?.columns ?? LedgerColumns.empty();
	const documents = new Map(last?.documents.map((document) => [document._id, document]));
	return {
		columns,
		documents,
		purged: new Set(last?.purged),
		unreadable: new Set(last?.unreadable),
		newer: new Set(last?.newer),
		hidden: new Set(last?.newer.filter((id) => !columns.has(id) && !documents.has(id))),
		conflicts: new Set(last?.conflicts)
	};
}

function takePage(reading: Reading, results: PouchDB.Core.ChangesResponseChange<object>[]): void {
	const entries: Entry[] = [];
	reading.columns.remove(results.map(({ id }) => id));
	for (const { id, doc, deleted } of results) {
		for (const known of [reading.documents, reading.purged, reading.unreadable]) known.delete(id);
		for (const known of [reading.newer, reading.hidden, reading.conflicts]) known.delete(id);
		if (deleted || !doc) continue;
		const { _conflicts: conflicts, ...raw } = doc as { _conflicts?: string[] };
		if (conflicts) reading.conflicts.add(id);
		const decoded = decodeDocument(raw);
		if (decoded.state === 'purged') reading.purged.add(id);
		else if (decoded.state === 'unreadable') reading.unreadable.add(id);
		else {
			const isNewer = decoded.state === 'newer';
			const shown = isNewer ? decoded.shown : decoded.document;
			if (isNewer) reading.newer.add(id);
			if (shown?.type === 'transaction') entries.push(toEntry(shown, isNewer));
			else if (shown) reading.documents.set(id, shown);
			else reading.hidden.add(id);
		}
	}
	reading.columns.put(entries);
}

/** Whether as many documents were read as there are. A database that is being written to has no say. */
async function isComplete(
	database: LocalDatabase,
	{ columns, documents, purged, unreadable, hidden }: Reading,
	sequence: number
): Promise<boolean> {
	const { doc_count, update_seq } = await database.info();
	const read = columns.size + documents.size + purged.size + unreadable.size + hidden.size;
	return Number(update_seq) !== sequence || doc_count === read;
}
