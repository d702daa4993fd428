import type { PastValue } from '#contract/documents/ledger-document.ts';
import type { Preferences } from '#contract/documents/preferences.ts';
import type { TransactionFields } from '#lib/domain/draft.ts';
import type { Operation } from '#lib/domain/operation.ts';
import type { KnownDocument } from './document-codec.ts';

/** How many documents one write of a bulk operation holds. */
export const WRITE_BATCH = 250;

/** Why nothing was written. Each code has a sentence in `messages.ts`. */
export type SaveProblem =
	| 'not-found'
	| 'purged'
	| 'newer-version'
	| 'unreadable'
	| 'too-large'
	| 'device-full'
	| 'storage-failed';

export type SaveResult = { ok: true; id: string } | { ok: false; problem: SaveProblem };

export interface BulkResult {
	/** Ids that were written. */
	written: string[];
	/** Ids that stood already and were left as they are. */
	present: string[];
	failed: { id: string; problem: SaveProblem }[];
}

/** What can be edited, of any kind of document. */
export type Changes = Partial<TransactionFields> | Partial<Pick<Preferences, 'currency'>>;

/**
 * The only way to write to the ledger. Arguments and results can be structured-cloned, so that all of it
 * can move into a worker. Every method resolves when the documents are on disk; nothing here touches the
 * screen, which follows by the change feed.
 */
export interface LedgerRepository {
	/** Writes a new transaction. */
	createTransaction(fields: TransactionFields): Promise<SaveResult>;
	/** Edits the given fields, on whatever stands in the database by then. */
	change(id: string, changes: Changes): Promise<SaveResult>;
	/** Moves entries to the trash. */
	trash(ids: readonly string[]): Promise<BulkResult>;
	/** Takes entries out of the trash. */
	restore(ids: readonly string[]): Promise<BulkResult>;
	/** Makes a value out of an entry's history the current one again. */
	bringBack(id: string, past: PastValue): Promise<SaveResult>;
	/** Begins a step that writes many documents under one name and one stamp. */
	beginOperation(): Promise<Operation>;
	/**
	 * Writes new documents as they are (an import's); those whose id stands already are left alone. Many
	 * documents are best handed over in batches of {@link WRITE_BATCH}, with progress shown in between.
	 */
	addAll(documents: readonly KnownDocument[]): Promise<BulkResult>;
}
