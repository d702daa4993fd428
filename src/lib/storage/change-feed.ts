import type { LocalDatabase, StoredDocument } from './open-database.ts';
import { decodeDocument, type Decoded } from './document-codec.ts';

/** What the database holds or has just been given: the only way that documents reach the screen. */
export interface FeedBatch {
	documents: readonly FeedDocument[];
	/** The local sequence after this batch. */
	sequence: number;
}

export interface FeedDocument {
	id: string;
	decoded: Decoded;
	/** Whether the database itself has deleted it, which this app never does. */
	deleted: boolean;
	/** The revision that the database shows. */
	revision: string;
	/** The other revisions that are not settled yet; empty = no conflict. */
	conflicts: readonly string[];
	sequence: number;
}

/** Whoever follows the feed. While the feed catches up, it waits for what the listener gives back. */
export type FeedListener = (batch: FeedBatch) => void | Promise<void>;

/** How many documents are read at a time while catching up. */
const PAGE = 250;
/** How long changes that follow one another are gathered, in milliseconds: about a frame. */
const GATHER_MS = 16;
/** How long to wait before a feed that broke is opened again, in milliseconds. */
const REOPEN_MS = 500;

/**
 * Reads what the database has after a sequence, then follows it, whoever writes to it: this tab, another
 * one, or replication. Local and remote edits look the same.
 */
export class ChangeFeed {
	#database: LocalDatabase;
	#listeners = new Set<FeedListener>();
	#changes: PouchDB.Core.Changes<StoredDocument> | undefined;
	#gathered: FeedDocument[] = [];
	#timer: ReturnType<typeof setTimeout> | undefined;
	#sequence = 0;
	#closed = false;

	constructor(database: LocalDatabase) {
		this.#database = database;
	}

	/** The local sequence up to which listeners have been told. */
	get sequence(): number {
		return this.#sequence;
	}

	/** Calls `listener` with every batch from now on. Returns the way to stop. */
	listen(listener: FeedListener): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/**
	 * Tells everything that was written after the sequence `since`, page by page (an empty batch, where there
	 * is nothing), and follows from there.
	 */
	async open(since = 0): Promise<void> {
		this.#sequence = since;
		for (let full = true; full && !this.#closed;) {
			const { results, last_seq } = await this.#database.changes({
				since: this.#sequence,
				limit: PAGE,
				include_docs: true,
				conflicts: true
			});
			full = results.length === PAGE;
			const documents = results.flatMap(({ doc, seq }) =>
				doc ? [toFeedDocument(doc, Number(seq))] : []
			);
			if (!this.#closed) await this.#tell({ documents, sequence: Number(last_seq) });
		}
		this.#follow();
	}

	close(): void {
		this.#closed = true;
		this.#changes?.cancel();
		clearTimeout(this.#timer);
		this.#listeners.clear();
	}

	#follow(): void {
		if (this.#closed) return;
		this.#changes = this.#database
			.changes({
				since: this.#sequence,
				live: true,
				include_docs: true,
				conflicts: true
			})
			.on('change', ({ doc, seq }) => {
				if (doc) this.#gather(toFeedDocument(doc, Number(seq)));
			})
			.on('error', () => {
				// WebKit drops the connection of a page in the background: open it again, lose nothing.
				this.#flush();
				setTimeout(() => this.#follow(), REOPEN_MS);
			});
	}

	/** A change that comes alone goes out at once; what follows within a frame goes out together. */
	#gather(document: FeedDocument): void {
		if (this.#closed) return;
		this.#gathered.push(document);
		if (this.#timer === undefined) this.#flush();
	}

	#flush(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		const documents = this.#gathered;
		const last = documents.at(-1);
		if (!last) return;
		this.#gathered = [];
		this.#timer = setTimeout(() => this.#flush(), GATHER_MS);
		void this.#tell({ documents, sequence: last.sequence });
	}

	async #tell(batch: FeedBatch): Promise<void> {
		this.#sequence = Math.max(this.#sequence, batch.sequence);
		await Promise.all([...this.#listeners].map((listener) => listener(batch)));
	}
}

/** A document as the feed tells it. */
export function toFeedDocument(
	raw: PouchDB.Core.ExistingDocument<StoredDocument> & { _conflicts?: string[] },
	sequence: number
): FeedDocument {
	const { _conflicts: conflicts = [], ...document } = raw;
	return {
		id: raw._id,
		revision: raw._rev,
		decoded: decodeDocument(document),
		deleted: raw._deleted === true,
		conflicts,
		sequence
	};
}
