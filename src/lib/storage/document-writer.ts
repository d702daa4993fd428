import type { LedgerDocument } from '#contract/documents/ledger-document.ts';
import type { Stamp } from '#contract/documents/stamp.ts';
import { DOCUMENT_BYTES } from '#contract/replication.ts';
import type { AnyDocument } from '#lib/domain/document-state.ts';
import { applyChanges, type Edit } from '#lib/domain/merge.ts';
import { latestStamp, type Clock } from '#lib/domain/stamp.ts';
import { decodeDocument, type Decoded } from './document-codec.ts';
import { WRITE_BATCH, type SaveProblem } from './ledger-repository.ts';
import { isConflict, isMissing, type LocalDatabase } from './open-database.ts';

/** What writing one document came to. `stamp` is absent where nothing had to be written. */
export type Written =
	{ ok: true; id: string; stamp?: Stamp } | { ok: false; id: string; problem: SaveProblem };

/** What creating one came to. */
export type Created = Extract<Written, { ok: false }> | (Written & { ok: true; revision: string });

/** What shall become of a document: an edit, a stub, or nothing. */
export type Decision = { edit: Edit } | { stub: AnyDocument } | undefined;
export type Decide = (document: LedgerDocument) => Decision;

/** Writes documents one by one or in batches; each edit is made on what stands when it is written. */
export class DocumentWriter {
	#database: LocalDatabase;
	#clock: Clock;

	constructor(database: LocalDatabase, clock: Clock) {
		this.#database = database;
		this.#clock = clock;
	}

	async find(id: string): Promise<Decoded | undefined> {
		try {
			return decodeDocument(await this.#database.get(id));
		} catch (error) {
			if (isMissing(error)) return undefined;
			throw error;
		}
	}

	/** Writes a document that must not stand yet. */
	async create(document: LedgerDocument): Promise<Created> {
		const { _id: id } = document;
		if (isTooLarge(document)) return { ok: false, id, problem: 'too-large' };
		try {
			const { rev: revision } = await this.#database.put(document);
			return { ok: true, id, stamp: latestStamp(document.stamps), revision };
		} catch (error) {
			return { ok: false, id, problem: toProblem(error) };
		}
	}

	/** Writes new documents; `'present'` = its id stands already, and it was left as it is. */
	async createAll(documents: readonly LedgerDocument[]): Promise<(Written | 'present')[]> {
		const all: (Written | 'present')[] = [];
		for (const batch of toBatches(documents)) {
			const answers = await this.#bulk(batch);
			for (const [index, document] of batch.entries()) {
				const answer = answers[index];
				const { _id: id } = document;
				if (answer === undefined) all.push({ ok: true, id, stamp: latestStamp(document.stamps) });
				else if (answer === 'conflict') all.push('present');
				else all.push({ ok: false, id, problem: answer });
			}
		}
		return all;
	}

	/** Edits one document; again if another tab or replication wrote it meanwhile. */
	async edit(id: string, decide: Decide): Promise<Written> {
		for (;;) {
			try {
				const read = this.#apply(await this.find(id), id, decide);
				if (!('document' in read)) return read;
				await this.#database.put(read.document);
				return { ok: true, id, stamp: read.stamp };
			} catch (error) {
				if (isConflict(error)) continue;
				return { ok: false, id, problem: toProblem(error) };
			}
		}
	}

	/**
	 * Edits many documents under one stamp. Where somebody writes one in between, it gets a later stamp of
	 * its own.
	 */
	async editAll(ids: readonly string[], stamp: Stamp, decide: Decide): Promise<Written[]> {
		const all: Written[] = [];
		for (const batch of toBatches(ids)) {
			const decoded = await this.#read(batch);
			const reads = batch.map((id) => this.#apply(decoded.get(id), id, decide, stamp));
			const edited = reads.flatMap((read) => ('document' in read ? [read] : []));
			const answers = await this.#bulk(edited.map(({ document }) => document));
			const written = new Map(
				edited.map((read, index) => [read.id, { read, answer: answers[index] }])
			);
			for (const [index, id] of batch.entries()) {
				const write = written.get(id);
				if (!write) all.push(reads[index] as Written);
				else if (write.answer === undefined) all.push({ ok: true, id, stamp: write.read.stamp });
				else if (write.answer === 'conflict') all.push(await this.edit(id, decide));
				else all.push({ ok: false, id, problem: write.answer });
			}
		}
		return all;
	}

	/** A stamp later than every one that these documents have. */
	async stampAfter(ids: readonly string[]): Promise<Stamp> {
		for (const batch of toBatches(ids)) {
			for (const decoded of (await this.#read(batch)).values()) {
				if (decoded.state === 'known') this.#observe(decoded.document);
			}
		}
		return this.#clock.next();
	}

	/** Those of the documents that exist. */
	async *readMany(ids: readonly string[]): AsyncGenerator<Decoded> {
		for (const batch of toBatches(ids)) yield* (await this.#read(batch)).values();
	}

	/** All documents, in pages. */
	async *readAll(page = 1000): AsyncGenerator<Decoded> {
		let after: string | undefined;
		for (;;) {
			const { rows } = await this.#database.allDocs({
				include_docs: true,
				limit: page,
				...(after !== undefined && { startkey: after, skip: 1 })
			});
			for (const row of rows) yield decodeDocument('doc' in row ? row.doc : undefined);
			if (rows.length < page) return;
			after = rows.at(-1)?.id;
		}
	}

	async #read(ids: readonly string[]): Promise<Map<string, Decoded>> {
		const { rows } = await this.#database.allDocs({ keys: [...ids], include_docs: true });
		return new Map(
			rows.flatMap((row) =>
				'doc' in row && row.doc ? [[row.id, decodeDocument(row.doc)] as const] : []
			)
		);
	}

	#observe(document: LedgerDocument): void {
		// An edit is later than what it was made on, whatever this device's clock says.
		for (const stamp of Object.values(document.stamps)) this.#clock.observe(stamp);
	}

	#apply(
		decoded: Decoded | undefined,
		id: string,
		decide: Decide,
		planned?: Stamp
	): Written | { id: string; document: AnyDocument; stamp: Stamp } {
		if (!decoded) return { ok: false, id, problem: 'not-found' };
		if (decoded.state === 'purged') return { ok: false, id, problem: 'purged' };
		if (decoded.state === 'unreadable') return { ok: false, id, problem: 'unreadable' };
		if (decoded.state === 'newer') return { ok: false, id, problem: 'newer-version' };
		const before: LedgerDocument = decoded.document;
		const decision = decide(before);
		if (!decision) return { ok: true, id };
		this.#observe(before);
		const isPlanned = planned !== undefined && latestStamp(before.stamps) < planned;
		const stamp = isPlanned ? planned : this.#clock.next();
		if ('stub' in decision) return { id, document: decision.stub, stamp };
		const { changes, origins } = decision.edit;
		const document = applyChanges(before, changes, stamp, origins);
		if (document === before) return { ok: true, id };
		if (isTooLarge(document)) return { ok: false, id, problem: 'too-large' };
		return { id, document, stamp };
	}

	/** One answer a document: `undefined` = it is written. */
	async #bulk(
		documents: readonly AnyDocument[]
	): Promise<(SaveProblem | 'conflict' | undefined)[]> {
		const writable = documents.filter((document) => !isTooLarge(document));
		if (writable.length === 0) return documents.map(() => 'too-large');
		let answers: (PouchDB.Core.Response | PouchDB.Core.Error)[];
		try {
			answers = await this.#database.bulkDocs(writable);
		} catch (error) {
			return documents.map(() => toProblem(error));
		}
		const byId = new Map(answers.map((answer, index) => [writable[index]?._id, answer]));
		return documents.map(({ _id }) => {
			const answer = byId.get(_id);
			if (!answer) return 'too-large';
			if (!('error' in answer)) return undefined;
			return isConflict(answer) ? 'conflict' : toProblem(answer);
		});
	}
}

function toBatches<T>(all: readonly T[]): T[][] {
	const batches: T[][] = [];
	for (let at = 0; at < all.length; at += WRITE_BATCH)
		batches.push(all.slice(at, at + WRITE_BATCH));
	return batches;
}

function isTooLarge(document: AnyDocument): boolean {
	const text = JSON.stringify(document);
	// A UTF-16 code unit is at most three bytes of UTF-8: most documents need no exact count.
	return text.length * 3 > DOCUMENT_BYTES && new TextEncoder().encode(text).length > DOCUMENT_BYTES;
}

function toProblem(error: unknown): SaveProblem {
	return /quota/i.test(String(error) + JSON.stringify(error)) ? 'device-full' : 'storage-failed';
}
