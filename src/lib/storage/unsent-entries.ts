import { latestStamp, readStamp } from '#lib/domain/stamp.ts';
import type { ChangeFeed } from './change-feed.ts';
import { decodeDocument, type Decoded } from './document-codec.ts';
import { isMissing, type LocalDatabase, type StoredDocument } from './open-database.ts';

const NOTE_ID = '_local/outlay-sent';

/** What is known to be in the cloud. */
interface SentNote {
	/** Every edit of this device up to this local sequence … */
	sequence: number;
	/** … in this incarnation of the ledger's database. */
	incarnation: string;
	/** Documents that this device did not edit and the cloud would not take, such as merges. */
	others?: string[];
}

/** A revision that the cloud is not known to have. */
interface Unsent {
	revision: string;
	sequence: number;
}

/** An entry that the cloud is not known to have, and why: it waits, there is no room, or it was refused. */
export interface UnsentEntry {
	id: string;
	why: 'waits' | Obstacle['kind'];
}

/** What keeps a revision out of the cloud: it has no room, or will not take this very document. */
interface Obstacle {
	revision: string;
	kind: 'no-room' | 'refused';
}

/**
 * Which of this device's own edits are not known to be in the cloud yet, and why. An entry counts from the
 * moment it is on disk until the cloud has acknowledged that very revision, or one that came after it;
 * documents that came from elsewhere never count, unless the cloud refuses them.
 */
export class UnsentEntries {
	#database: LocalDatabase;
	#deviceId: string;
	#unsent = new Map<string, Unsent>();
	/** Of the revisions that were sent last. The feed may tell of one later than the cloud refuses it. */
	#obstacles = new Map<string, Obstacle>();
	#listeners = new Set<() => void>();
	#note: SentNote = { sequence: 0, incarnation: '' };
	/** Those of the unsent that this device did not edit. */
	#others = new Set<string>();
	/** The local sequence up to which everything has been looked at. */
	#sequence = 0;
	#stop: (() => void) | undefined;

	constructor(database: LocalDatabase, deviceId: string) {
		this.#database = database;
		this.#deviceId = deviceId;
	}

	/** How many entries the cloud does not have yet. */
	get count(): number {
		return this.#unsent.size;
	}

	/** Those of them that the cloud will not take as they are. */
	get refused(): number {
		return this.#countObstacles('refused');
	}

	/** Those of them that the cloud has no room for. */
	get noRoom(): number {
		return this.#countObstacles('no-room');
	}

	/** Which they are. */
	list(): UnsentEntry[] {
		return [...this.#unsent].map(([id, { revision }]) => {
			const obstacle = this.#obstacles.get(id);
			return { id, why: obstacle?.revision === revision ? obstacle.kind : 'waits' };
		});
	}

	/** Their ids and revisions, in the shape that `_revs_diff` asks with. */
	revisions(): Record<string, string[]> {
		return Object.fromEntries([...this.#unsent].map(([id, { revision }]) => [id, [revision]]));
	}

	/** Reads what is left over from an earlier run and follows the feed, which must be open. */
	async load(feed: ChangeFeed): Promise<void> {
		this.#stop = feed.listen(({ documents, sequence }) => {
			for (const { id, revision, decoded, sequence: at } of documents) {
				if (this.#isOwn(decoded, 'latest')) this.#add(id, { revision, sequence: at });
			}
			this.#sequence = Math.max(this.#sequence, sequence);
			this.#tell();
		});
		this.#note = { ...this.#note, ...(await this.#readNote()) };
		await this.#lookSince(this.#note.sequence);
		await this.#lookAtOthers(this.#note.others ?? []);
	}

	stop(): void {
		this.#stop?.();
		this.#listeners.clear();
	}

	/** Calls `listener` whenever the count may have changed. Returns the way to stop. */
	listen(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/**
	 * Says which incarnation of the ledger the device talks to. A new one (restored, moved, stopped
	 * uncleanly) may lack what an earlier one had: every edit counts again until it is acknowledged.
	 */
	async meet(incarnation: string): Promise<void> {
		if (incarnation === this.#note.incarnation) return;
		await this.#writeNote({ sequence: 0, incarnation });
		await this.#lookSince(0);
	}

	/** The cloud has these revisions. */
	acknowledge(revisions: Iterable<{ id: string; revision: string }>): void {
		for (const { id, revision } of revisions) {
			if (this.#unsent.get(id)?.revision !== revision) continue;
			for (const map of [this.#unsent, this.#obstacles, this.#others]) map.delete(id);
		}
		this.#tell();
	}

	/** Replication says that it has sent these revisions; it does not know of those with an obstacle. */
	acknowledgeSent(revisions: readonly { id: string; revision: string }[]): void {
		this.acknowledge(
			revisions.filter(({ id, revision }) => this.#obstacles.get(id)?.revision !== revision)
		);
	}

	/** The cloud did not take these revisions. Resolves when that cannot be forgotten any more. */
	async hold(refusals: readonly { id: string; rev: string; error: string }[]): Promise<void> {
		for (const { id, rev: revision, error } of refusals) {
			const kind = error === 'quota-exceeded' ? 'no-room' : 'refused';
			this.#obstacles.set(id, { revision, kind });
			if (this.#unsent.has(id)) continue;
			this.#others.add(id);
			this.#add(id, { revision, sequence: 0 });
		}
		this.#tell();
		const others = this.#note.others ?? [];
		if ([...this.#others].every((id) => others.includes(id))) return;
		await this.#writeNote({ ...this.#note, others: [...this.#others] });
	}

	/** With nothing left unsent, keeps that on disk: the next start need not look at it all again. */
	async settle(): Promise<void> {
		if (this.count > 0) return;
		if (this.#sequence <= this.#note.sequence && !this.#note.others?.length) return;
		await this.#writeNote({ ...this.#note, sequence: this.#sequence, others: [] });
	}

	async #lookSince(since: number): Promise<void> {
		const { results, last_seq } = await this.#database.changes({ since, include_docs: true });
		for (const { id, doc, seq } of results) {
			// Nobody remembers what it held before it was merged with an edit from elsewhere.
			if (doc && this.#isOwn(decodeDocument(doc), 'any')) {
				this.#add(id, { revision: doc._rev, sequence: Number(seq) });
			}
		}
		this.#sequence = Math.max(this.#sequence, Number(last_seq));
		this.#tell();
	}

	async #lookAtOthers(ids: string[]): Promise<void> {
		if (ids.length === 0) return;
		const { rows } = await this.#database.allDocs({ keys: ids });
		for (const row of rows) {
			if ('error' in row || this.#unsent.has(row.id)) continue;
			this.#others.add(row.id);
			this.#add(row.id, { revision: row.value.rev, sequence: 0 });
		}
		this.#tell();
	}

	/** Whether this device made the latest edit to a document, or any that shows. */
	#isOwn(decoded: Decoded, which: 'latest' | 'any'): boolean {
		if (decoded.state !== 'known') return false;
		const { stamps } = decoded.document;
		const looked = which === 'latest' ? [latestStamp(stamps)] : Object.values(stamps);
		return looked.some((stamp) => readStamp(stamp).device === this.#deviceId);
	}

	/**
	 * An edit from elsewhere that comes over an unsent one does not make it sent: it stays until the cloud
	 * is known to have it, on its own or in a merge.
	 */
	#add(id: string, seen: Unsent): void {
		// What was read a moment ago must not hide what the feed has told since.
		if ((this.#unsent.get(id)?.sequence ?? 0) > seen.sequence) return;
		this.#unsent.set(id, seen);
	}

	#countObstacles(kind: Obstacle['kind']): number {
		let count = 0;
		for (const [id, obstacle] of this.#obstacles) {
			const isLatest = this.#unsent.get(id)?.revision === obstacle.revision;
			if (isLatest && obstacle.kind === kind) count += 1;
		}
		return count;
	}

	#tell(): void {
		for (const listener of this.#listeners) listener();
	}

	async #readNote(): Promise<(SentNote & StoredDocument) | undefined> {
		try {
			return await this.#database.get<SentNote>(NOTE_ID);
		} catch (error) {
			if (isMissing(error)) return undefined;
			throw error;
		}
	}

	async #writeNote(note: SentNote): Promise<void> {
		const before = await this.#readNote();
		const { sequence, incarnation, others = [...this.#others] } = note;
		await this.#database.put({ ...before, _id: NOTE_ID, sequence, incarnation, others });
		this.#note = { sequence, incarnation, others };
	}
}
