import type { PastValue } from '#contract/documents/ledger-document.ts';
import type { Operation } from '#contract/documents/operation.ts';
import type { Stamp } from '#contract/documents/stamp.ts';
import { leavesOut } from '#lib/domain/bulk-edit.ts';
import { randomId } from '#lib/domain/random-id.ts';
import { newTransaction, type OtherFields, type TransactionFields } from '#lib/domain/draft.ts';
import type { Marks } from '#lib/domain/ledger/marks.ts';
import { newOperation, type NewOperation, type Step } from '#lib/domain/operation.ts';
import { overdueSince, toStub } from '#lib/domain/purge.ts';
import type { Clock } from '#lib/domain/stamp.ts';
import { undoStep } from '#lib/domain/undo.ts';
import type { Decoded, KnownDocument } from './document-codec.ts';
import { DocumentWriter, type Decide, type Written } from './document-writer.ts';
import { findWritten } from './find-written.ts';
import type {
	BulkResult,
	Changes,
	LedgerRepository,
	SaveProblem,
	SaveResult,
	UndoResult
} from './ledger-repository.ts';
import type { LocalDatabase } from './open-database.ts';
import { OwnSteps, type OwnStep } from './own-steps.ts';

type Facts = Pick<Operation, 'kind' | 'label' | 'undoes'>;

/** A document that was not there before, and the revision it got. */
export interface CreatedDocument {
	document: KnownDocument;
	revision: string;
}

/** The ledger in a PouchDB database. */
export class PouchLedgerRepository implements LedgerRepository {
	#writer: DocumentWriter;
	#steps: OwnSteps;
	#clock: Clock;
	#now: () => Date;
	/** The documents of the last operation that is too large to list them: it need not look for them. */
	#unlisted: { id: string; ids: readonly string[] } | undefined;
	#oncreated: ((created: CreatedDocument) => void) | undefined;

	/** @param oncreated told of a new transaction as soon as it is stored, before the change feed can be. */
	constructor(
		database: LocalDatabase,
		clock: Clock,
		now: () => Date = () => new Date(),
		oncreated?: (created: CreatedDocument) => void
	) {
		this.#writer = new DocumentWriter(database, clock);
		this.#steps = new OwnSteps(database);
		this.#clock = clock;
		this.#now = now;
		this.#oncreated = oncreated;
	}

	find(id: string): Promise<Decoded | undefined> {
		return this.#writer.find(id);
	}

	async createTransaction(
		fields: TransactionFields & Partial<OtherFields> & Marks,
		id = randomId('transaction')
	): Promise<SaveResult> {
		const document = newTransaction(id, fields, this.#clock.next());
		const created = await this.#writer.create(document);
		if (created.ok) this.#oncreated?.({ document, revision: created.revision });
		return this.#toResult(created);
	}

	async change(id: string, changes: Changes): Promise<SaveResult> {
		const written = await this.#writer.edit(id, () => ({ edit: { changes: { ...changes } } }));
		return this.#toResult(written);
	}

	changeAll(ids: readonly string[], changes: Changes, label: string): Promise<BulkResult> {
		return this.#writeAll({ kind: 'edit', label, undoes: null }, ids, toDecide({ ...changes }));
	}

	async beginAll(
		kind: 'edit' | 'trash',
		ids: readonly string[],
		label: string
	): Promise<{ ok: true; operation: NewOperation } | { ok: false; problem: SaveProblem }> {
		const begun = await this.#begin({ kind, label, undoes: null }, ids);
		return begun.ok ? { ok: true, operation: begun.operation } : begun;
	}

	async changeBatch(
		operation: NewOperation,
		ids: readonly string[],
		changes: Changes | { deletedAt: string }
	): Promise<BulkResult> {
		const decide = toDecide({ ...changes });
		return this.#writeUnder(operation, ids, decide);
	}

	trash(ids: readonly string[]): Promise<BulkResult> {
		const deletedAt = this.#now().toISOString();
		return this.#writeAll({ kind: 'trash', label: '', undoes: null }, ids, (document) =>
			document.deletedAt === null ? { edit: { changes: { deletedAt } } } : undefined
		);
	}

	restore(ids: readonly string[]): Promise<BulkResult> {
		return this.#writeAll({ kind: 'restore', label: '', undoes: null }, ids, () => ({
			edit: { changes: { deletedAt: null } }
		}));
	}

	async purge(ids: readonly string[], which: 'overdue' | 'all' = 'all'): Promise<BulkResult> {
		const now = this.#now();
		const since = overdueSince(now);
		const written = await this.#writer.editAll(ids, this.#clock.next(), (document) => {
			const { deletedAt } = document;
			if (deletedAt === null || (which === 'overdue' && deletedAt > since)) return undefined;
			return { stub: toStub({ ...document, deletedAt }, now) };
		});
		// There is no way back from here, hence no step.
		return { ...toBulkResult(written), step: undefined };
	}

	async bringBack(id: string, past: PastValue): Promise<SaveResult> {
		const written = await this.#writer.edit(id, () => ({ edit: { changes: past.value } }));
		return this.#toResult(written);
	}

	async beginOperation(): Promise<NewOperation> {
		return { id: randomId('operation'), stamp: this.#clock.next() };
	}

	async recordImport(
		operation: NewOperation,
		facts: Pick<Operation, 'label' | 'entries'>
	): Promise<SaveResult> {
		const document = newOperation(operation, { ...facts, kind: 'import', ids: null, undoes: null });
		const written = await this.#writer.create(document);
		if (!written.ok) return { ok: false, problem: written.problem };
		await this.#remember({ operation: operation.id });
		return { ok: true, id: operation.id };
	}

	async addAll(documents: readonly KnownDocument[]): Promise<BulkResult> {
		const answers = await this.#writer.createAll(documents);
		const present = documents.flatMap(({ _id }, index) =>
			answers[index] === 'present' ? [_id] : []
		);
		const written = toBulkResult(answers.filter((answer) => answer !== 'present'));
		// An import is taken back as a whole, by its operation.
		return { ...written, present, step: undefined };
	}

	async undo(step: Step): Promise<UndoResult> {
		const result = await this.#undo(step, null);
		await this.#steps.forget((own) => 'step' in own && own.step.wrote[0] === step.wrote[0]);
		return result;
	}

	async undoOperation(id: string): Promise<UndoResult> {
		const decoded = await this.#writer.find(id);
		if (decoded?.state !== 'known' || decoded.document.type !== 'operation') {
			return { ...NOTHING, failed: [{ id, problem: 'not-found' }] };
		}
		const operation = decoded.document;
		const ids = operation.ids ?? (this.#unlisted?.id === id ? this.#unlisted.ids : null);
		const result = await this.#undo({ wrote: operation.wrote, ids }, id);
		const undoneBy = result.operationId;
		if (undoneBy) await this.#writer.edit(id, () => ({ edit: { changes: { undoneBy } } }));
		// Taking back what took something back: that stands again.
		const { undoes } = operation;
		if (undoes) await this.#writer.edit(undoes, () => ({ edit: { changes: { undoneBy: null } } }));
		await this.#steps.forget((own) => 'operation' in own && own.operation === id);
		return result;
	}

	async undoLast(): Promise<UndoResult | undefined> {
		const last = await this.#steps.takeLast();
		if (!last) return undefined;
		return 'operation' in last ? this.undoOperation(last.operation) : this.undo(last.step);
	}

	async #undo({ wrote, ids }: Step, undoes: string | null): Promise<UndoResult> {
		const stamps = new Set(wrote);
		const now = this.#now().toISOString();
		const found = await findWritten(this.#writer, stamps, ids);
		const changedSince = [...found.changedSince];
		const result = await this.#writeAll(
			{ kind: 'undo', label: '', undoes },
			found.ids,
			(document) => {
				// Decided anew on what stands now: somebody may have written it since it was found.
				const undo = undoStep(document, stamps, now);
				return undo.state === 'undo' ? { edit: undo.edit } : undefined;
			}
		);
		return { ...result, changedSince };
	}

	/** Writes many documents under one stamp; more than one is an operation, known before its first write. */
	async #writeAll(facts: Facts, ids: readonly string[], decide: Decide): Promise<BulkResult> {
		const [only] = ids;
		if (only === undefined) return NOTHING;
		// Taking an operation back is one itself, however small: it can be made to stand again.
		if (ids.length === 1 && facts.undoes === null) {
			const written = await this.#writer.edit(only, decide);
			if (facts.kind !== 'undo') this.#toResult(written);
			return toBulkResult([written]);
		}
		const begun = await this.#begin(facts, ids);
		if (!begun.ok) {
			const { problem } = begun;
			return { ...NOTHING, failed: ids.map((id) => ({ id, problem })) };
		}
		return this.#writeUnder(begun.operation, ids, decide);
	}

	/** Makes an operation known before its first write. */
	async #begin(
		facts: Facts,
		ids: readonly string[]
	): Promise<{ ok: true; operation: NewOperation } | { ok: false; problem: SaveProblem }> {
		const stamp = await this.#writer.stampAfter(ids);
		const operation = { id: randomId('operation'), stamp };
		const document = newOperation(operation, { ...facts, ids, entries: ids.length });
		const recorded = await this.#writer.create(document);
		if (!recorded.ok) return { ok: false, problem: recorded.problem };
		if (document.ids === null) this.#unlisted = { id: operation.id, ids };
		if (facts.kind !== 'undo') await this.#remember({ operation: operation.id });
		return { ok: true, operation };
	}

	/** Writes documents of an operation that is known. */
	async #writeUnder(
		{ id, stamp }: NewOperation,
		ids: readonly string[],
		decide: Decide
	): Promise<BulkResult & { operationId: string }> {
		const result = toBulkResult(await this.#writer.editAll(ids, stamp, decide));
		const later = (result.step?.wrote ?? []).filter((wrote) => wrote !== stamp);
		if (later.length > 0) {
			await this.#writer.edit(id, (operation) => {
				const before = (operation as Operation).wrote;
				return { edit: { changes: { wrote: [...new Set([...before, ...later])] } } };
			});
		}
		return { ...result, operationId: id };
	}

	/** A step that writes many documents is noted before the first of them: a crash may come in between. */
	async #remember(step: OwnStep): Promise<void> {
		this.#steps.add(step);
		await this.#steps.flush().catch(() => {});
	}

	#toResult(written: Written): SaveResult {
		if (!written.ok) return { ok: false, problem: written.problem };
		const { id, stamp } = written;
		if (stamp === undefined) return { ok: true, id };
		const step = { wrote: [stamp], ids: [id] };
		this.#steps.add({ step });
		return { ok: true, id, step };
	}
}

/** The same edit for every document that it is for; what is in the trash already keeps its day there. */
function toDecide(changes: Readonly<Record<string, unknown>>): Decide {
	return (document) => {
		const isGone = 'deletedAt' in changes && document.deletedAt !== null;
		return isGone || leavesOut(document, changes) ? undefined : { edit: { changes } };
	};
}

const NOTHING: UndoResult = { written: [], present: [], failed: [], changedSince: [] };

function toBulkResult(all: readonly Written[]): BulkResult {
	const result: BulkResult = { written: [], present: [], failed: [] };
	const stamps = new Set<Stamp>();
	for (const answer of all) {
		if (!answer.ok) result.failed.push({ id: answer.id, problem: answer.problem });
		else {
			result.written.push(answer.id);
			if (answer.stamp !== undefined) stamps.add(answer.stamp);
		}
	}
	if (stamps.size > 0) result.step = { wrote: [...stamps], ids: result.written };
	return result;
}
