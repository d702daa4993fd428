import { addStretch, type FirstPull, type FirstPullNote } from '#lib/storage/first-pull-note.ts';
import type { LocalDatabase } from '#lib/storage/open-database.ts';
import { writeRevisions } from '#lib/storage/write-revisions.ts';
import type { Fetch } from './careful-fetch.ts';
import type { ChangeRow, CloudDocument } from './changes-rows.ts';
import { fetchLeaves } from './fetch-leaves.ts';
import { askWinners, followWinners, type FindWinners } from './local-winners.ts';

export interface RowTakerParts {
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
	/** Those of them that the store has just told already. */
	repeated: Set<ChangeRow>;
}

/** Brings the documents that rows tell of into the local database, together with the note that says so. */
export class RowTaker {
	#parts: RowTakerParts;
	#findWinners: FindWinners;
	/** The last write: the local sequence before it, and how far it alone takes that. */
	#written = { from: 0, to: 0 };
	/** The documents of that write: their ids and revisions. */
	#recent: ReadonlyMap<string, string> = new Map();

	/** @param isNearlyEmpty whether the database holds few documents and nobody has been here before. */
	constructor(parts: RowTakerParts, isNearlyEmpty: boolean) {
		this.#parts = parts;
		const { database } = parts;
		this.#findWinners = isNearlyEmpty
			? followWinners(
					database,
					(from, to) => from === this.#written.from && to === this.#written.to
				)
			: askWinners(database);
	}

	/**
	 * A row's own document comes without the revisions before it. It is written as it is only where the
	 * device has none of that id, as over an ancestor it would look like a conflict; and only if it is the
	 * one leaf and no deletion. All others are fetched with their revisions, leaf by leaf.
	 *
	 * @param state what is reached with these rows, except for what they add to the figures.
	 * @returns the state with their figures.
	 */
	async take(rows: readonly ChangeRow[], state: FirstPull): Promise<FirstPull> {
		const { database, note, ledgerUrl, fetch } = this.#parts;
		let now = await localSequence(database);
		const next = this.#addWritten(state, now);
		const ids = rows.map(({ id }) => id);
		const here = await this.#findWinners(ids, now);
		const { bare, leafwise, known, repeated } = sortRows(rows, here, this.#recent);
		if (leafwise.length > 0) {
			const leaves = await fetchLeaves(await findMissing(leafwise, database), ledgerUrl, fetch);
			await writeRevisions(database, leaves);
			now = await localSequence(database);
			await this.#findWinners([], now);
		}
		// In one go nothing was counted before; later on, what is known was counted when it came.
		const isCounted = (row: ChangeRow): boolean =>
			!row.deleted && !(state.phase === 'newest' ? repeated : known).has(row);
		next.received += rows.filter(isCounted).length;
		const lastNew = rows.findLastIndex((row) => !known.has(row));
		next.known = (lastNew === -1 ? (state.known ?? 0) : 0) + rows.length - 1 - lastNew;
		await note.write(next, bare);
		this.#written = { from: now, to: now + bare.length };
		this.#recent = new Map(bare.map(({ _id, _rev }) => [_id, _rev]));
		return next;
	}

	/** The state with what is only known after the last write. */
	async finish(state: FirstPull): Promise<FirstPull> {
		return this.#addWritten(state, await localSequence(this.#parts.database));
	}

	/** Anything else than one step a document: somebody else wrote as well, and that is to be sent. */
	#addWritten(state: FirstPull, now: number): FirstPull {
		const { from, to } = this.#written;
		const isNew = (state.pulled.at(-1)?.[1] ?? 0) <= from;
		if (from === to || now !== to || !isNew) return { ...state };
		return { ...state, pulled: addStretch(state.pulled, [from, to]) };
	}
}

/** The device's own sequence: one step for each revision that is written. */
async function localSequence(database: LocalDatabase): Promise<number> {
	return Number((await database.info()).update_seq);
}

/** @param recent what has just been written, which nobody may have looked up yet. */
function sortRows(
	rows: readonly ChangeRow[],
	here: ReadonlyMap<string, string>,
	recent: ReadonlyMap<string, string>
): Sorted {
	const sorted: Sorted = { bare: [], leafwise: [], known: new Set(), repeated: new Set() };
	const told = new Map(recent);
	for (const row of rows) {
		const [leaf, ...others] = row.changes;
		const winner = told.get(row.id) ?? here.get(row.id);
		const isOnlyLeaf = leaf !== undefined && others.length === 0;
		// The service lets no document begin with an underscore through, and none is ours.
		if (row.id.startsWith('_') || (isOnlyLeaf && winner === leaf.rev)) {
			sorted.known.add(row);
			if (told.has(row.id)) sorted.repeated.add(row);
		} else if (isOnlyLeaf && winner === undefined && !row.deleted && row.doc?._rev === leaf.rev) {
			sorted.bare.push(row.doc);
			told.set(row.id, leaf.rev);
		} else sorted.leafwise.push(row);
	}
	return sorted;
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
