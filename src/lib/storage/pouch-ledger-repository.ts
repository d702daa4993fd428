import type { LedgerDocument, PastValue } from '#contract/documents/ledger-document.ts';
import { DOCUMENT_BYTES } from '#contract/replication.ts';
import { randomId } from '#lib/domain/document-id.ts';
import { newTransaction, type TransactionFields } from '#lib/domain/draft.ts';
import { applyChanges } from '#lib/domain/merge.ts';
import type { Operation } from '#lib/domain/operation.ts';
import type { Clock } from '#lib/domain/stamp.ts';
import { decodeDocument, type KnownDocument } from './document-codec.ts';
import {
	WRITE_BATCH,
	type BulkResult,
	type Changes,
	type LedgerRepository,
	type SaveProblem,
	type SaveResult
} from './ledger-repository.ts';
import { isConflict, isMissing, type LocalDatabase } from './open-database.ts';

/** The ledger in a PouchDB database. */
export class PouchLedgerRepository implements LedgerRepository {
	#database: LocalDatabase;
	#clock: Clock;
	#now: () => Date;

	constructor(database: LocalDatabase, clock: Clock, now: () => Date = () => new Date()) {
		this.#database = database;
		this.#clock = clock;
		this.#now = now;
	}

	async createTransaction(fields: TransactionFields): Promise<SaveResult> {
		const document = newTransaction(randomId('transaction'), fields, this.#clock.next());
		if (isTooLarge(document)) return { ok: false, problem: 'too-large' };
		try {
			await this.#database.put(document);
		} catch (error) {
			return { ok: false, problem: toProblem(error) };
		}
		return { ok: true, id: document._id };
	}

	change(id: string, changes: Changes): Promise<SaveResult> {
		return this.#edit(id, { ...changes });
	}

	trash(ids: readonly string[]): Promise<BulkResult> {
		return this.#editAll(ids, { deletedAt: this.#now().toISOString() });
	}

	restore(ids: readonly string[]): Promise<BulkResult> {
		return this.#editAll(ids, { deletedAt: null });
	}

	bringBack(id: string, past: PastValue): Promise<SaveResult> {
		return this.#edit(id, past.value);
	}

	async beginOperation(): Promise<Operation> {
		return { id: randomId('operation'), stamp: this.#clock.next() };
	}

	async addAll(documents: readonly KnownDocument[]): Promise<BulkResult> {
		const result: BulkResult = { written: [], present: [], failed: [] };
		for (const batch of toBatches(documents)) {
			const writable = batch.filter((document) => !isTooLarge(document));
			const answers = await this.#bulkWrite(writable);
			for (const { _id: id } of batch) {
				const answer = answers.has(id) ? answers.get(id) : 'too-large';
				if (answer === undefined) result.written.push(id);
				else if (answer === 'present') result.present.push(id);
				else result.failed.push({ id, problem: answer });
			}
		}
		return result;
	}

	/** One answer an id: `undefined` = written, `'present'` = it stands already. */
	async #bulkWrite(
		documents: KnownDocument[]
	): Promise<Map<string, SaveProblem | 'present' | undefined>> {
		const ids = documents.map(({ _id }) => _id);
		try {
			const answers = await this.#database.bulkDocs(documents);
			return new Map(answers.map((answer, index) => [ids[index] ?? '', toAnswer(answer)]));
		} catch (error) {
			return new Map(ids.map((id) => [id, toProblem(error)]));
		}
	}

	async #editAll(ids: readonly string[], changes: Record<string, unknown>): Promise<BulkResult> {
		const result: BulkResult = { written: [], present: [], failed: [] };
		for (const batch of toBatches(ids)) {
			const answers = await Promise.all(
				batch.map(async (id) => ({ id, answer: await this.#edit(id, changes) }))
			);
			for (const { id, answer } of answers) {
				if (answer.ok) result.written.push(id);
				else result.failed.push({ id, problem: answer.problem });
			}
		}
		return result;
	}

	async #edit(id: string, changes: Record<string, unknown>): Promise<SaveResult> {
		for (;;) {
			try {
				const decoded = decodeDocument(await this.#database.get(id));
				if (decoded.state === 'unreadable') return { ok: false, problem: 'unreadable' };
				if (decoded.state === 'purged') return { ok: false, problem: 'purged' };
				if (decoded.state === 'newer') return { ok: false, problem: 'newer-version' };
				const before: LedgerDocument = decoded.document;
				// An edit is later than what it was made on, whatever this device's clock says.
				for (const stamp of Object.values(before.stamps)) this.#clock.observe(stamp);
				const after = applyChanges(before, changes, this.#clock.next());
				if (after === before) return { ok: true, id };
				if (isTooLarge(after)) return { ok: false, problem: 'too-large' };
				await this.#database.put(after);
				return { ok: true, id };
			} catch (error) {
				// Another tab or replication wrote it meanwhile: the edit is made again on what stands now.
				if (isConflict(error)) continue;
				return { ok: false, problem: isMissing(error) ? 'not-found' : toProblem(error) };
			}
		}
	}
}

function toBatches<T>(all: readonly T[]): T[][] {
	const batches: T[][] = [];
	for (let at = 0; at < all.length; at += WRITE_BATCH)
		batches.push(all.slice(at, at + WRITE_BATCH));
	return batches;
}

function toAnswer(
	answer: PouchDB.Core.Response | PouchDB.Core.Error
): SaveProblem | 'present' | undefined {
	if (!('error' in answer)) return undefined;
	return isConflict(answer) ? 'present' : toProblem(answer);
}

function isTooLarge(document: LedgerDocument): boolean {
	const text = JSON.stringify(document);
	// A UTF-16 code unit is at most three bytes of UTF-8: most documents need no exact count.
	return text.length * 3 > DOCUMENT_BYTES && new TextEncoder().encode(text).length > DOCUMENT_BYTES;
}

function toProblem(error: unknown): SaveProblem {
	return /quota/i.test(String(error) + JSON.stringify(error)) ? 'device-full' : 'storage-failed';
}
