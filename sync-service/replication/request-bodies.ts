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

/** How deep a body may nest. Ledger documents are flat; a bomb is thousands deep. */
const DEPTH = 100;

const Id = z.string().refine(isDocumentId);
const Revision = z.string().refine(isRevision);

const BulkGet = z.strictObject({
	docs: z.array(z.strictObject({ id: Id, rev: Revision.optional() }))
});
const RevsDiff = z.record(Id, z.array(Revision));
const BulkDocs = z.strictObject({
	docs: z.array(z.looseObject({ _id: Id, _rev: Revision })),
	new_edits: z.literal(false)
});

/** Judges the JSON, ids, sizes and count of a bulk request, never a document's own fields. */
export function judgeBulkBody(path: BulkPath, text: string): BodyVerdict {
	const parsed = parseJson(text);
	if (!parsed.ok) return parsed;
	const { body } = parsed;
	const schema = { _bulk_get: BulkGet, _revs_diff: RevsDiff, _bulk_docs: BulkDocs }[path];
	// Counted first: validating a million ids only to say "too many" is work for nothing.
	if (countDocuments(body) > BATCH_DOCUMENTS) return refuse('too-large');
	if (!schema.safeParse(body).success) return refuse('invalid-request');
	if (path === '_bulk_docs' && text.length > DOCUMENT_BYTES) {
		const { docs } = body as { docs: object[] };
		if (docs.some(isOversize)) return refuse('too-large');
	}
	return { ok: true, body };
}

/** Judges a checkpoint: an object, and no other document's. */
export function judgeCheckpointBody(id: string, text: string): BodyVerdict {
	const parsed = parseJson(text);
	if (!parsed.ok) return parsed;
	const { body } = parsed;
	if (typeof body !== 'object' || body === null || Array.isArray(body)) {
		return refuse('invalid-request');
	}
	if ('_id' in body && body._id !== id) return refuse('invalid-request');
	return { ok: true, body };
}

function parseJson(text: string): BodyVerdict {
	try {
		const body: unknown = JSON.parse(text);
		return isTooDeep(body) ? refuse('invalid-request') : { ok: true, body };
	} catch {
		return refuse('malformed-json');
	}
}

/** Without recursion, which is what a depth bomb is aimed at. */
function isTooDeep(value: unknown): boolean {
	let level: unknown[] = [[value]];
	for (let depth = 0; level.length > 0; depth++) {
		if (depth > DEPTH) return true;
		const next: unknown[] = [];
		for (const node of level) {
			for (const child of Object.values(node as object)) {
				if (typeof child === 'object' && child !== null) next.push(child);
			}
		}
		level = next;
	}
	return false;
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
