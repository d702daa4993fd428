import { addDocuments } from './add-documents.ts';
import { isMissing, type LocalDatabase, type StoredDocument } from './open-database.ts';
import { writeRevisions } from './write-revisions.ts';

const NOTE_ID = '_local/outlay-first-pull';

/** A sequence of the cloud's: opaque, only ever handed back. */
export type CloudSequence = string | number | readonly unknown[];

/** A stretch of the local sequence: after `from`, up to and with `to`. */
export type Stretch = readonly [from: number, to: number];

/** How far the first pull of a ledger has come. */
export interface FirstPull {
	/** The incarnation of the ledger's database that it pulls from. */
	incarnation: string;
	/**
	 * `newest`: everything comes in one go, the newest change first. `oldest`: that was interrupted, and no
	 * store can go on backwards; the rest comes from the other end. `check`: the two have met; only what is
	 * still missing comes. `hand-over`: all is here, replication is being told where to go on. `done`:
	 * replication does the rest, for good.
	 */
	phase: 'newest' | 'oldest' | 'check' | 'hand-over' | 'done';
	/** Where the cloud was when the first document was asked for: what comes later is replication's. */
	since: CloudSequence;
	/** Up to where the phases `oldest` and `check` have come, instead of it; absent at the beginning. */
	reached?: CloudSequence;
	/** What the list begins with, row by row: id and revision: a store may begin anew unasked. */
	origin?: readonly string[];
	/** How many rows in a row said nothing new, in the phase `oldest`. */
	known?: number;
	/** Documents that are here. */
	received: number;
	/** Documents that the cloud held when the first pull began. */
	total: number;
	/** Where the local sequence holds documents of the cloud's and nothing else. */
	pulled: readonly Stretch[];
}

/** The first pull's state on disk. Only the leader tab writes it. */
export class FirstPullNote {
	#database: LocalDatabase;
	#rev: string | undefined;

	constructor(database: LocalDatabase) {
		this.#database = database;
	}

	async read(): Promise<FirstPull | undefined> {
		try {
			const { _id, _rev, ...state } = await this.#database.get<FirstPull>(NOTE_ID);
			this.#rev = _rev;
			return state as FirstPull;
		} catch (error) {
			if (isMissing(error)) return undefined;
			throw error;
		}
	}

	/**
	 * Writes documents under the revisions they have and the state that they lead to: both or neither.
	 *
	 * @throws when somebody else writes the state too.
	 */
	async write(state: FirstPull, documents: readonly StoredDocument[] = []): Promise<void> {
		const note = { ...state, _id: NOTE_ID, ...(this.#rev !== undefined && { _rev: this.#rev }) };
		if (!(await addDocuments(this.#database, documents, note))) {
			await writeRevisions(this.#database, [...documents, note]);
		}
		this.#rev = nextRevision(this.#rev);
	}
}

/** `_local` documents count their revisions; a write of many documents does not tell. */
function nextRevision(rev: string | undefined): string {
	return `0-${Number(rev?.slice(2) ?? 0) + 1}`;
}

/** `stretches` and one that begins where the last one ends, or later. */
export function addStretch(stretches: readonly Stretch[], added: Stretch): readonly Stretch[] {
	const last = stretches.at(-1);
	if (last?.[1] !== added[0]) return [...stretches, added];
	return [...stretches.slice(0, -1), [last[0], added[1]]];
}

/** What lies between `stretches`, up to `end`. */
export function gapsBetween(stretches: readonly Stretch[], end: number): Stretch[] {
	const gaps: Stretch[] = [];
	let from = 0;
	for (const [start, stop] of [...stretches, [end, end] as const]) {
		if (start > from) gaps.push([from, start]);
		from = stop;
	}
	return gaps;
}
