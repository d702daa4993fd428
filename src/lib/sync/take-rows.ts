import { addStretch, type FirstPull, type FirstPullNote } from '#lib/storage/first-pull-note.ts';
import type { LocalDatabase } from '#lib/storage/open-database.ts';
import { writeRevisions } from '#lib/storage/write-revisions.ts';
import type { Fetch } from './careful-fetch.ts';
import type { ChangeRow, CloudDocument } from './changes-rows.ts';
import { fetchLeaves } from './fetch-leaves.ts';

export interface TakeParts {
	database: LocalDatabase;
	note: FirstPullNote;
	ledgerUrl: string;
	fetch: Fetch;
}

/** Rows by what there is to do for them. */
interface Sorted {
	/** To be written as they came. */
	bare: CloudDocument[];
	/** To be fetched leaf by leaf. */
	leafwise: ChangeRow[];
	/** Rows that say nothing new. */
	known: Set<ChangeRow>;
}

/**
 * Brings the documents that rows tell of into the local database, together with the note that says so.
 *
 * A row's own document comes without the revisions before it. It is written as it is only where the
 * device has none of that id, as over an ancestor it would look like a conflict; and only if it is the
 * one leaf and no deletion. All others are fetched with their revisions, leaf by leaf.
 *
 * @param state what is reached with these rows, except for what they add to the figures.
 * @returns the state with their figures, and how many rows at the end said nothing new.
 */
export async function takeRows(
	rows: readonly ChangeRow[],
	state: FirstPull,
	{ database, note, ledgerUrl, fetch }: TakeParts
): Promise<{ state: FirstPull; known: number }> {
	const { bare, leafwise, known } = await sortRows(rows, database);
	if (leafwise.length > 0) {
		const leaves = await fetchLeaves(await findMissing(leafwise, database), ledgerUrl, fetch);
		await writeRevisions(database, leaves);
	}
	// In one go each row comes once; later on, what is known was counted when it came.
	const isCounted = (row: ChangeRow): boolean =>
		!row.deleted && (state.phase === 'newest' || !known.has(row));
	const next = { ...state, received: state.received + rows.filter(isCounted).length };
	const before = await localSequence(database);
	await note.write(next, bare);
	const after = await localSequence(database);
	const knownLast = rows.length - 1 - rows.findLastIndex((row) => !known.has(row));
	// Anything else than one step a document: somebody wrote at the same time, and is to be sent.
	if (bare.length === 0 || after - before !== bare.length) return { state: next, known: knownLast };
	return { state: { ...next, pulled: addStretch(next.pulled, [before, after]) }, known: knownLast };
}

/** The device's own sequence: one step for each revision that is written. */
async function localSequence(database: LocalDatabase): Promise<number> {
	return Number((await database.info()).update_seq);
}

async function sortRows(rows: readonly ChangeRow[], database: LocalDatabase): Promise<Sorted> {
	const here = await findWinners(rows, database);
	const sorted: Sorted = { bare: [], leafwise: [], known: new Set() };
	for (const row of rows) {
		const [leaf, ...others] = row.changes;
		const winner = here.get(row.id);
		const isOnlyLeaf = leaf !== undefined && others.length === 0;
		// The service lets no document begin with an underscore through, and none is ours.
		if (row.id.startsWith('_') || (isOnlyLeaf && winner === leaf.rev)) sorted.known.add(row);
		else if (isOnlyLeaf && winner === undefined && !row.deleted && row.doc?._rev === leaf.rev) {
			sorted.bare.push(row.doc);
		} else sorted.leafwise.push(row);
	}
	return sorted;
}

/** The revision that the device shows of each id, deleted or not. */
async function findWinners(
	rows: readonly ChangeRow[],
	database: LocalDatabase
): Promise<Map<string, string>> {
	const answer = await database.allDocs({ keys: rows.map(({ id }) => id) });
	return new Map(answer.rows.flatMap((row) => ('error' in row ? [] : [[row.key, row.value.rev]])));
}

/** The leaves of `rows` that the device does not have. */
async function findMissing(
	rows: readonly ChangeRow[],
	database: LocalDatabase
): Promise<[id: string, revisions: string[]][]> {
	const leaves = rows.map(({ id, changes }) => [id, changes.map(({ rev }) => rev)]);
	const missing = await database.revsDiff(Object.fromEntries(leaves) as Record<string, string[]>);
	return Object.entries(missing).map(([id, found]) => [id, found.missing ?? []]);
}
