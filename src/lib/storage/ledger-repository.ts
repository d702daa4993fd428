import type { Account } from '#contract/documents/account.ts';
import type { Budget } from '#contract/documents/budget.ts';
import type { Category } from '#contract/documents/category.ts';
import type { PastValue } from '#contract/documents/ledger-document.ts';
import type { Operation } from '#contract/documents/operation.ts';
import type { Preferences, SavedFilter } from '#contract/documents/preferences.ts';
import type { Rule } from '#contract/documents/rule.ts';
import type { OtherFields, TransactionFields } from '#lib/domain/draft.ts';
import type { Marks } from '#lib/domain/ledger/marks.ts';
import type { NewOperation, Step } from '#lib/domain/operation.ts';
import type { FilterField } from '#lib/domain/saved-filter.ts';
import type { Decoded, KnownDocument } from './document-codec.ts';

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

/** `step` is what {@link LedgerRepository.undo} takes back; absent where nothing had to be written. */
export type SaveResult =
	{ ok: true; id: string; step?: Step | undefined } | { ok: false; problem: SaveProblem };

export interface BulkResult {
	/** Ids that were written. */
	written: string[];
	/** Ids that stood already and were left as they are. */
	present: string[];
	failed: { id: string; problem: SaveProblem }[];
	/** `undefined` where nothing was written, or not to be taken back by itself. */
	step?: Step | undefined;
	/** The operation that several documents were written as: {@link LedgerRepository.undoOperation}. */
	operationId?: string | undefined;
}

export interface UndoResult extends BulkResult {
	/** Ids of which somebody has changed since what the step wrote: that stays. */
	changedSince: string[];
}

/** What can be edited, of any kind of document. */
export type Changes =
	| (Partial<TransactionFields & OtherFields> & Marks)
	| Partial<Pick<Category, 'name' | 'parentId' | 'icon' | 'colour' | 'order' | 'archived'>>
	| Partial<Pick<Account, 'name' | 'kind' | 'currency' | 'openingMinor' | 'order' | 'archived'>>
	| Partial<Pick<Budget, 'amountMinor' | 'currency' | 'rollover'>>
	| (Partial<Pick<Rule, 'payee' | 'match' | 'categoryId' | 'order' | 'enabled'>> & Marks)
	| (Partial<Pick<Preferences, 'currency' | 'startingCategories'>> &
			Record<FilterField, SavedFilter | null>);

/**
 * The only way to write to the ledger. Arguments and results can be structured-cloned, so that all of it
 * can live in a worker. Every method resolves when the documents are on disk; nothing here touches the
 * screen, which follows by the change feed.
 *
 * Whatever writes several documents is an operation: it has one document of its own in the ledger, by
 * which any device can take it back later.
 */
export interface LedgerRepository {
	/** The whole document with its history; `undefined` = there is none. */
	find(id: string): Promise<Decoded | undefined>;
	/** Writes a new transaction, under an id of its own or the given one, which none has yet. */
	createTransaction(
		fields: TransactionFields & Partial<OtherFields> & Marks,
		id?: string
	): Promise<SaveResult>;
	/** Edits the given fields, on whatever stands in the database by then. */
	change(id: string, changes: Changes): Promise<SaveResult>;
	/** Makes the same edit on many documents, as one operation; those that it is not for are left as they are. */
	changeAll(ids: readonly string[], changes: Changes, label: string): Promise<BulkResult>;
	/**
	 * Makes a step over many entries known before its first write: {@link changeBatch} writes it, with progress
	 * shown in between.
	 */
	beginAll(
		kind: 'edit' | 'trash',
		ids: readonly string[],
		label: string
	): Promise<{ ok: true; operation: NewOperation } | { ok: false; problem: SaveProblem }>;
	/**
	 * Makes the same edit on some of the documents of a step; `{ deletedAt }` moves them to the trash. What it is
	 * not for (see `domain/bulk-edit.ts`) is left as it is.
	 */
	changeBatch(
		operation: NewOperation,
		ids: readonly string[],
		changes: Changes | { deletedAt: string }
	): Promise<BulkResult>;
	/** Moves entries to the trash. */
	trash(ids: readonly string[]): Promise<BulkResult>;
	/** Takes entries out of the trash. */
	restore(ids: readonly string[]): Promise<BulkResult>;
	/**
	 * Deletes documents that are in the trash for good, or only those that have been there for as long as
	 * the trash keeps things. What is not in the trash is left as it is.
	 */
	purge(ids: readonly string[], which?: 'overdue' | 'all'): Promise<BulkResult>;
	/** Makes a value out of an entry's history the current one again. */
	bringBack(id: string, past: PastValue): Promise<SaveResult>;
	/** Names a step that will write many documents under one stamp. */
	beginOperation(): Promise<NewOperation>;
	/** Makes an import known before its first document is written, so that it can be taken back at any time. */
	recordImport(
		operation: NewOperation,
		facts: Pick<Operation, 'label' | 'entries'>
	): Promise<SaveResult>;
	/**
	 * Writes new documents as they are (an import's); those whose id stands already are left alone. Many
	 * documents are best handed over in batches of {@link WRITE_BATCH}, with progress shown in between.
	 */
	addAll(documents: readonly KnownDocument[]): Promise<BulkResult>;
	/** Takes a step back: see `domain/undo.ts` for what that touches. */
	undo(step: Step): Promise<UndoResult>;
	/** Takes an operation back, of this device or of another one. */
	undoOperation(id: string): Promise<UndoResult>;
	/** Takes the last step of this device back that was not taken back yet; `undefined` = there is none. */
	undoLast(): Promise<UndoResult | undefined>;
}
