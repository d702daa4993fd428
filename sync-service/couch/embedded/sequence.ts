import { toBadRequest } from '#service/couch/embedded/protocol-error.ts';

/** A sequence as clients see it: opaque to them, and no other database's. */
export function toSequence(seq: number, tag: string): string {
	return `${seq}-${tag}`;
}

/**
 * Where to begin. A sequence of another database under the same name, or from beyond the end, begins
 * at 0, as CouchDB does: seeing a change twice is harmless, missing one is not.
 *
 * @param head the database's last sequence.
 * @throws {ProtocolError} 400 when it is no sequence at all.
 */
export function toStart(since: string | null, head: number, tag: string): number {
	if (since === null || since === '') return 0;
	if (since === 'now') return head;
	const parts = /^"?(\d{1,15})(?:-([0-9A-Za-z]+))?"?$/.exec(since);
	if (!parts) throw toBadRequest("Malformed sequence supplied in 'since' parameter.");
	const seq = Number(parts[1]);
	return seq > head || (parts[2] ?? tag) !== tag ? 0 : seq;
}
