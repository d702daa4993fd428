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
/** How many rows tell the beginning of the list from any other place, however its shards take turns. */
const ORIGIN = 20;
/** How often a store that begins anew is asked for the place where we were; then it has its reasons. */
const REWINDS = 3;

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
			await this.#goOn({});
			await this.#enter('hand-over');
		}
		const { reached, since, pulled } = this.#state;
		await handOver({ since: reached ?? since, pulled }, this.#parts);
		await this.#enter('done');
		this.#tell();
	}

	async #pullFromOldest(): Promise<void> {
		// The newest months first even so, whatever of them is missing.
		if (this.#state.reached === undefined) {
			await this.#pull({ newestFirst: true, limit: NEWEST });
			// That they are known says nothing of where the two ends meet.
			this.#state = { ...this.#state, known: 0 };
		}
		const end = await this.#goOn({ withDocuments: true });
		await this.#enter(end === 'met' ? 'check' : 'hand-over');
	}

	/** Reads on from where it was. A store that begins anew would take it back there: it is asked again. */
	async #goOn(query: ChangesQuery): Promise<PullEnd> {
		for (let rewinds = 0; ; rewinds++) {
			const end = await this.#pull({ ...query, ...from(this.#state.reached) }, rewinds < REWINDS);
			if (end !== 'rewound') return end;
		}
	}

	/**
	 * Writes what the query brings, one batch while the next one is read.
	 *
	 * @param canAskAgain whether to leave an answer that begins anew instead of where it was asked to.
	 */
	async #pull(query: ChangesQuery, canAskAgain = false): Promise<PullEnd> {
		const { ledgerUrl, fetch, signal } = this.#parts;
		let size = BATCH.first;
		const rows: ChangeRow[] = [];
		let isBeginning = canAskAgain && query.since !== undefined;
		let writing = Promise.resolve<PullEnd>('read');
		const take = async (batch: readonly ChangeRow[]): Promise<PullEnd> => {
			if (isBeginning && this.#isRewound(batch)) return 'rewound';
			isBeginning = false;
			return this.#take(batch, query);
		};
		const write = (): void => {
			writing = take(rows.splice(0, size));
			// Whoever awaits it hears of its failure; until then nobody does.
			writing.catch(() => {});
		};
		try {
			for await (const more of readChanges(ledgerUrl, fetch, query)) {
				rows.push(...more);
				while (rows.length >= size) {
					const end = await writing;
					if (end !== 'read') return end;
					write();
					size = this.#state.phase === 'oldest' ? BATCH.meeting : BATCH.others;
				}
			}
		} catch (error) {
			// What did arrive need not be fetched again.
			const end = await writing;
			if (!signal.aborted && end === 'read') await take(rows);
			throw error;
		}
		const end = await writing;
		return end === 'read' ? take(rows) : end;
	}

	#isRewound(rows: readonly ChangeRow[]): boolean {
		const origin = new Set(this.#state.origin);
		return rows.some((row) => origin.has(toOrigin(row)));
	}

	async #take(rows: readonly ChangeRow[], query: ChangesQuery): Promise<PullEnd> {
		const [first, last] = [rows[0], rows.at(-1)];
		if (!first || !last) return 'read';
		const state = { ...this.#state };
		if (!query.newestFirst) {
			if (query.since === undefined) state.origin ??= rows.slice(0, ORIGIN).map(toOrigin);
			state.reached = last.seq;
		}
		// Copies of a store may lag behind each other: the answer's own place is the safest.
		else if (state.phase === 'newest' && state.received === 0)
			state.since = first.seq ?? state.since;
		this.#state = await this.#taker.take(rows, state);
		this.#tell();
		const hasMet = query.withDocuments && state.phase === 'oldest';
		return hasMet && (this.#state.known ?? 0) >= KNOWN ? 'met' : 'read';
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

/** `met`: it was left early, because everything that came was here already. `rewound`: as it began anew. */
type PullEnd = 'read' | 'met' | 'rewound';

function toOrigin({ id, changes }: ChangeRow): string {
	return `${id} ${changes[0]?.rev}`;
}

function from(since: CloudSequence | undefined): ChangesQuery {
	return since === undefined ? {} : { since };
}
