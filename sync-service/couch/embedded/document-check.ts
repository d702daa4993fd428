import { randomUUID } from 'node:crypto';
import { requireObject } from '#service/couch/embedded/json-body.ts';
import type { StoredDocument } from '#service/couch/embedded/pouch.ts';
import { ProtocolError, toBadRequest } from '#service/couch/embedded/protocol-error.ts';

/** The longest document id, in bytes of UTF-8. */
const ID_BYTES = 1024;

/** The longest history that comes with a document: twice what PouchDB and CouchDB keep. */
const HISTORY_LENGTH = 2000;

/** What a read adds to a document and a write may send back: it says nothing. */
const IGNORED = new Set(['_conflicts', '_deleted_conflicts', '_revs_info', '_local_seq']);

/** @throws {ProtocolError} 400 when the store cannot keep a document of this id. */
export function requireDocumentId(id: unknown): string {
	if (typeof id !== 'string') throw toIllegalId('Document id must be a string');
	if (id === '') throw toIllegalId('Document id must not be empty');
	if (id.startsWith('_')) {
		throw toIllegalId('Only reserved document ids may start with underscore.');
	}
	return requireStorableKey(id);
}

/** @throws {ProtocolError} 400 when it is too long, or would be another string as UTF-8. */
export function requireStorableKey(id: string): string {
	if (!id.isWellFormed()) throw toIllegalId('Document id must be valid UTF-8');
	if (id.includes('\0')) throw toIllegalId('Document id must not contain a null character');
	if (Buffer.byteLength(id) > ID_BYTES) throw toIllegalId('Document id is too long');
	return id;
}

/** Whether it can be a `_rev`. Devices write MD5 in hex; other tools write other words. */
export function isRev(value: unknown): value is string {
	return typeof value === 'string' && /^[1-9]\d{0,8}-[0-9A-Za-z]{1,64}$/.test(value);
}

/** @throws {ProtocolError} 400 when it is none. */
export function requireRev(value: unknown): string {
	if (!isRev(value)) throw toBadRequest('Invalid rev format');
	return value;
}

/**
 * The document as PouchDB may have it. PouchDB trusts its caller and would fall over some of what is
 * refused here.
 *
 * @param newEdits whether the document is an edit, and not the copy of a revision from elsewhere.
 * @throws {ProtocolError} 400 when it is malformed, 415 when it has attachments.
 */
export function toStorable(value: unknown, newEdits: boolean): StoredDocument {
	const source = requireObject(value, 'Document must be a JSON object');
	const document: Record<string, unknown> = {};
	for (const [name, member] of Object.entries(source)) {
		if (!name.startsWith('_')) document[name] = member;
		else if (!IGNORED.has(name)) addSpecial(document, name, member);
	}
	if (newEdits) {
		delete document._revisions;
		if (!('_id' in source)) document._id = randomUUID().replaceAll('-', '');
	} else {
		checkCopy(document);
	}
	requireDocumentId(document._id);
	return document as StoredDocument;
}

function addSpecial(document: Record<string, unknown>, name: string, member: unknown): void {
	switch (name) {
		case '_id':
			document._id = requireDocumentId(member);
			return;
		case '_rev':
			document._rev = requireRev(member);
			return;
		case '_deleted':
			if (typeof member !== 'boolean') throw toBadRequest('`_deleted` must be a boolean');
			if (member) document._deleted = true;
			return;
		case '_revisions':
			document._revisions = requireHistory(member);
			return;
		case '_attachments':
			if (!Object.keys(requireObject(member, '`_attachments` must be an object')).length) return;
			throw new ProtocolError(415, 'bad_content_type', 'This store keeps no attachments');
		default:
			throw new ProtocolError(400, 'doc_validation', `Bad special document member: ${name}`);
	}
}

function requireHistory(value: unknown): { start: number; ids: string[] } {
	const { start, ids } = requireObject(value, '`_revisions` must be an object');
	if (!Number.isInteger(start) || !Array.isArray(ids)) throw toBadHistory();
	const generation = start as number;
	if (!ids.length || ids.length > HISTORY_LENGTH || ids.length > generation) throw toBadHistory();
	if (!ids.every((id) => isRev(`${generation}-${id}`)) || new Set(ids).size < ids.length) {
		throw toBadHistory();
	}
	return { start: generation, ids: ids as string[] };
}

function checkCopy(document: Record<string, unknown>): void {
	const history = document._revisions as { start: number; ids: string[] } | undefined;
	const rev = history ? `${history.start}-${history.ids[0]}` : document._rev;
	if (rev === undefined) throw toBadRequest('A document with new_edits=false must have a _rev');
	if ((document._rev ?? rev) !== rev) throw toBadRequest('`_rev` is not the first of `_revisions`');
	document._rev = rev;
}

function toBadHistory(): ProtocolError {
	return toBadRequest('Invalid `_revisions`');
}

function toIllegalId(reason: string): ProtocolError {
	return new ProtocolError(400, 'illegal_docid', reason);
}
