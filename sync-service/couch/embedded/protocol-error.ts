/** What a client is answered instead of what it asked for, in CouchDB's shape: `{error, reason}`. */
export class ProtocolError extends Error {
	override name = 'ProtocolError';
	readonly status: number;
	readonly error: string;
	readonly reason: string;
	readonly headers: Record<string, string>;

	constructor(status: number, error: string, reason: string, headers: Record<string, string> = {}) {
		super(`${error}: ${reason}`);
		this.status = status;
		this.error = error;
		this.reason = reason;
		this.headers = headers;
	}
}

export function toBadRequest(reason: string): ProtocolError {
	return new ProtocolError(400, 'bad_request', reason);
}

export function toNotFound(reason = 'missing'): ProtocolError {
	return new ProtocolError(404, 'not_found', reason);
}

export function toConflict(): ProtocolError {
	return new ProtocolError(409, 'conflict', 'Document update conflict.');
}

/** @param allowed the methods that the path does answer to. */
export function toMethodNotAllowed(allowed: string): ProtocolError {
	return new ProtocolError(405, 'method_not_allowed', `Only ${allowed} allowed`, {
		allow: allowed
	});
}
