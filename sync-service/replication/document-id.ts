import { DOCUMENT_ID_BYTES } from '#contract/replication.ts';

/** CouchDB reads 32 characters as a number in hexadecimal, whatever they are. */
const REVISION = /^[1-9]\d{0,9}-(?:[0-9a-f]{32}|(?![0-9A-Za-z]{32}$)[0-9A-Za-z]{1,64})$/;

/** Whether a device may use this document id, in a path or in a body. */
export function isDocumentId(id: string): boolean {
	if (id === '' || id.startsWith('_') || !id.isWellFormed()) return false;
	// eslint-disable-next-line no-control-regex -- control characters are what is refused
	return Buffer.byteLength(id) <= DOCUMENT_ID_BYTES && !/[\0-\x1f\x7f]/.test(id);
}

/** Whether this has the form of a revision. */
export function isRevision(text: string): boolean {
	return REVISION.test(text);
}
