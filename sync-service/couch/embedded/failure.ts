import { StreamEnded } from '#service/couch/embedded/json-stream.ts';
import { isPouchProblem } from '#service/couch/embedded/pouch.ts';
import { ProtocolError } from '#service/couch/embedded/protocol-error.ts';

/** Whether a request simply went that way; anything else is the store's or the disk's own failure. */
export function isExpected(failure: unknown): boolean {
	return (
		failure instanceof ProtocolError || failure instanceof StreamEnded || isPouchProblem(failure)
	);
}

/** What the client is told about it. */
export function toProblem(failure: unknown): ProtocolError {
	if (failure instanceof ProtocolError) return failure;
	if (isPouchProblem(failure)) {
		const { status, name, message, reason } = failure;
		return new ProtocolError(status, name, reason ?? message);
	}
	return new ProtocolError(500, 'internal_server_error', 'The store failed to answer.');
}
