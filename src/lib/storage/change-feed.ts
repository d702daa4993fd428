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
	/** The revision that the database shows. */
	revision: string;
	/** The other revisions that are not settled yet; empty = no conflict. */
	conflicts: readonly string[];
	sequence: number;
}

/** How long changes are gathered before they go out together, in milliseconds: about a frame. */
const GATHER_MS = 16;
/** How long to wait before a feed that broke is opened again, in milliseconds. */
const REOPEN_MS = 500;

/**
 * Reads everything once, then follows the database, whoever writes to it: this tab, another one, or
 * replication. Local and remote edits look the same.
 */
export class ChangeFeed {
	#database: LocalDatabase;
	#listeners = new Set<(batch: FeedBatch) => void>();
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
	listen(listener: (batch: FeedBatch) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Reads the whole database, tells it as one batch, and follows from there. */
	async open(): Promise<void> {
		// The sequence is read first: what is written in between is told twice rather than never.
		const { update_seq } = await this.#database.info();
		const { rows } = await this.#database.allDocs({ include_docs: true, conflicts: true });
		const sequence = Number(update_seq);
		const documents = rows.flatMap((row) =>
			'doc' in row && row.doc ? [toFeedDocument(row.doc, sequence)] : []
		);
		if (this.#closed) return;
		this.#tell({ documents, sequence });
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

	#gather(document: FeedDocument): void {
		this.#gathered.push(document);
		this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
	}

	#flush(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		const documents = this.#gathered;
		const last = documents.at(-1);
		if (!last) return;
		this.#gathered = [];
		this.#tell({ documents, sequence: last.sequence });
	}

	#tell(batch: FeedBatch): void {
		this.#sequence = Math.max(this.#sequence, batch.sequence);
		for (const listener of this.#listeners) listener(batch);
	}
}

function toFeedDocument(
	raw: PouchDB.Core.ExistingDocument<StoredDocument> & { _conflicts?: string[] },
	sequence: number
): FeedDocument {
	const { _conflicts: conflicts = [], ...document } = raw;
	return {
		id: raw._id,
		revision: raw._rev,
		decoded: decodeDocument(document),
		conflicts,
		sequence
	};
}
