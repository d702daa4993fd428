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
}

/** A revision of this device's that the cloud is not known to have. */
interface Unsent {
	revision: string;
	sequence: number;
}

/**
 * Which of this device's own edits are not known to be in the cloud yet. An entry counts from the moment
 * it is on disk until the cloud has acknowledged that very revision; documents that came from elsewhere
 * never count.
 */
export class UnsentEntries {
	#database: LocalDatabase;
	#deviceId: string;
	#unsent = new Map<string, Unsent>();
	#listeners = new Set<() => void>();
	#note: SentNote = { sequence: 0, incarnation: '' };
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

	/** Their ids and revisions, in the shape that `_revs_diff` asks with. */
	revisions(): Record<string, string[]> {
		return Object.fromEntries([...this.#unsent].map(([id, { revision }]) => [id, [revision]]));
	}

	/** Reads what is left over from an earlier run and follows the feed, which must be open. */
	async load(feed: ChangeFeed): Promise<void> {
		this.#stop = feed.listen(({ documents, sequence }) => {
			for (const { id, revision, decoded, sequence: at } of documents) {
				this.#look(id, { revision, sequence: at }, decoded);
			}
			this.#sequence = Math.max(this.#sequence, sequence);
			this.#tell();
		});
		this.#note = { ...this.#note, ...(await this.#readNote()) };
		await this.#lookSince(this.#note.sequence);
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
			if (this.#unsent.get(id)?.revision === revision) this.#unsent.delete(id);
		}
		this.#tell();
	}

	/** With nothing left unsent, keeps that on disk: the next start need not look at it all again. */
	async settle(): Promise<void> {
		if (this.count > 0 || this.#sequence <= this.#note.sequence) return;
		await this.#writeNote({ ...this.#note, sequence: this.#sequence });
	}

	async #lookSince(since: number): Promise<void> {
		const { results, last_seq } = await this.#database.changes({ since, include_docs: true });
		for (const { id, doc, seq } of results) {
			if (!doc) continue;
			this.#look(id, { revision: doc._rev, sequence: Number(seq) }, decodeDocument(doc));
		}
		this.#sequence = Math.max(this.#sequence, Number(last_seq));
		this.#tell();
	}

	#look(id: string, seen: Unsent, decoded: Decoded): void {
		if (decoded.state !== 'known') return;
		// What was read a moment ago must not hide what the feed has told since.
		if ((this.#unsent.get(id)?.sequence ?? 0) > seen.sequence) return;
		const { device } = readStamp(latestStamp(decoded.document.stamps));
		if (device === this.#deviceId) this.#unsent.set(id, seen);
		else this.#unsent.delete(id);
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
		const { sequence, incarnation } = note;
		await this.#database.put({ ...before, _id: NOTE_ID, sequence, incarnation });
		this.#note = { sequence, incarnation };
	}
}
