import * as z from 'zod';
import { BATCH_DOCUMENTS, DOCUMENT_BYTES } from '#contract/replication.ts';
import type { Refusal } from '#service/plugins/problems.ts';
import type { BulkPath } from '#service/replication/allowed-requests.ts';
import { isDocumentId, isRevision } from '#service/replication/document-id.ts';

/**
 * A body to send on, as a value: it is serialised anew, so that of two equal keys the store sees
 * the one that was judged.
 */
export type BodyVerdict = { ok: true; body: unknown } | { ok: false; refusal: Refusal };

/** The escape of one half of a character beyond U+FFFF, with or without its other half. */
const HALF_CHARACTER = /\\u[dD][89a-fA-F]/;

/** How deep a body may nest. Ledger documents are flat; a bomb is thousands deep. */
const DEPTH = 100;

const Id = z.string().refine(isDocumentId);
const Revision = z.string().refine(isRevision);

const BulkGet = z.strictObject({
	docs: z.array(z.strictObject({ id: Id, rev: Revision.optional() }))
});
const RevsDiff = z.record(Id, z.array(Revision));
const History = z.strictObject({
	start: z.number().int().positive(),
	ids: z.array(z.string()).nonempty()
});
// Its other fields are nobody's business here; a loose object would copy each of them, for nothing.
const Copy = z
	.object({
		_id: Id,
		_rev: Revision,
		_revisions: History.optional(),
		// Nobody can fetch one through here: the document would stop every device that reads it.
		_attachments: z.strictObject({}).optional()
	})
	.refine(({ _rev, _revisions }) => _revisions === undefined || isHistoryOf(_rev, _revisions));
const BulkDocs = z.strictObject({ docs: z.array(Copy), new_edits: z.literal(false) });

/** What a `_local` document may have of its own; CouchDB answers some of the rest with a 500. */
const Checkpoint = z
	.looseObject({
		_rev: z
			.string()
			.regex(/^0-\d{1,15}$/)
			.optional()
	})
	.refine((body) =>
		Object.keys(body).every((name) => !name.startsWith('_') || /^_(id|rev)$/.test(name))
	);

/** Judges the JSON, ids, sizes and count of a bulk request, never a document's own fields. */
export function judgeBulkBody(path: BulkPath, text: string): BodyVerdict {
	const parsed = parseJson(text);
	if (!parsed.ok) return parsed;
	const { body } = parsed;
	const schema = { _bulk_get: BulkGet, _revs_diff: RevsDiff, _bulk_docs: BulkDocs }[path];
	// Counted first: validating a million ids only to say "too many" is work for nothing.
	if (countDocuments(body) > BATCH_DOCUMENTS) return refuse('too-large');
	// The one name that schemas pass over.
	if (Object.hasOwn(Object(body), '__proto__')) return refuse('invalid-request');
	if (!schema.safeParse(body).success) return refuse('invalid-request');
	if (path === '_bulk_docs' && text.length > DOCUMENT_BYTES) {
		const { docs } = body as { docs: object[] };
		if (docs.some(isOversize)) return refuse('too-large');
	}
	// UTF-8 cannot hold half a character. A note cut in the middle of one must not stop its whole batch.
	return { ok: true, body: HALF_CHARACTER.test(text) ? JSON.parse(text, toWellFormed) : body };
}

/** Judges a checkpoint: an object, and no other document's. */
export function judgeCheckpointBody(id: string, text: string): BodyVerdict {
	const parsed = parseJson(text);
	if (!parsed.ok) return parsed;
	const { body } = parsed;
	const checkpoint = Checkpoint.safeParse(body);
	if (!checkpoint.success) return refuse('invalid-request');
	if ('_id' in checkpoint.data && checkpoint.data._id !== id) return refuse('invalid-request');
	return { ok: true, body };
}

function parseJson(text: string): BodyVerdict {
	try {
		const body: unknown = JSON.parse(text);
		return isPlainJson(body) ? { ok: true, body } : refuse('invalid-request');
	} catch {
		return refuse('malformed-json');
	}
}

/** Whether the revisions a document came by, the newest first, end in the one it has. */
function isHistoryOf(rev: string, { start, ids }: z.infer<typeof History>): boolean {
	if (rev !== `${start}-${ids[0]}` || ids.length > start) return false;
	return ids.every((id) => isRevision(`${start}-${id}`)) && new Set(ids).size === ids.length;
}

function toWellFormed(_key: string, value: unknown): unknown {
	return typeof value === 'string' ? value.toWellFormed() : value;
}

/**
 * Whether it nests no deeper than it may, and no number was too large for one: it would be written anew as
 * null.
 */
function isPlainJson(value: unknown, deeper = DEPTH): boolean {
	if (typeof value === 'number') return Number.isFinite(value);
	if (typeof value !== 'object' || value === null) return true;
	if (deeper === 0) return false;
	for (const child of Array.isArray(value) ? value : Object.values(value)) {
		if (!isPlainJson(child, deeper - 1)) return false;
	}
	return true;
}

function countDocuments(body: unknown): number {
	if (typeof body !== 'object' || body === null) return 0;
	if ('docs' in body) return Array.isArray(body.docs) ? body.docs.length : 0;
	return Object.keys(body).length;
}

/** The revisions a document carries along are not its own size. */
function isOversize(document: object): boolean {
	const text = JSON.stringify({ ...document, _revisions: undefined });
	return Buffer.byteLength(text) > DOCUMENT_BYTES;
}

function refuse(code: Refusal['code']): BodyVerdict {
	return { ok: false, refusal: { code } };
}
