import { FirstPullNote, type CloudSequence, type FirstPull } from '#lib/storage/first-pull-note.ts';
import type { ChangeRow } from './changes-rows.ts';
import { handOver, type HandOverParts } from './hand-over.ts';
import { readChanges, type ChangesQuery } from './read-changes.ts';
import { RowTaker } from './row-taker.ts';
import type { FirstPullProgress } from './sync-report.ts';

/** A cloud with fewer documents than this is replicated as quickly. */
const WORTHWHILE = 200;
/** A device with more documents than this is not new. */
const OWN_MOST = 1000;
/** How many of the newest changes make the newest months usable, after an interruption. */
const NEWEST = 1000;
/** So many known rows in a row, and the two ends have met: more than the documents every ledger starts with. */
const KNOWN = 20;
/**
 * How many rows are written at a time: few at first, so that the newest entries are soon there, and few
 * where the two ends will meet, as what is read beyond that is read for nothing.
 */
const BATCH = { first: 250, others: 1000, meeting: 250 };

/** What the cloud says of the ledger before anything is asked for. */
export interface Cloud {
	incarnation: string;
	/** Where it stands. */
	since: CloudSequence;
	/** How many documents it holds. */
	documents: number;
}

export interface FirstPullParts extends HandOverParts {
	cloud: Cloud;
	/** Aborts when the connection ends. */
	signal: AbortSignal;
	onprogress: (progress: FirstPullProgress) => void;
}

/**
 * Fills a new device: where replication asks for a hundred thousand documents batch by batch, this reads
 * them in one answer, the newest first. Afterwards replication goes on from where the cloud was at the
 * beginning, so that nothing is missed that other devices write meanwhile.
 *
 * Does nothing on a device that is not new. Interrupted, the next call goes on where this one was.
 *
 * @throws when the connection breaks or the device cannot write.
 */
export async function pullFirst(parts: FirstPullParts): Promise<void> {
	const note = new FirstPullNote(parts.database);
	const state = await begin(note, parts);
	if (state.phase !== 'done') await new Run(note, state, parts).finish();
}

async function begin(
	note: FirstPullNote,
	{ database, cloud }: Pick<FirstPullParts, 'database' | 'cloud'>
): Promise<FirstPull> {
	const known = await note.read();
	if (known?.incarnation === cloud.incarnation) return known;
	// What an earlier incarnation sent is not to be relied on: the rule below decides again.
	const isNew = (await database.info()).doc_count <= OWN_MOST;
	const state: FirstPull = {
		incarnation: cloud.incarnation,
		phase: isNew && cloud.documents >= WORTHWHILE ? 'newest' : 'done',
		since: cloud.since,
		received: 0,
		total: cloud.documents,
		pulled: []
	};
	await note.write(state);
	return state;
}

/** A first pull from where it stands to its end. */
class Run {
	#note: FirstPullNote;
	#state: FirstPull;
	#parts: FirstPullParts;
	#taker: RowTaker;

	constructor(note: FirstPullNote, state: FirstPull, parts: FirstPullParts) {
		this.#note = note;
		this.#state = state;
		this.#parts = parts;
		const isBeginning = state.phase === 'newest' && state.received === 0;
		this.#taker = new RowTaker({ ...parts, note }, isBeginning);
	}

	async finish(): Promise<void> {
		const wasInterrupted = this.#state.received > 0;
		this.#tell();
		if (this.#state.phase === 'newest') {
			if (!wasInterrupted) {
				await this.#pull({ newestFirst: true, withDocuments: true });
				await this.#enter('hand-over');
			} else await this.#enter('oldest');
		}
		if (this.#state.phase === 'oldest') await this.#pullFromOldest();
		if (this.#state.phase === 'check') {
			await this.#pull(from(this.#state.reached));
			await this.#enter('hand-over');
		}
		const { reached, since, pulled } = this.#state;
		await handOver({ since: reached ?? since, pulled }, this.#parts);
		await this.#enter('done');
		this.#tell();
	}

	async #pullFromOldest(): Promise<void> {
		const { reached } = this.#state;
		// The newest months first even so, whatever of them is missing.
		if (reached === undefined) await this.#pull({ newestFirst: true, limit: NEWEST });
		const hasMet = await this.#pull({ ...from(reached), withDocuments: true });
		await this.#enter(hasMet ? 'check' : 'hand-over');
	}

	/**
	 * Writes what the query brings, one batch while the next one is read.
	 *
	 * @returns whether it was left early because everything that came was here already.
	 */
	async #pull(query: ChangesQuery): Promise<boolean> {
		const { ledgerUrl, fetch, signal } = this.#parts;
		let size = BATCH.first;
		const rows: ChangeRow[] = [];
		let writing = Promise.resolve(false);
		const write = (): void => {
			writing = this.#take(rows.splice(0, size), query);
			// Whoever awaits it hears of its failure; until then nobody does.
			writing.catch(() => {});
		};
		try {
			for await (const more of readChanges(ledgerUrl, fetch, query)) {
				rows.push(...more);
				while (rows.length >= size) {
					if (await writing) return true;
					write();
					size = this.#state.phase === 'oldest' ? BATCH.meeting : BATCH.others;
				}
			}
		} catch (error) {
			// What did arrive need not be fetched again.
			await writing;
			if (!signal.aborted) await this.#take(rows, query);
			throw error;
		}
		return (await writing) || this.#take(rows, query);
	}

	async #take(rows: readonly ChangeRow[], query: ChangesQuery): Promise<boolean> {
		const [first, last] = [rows[0], rows.at(-1)];
		if (!first || !last) return false;
		const state = { ...this.#state };
		if (!query.newestFirst) state.reached = last.seq;
		// Copies of a store may lag behind each other: the answer's own place is the safest.
		else if (state.phase === 'newest' && state.received === 0)
			state.since = first.seq ?? state.since;
		const taken = await this.#taker.take(rows, state);
		this.#state = taken.state;
		this.#tell();
		return query.withDocuments === true && taken.known >= KNOWN;
	}

	async #enter(phase: FirstPull['phase']): Promise<void> {
		const state = { ...(await this.#taker.finish(this.#state)), phase };
		await this.#note.write(state);
		this.#state = state;
	}

	#tell(): void {
		const { phase, received, total } = this.#state;
		this.#parts.onprogress({
			received: phase === 'done' ? total : Math.min(received, total),
			total
		});
	}
}

function from(since: CloudSequence | undefined): ChangesQuery {
	return since === undefined ? {} : { since };
}
