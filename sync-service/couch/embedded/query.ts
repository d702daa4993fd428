import { ProtocolError, toBadRequest } from '#service/couch/embedded/protocol-error.ts';

/** @throws {ProtocolError} 400 when it is neither `true` nor `false`. */
export function toFlag(query: URLSearchParams, name: string, otherwise = false): boolean {
	const value = query.get(name);
	if (value === null || value === '') return otherwise;
	if (value === 'true') return true;
	if (value === 'false') return false;
	throw toParseError(`Invalid boolean parameter: ${name}`);
}

/**
 * A whole number from 0, `undefined` when it is not given.
 *
 * @throws {ProtocolError} 400 when it is something else.
 */
export function toCount(query: URLSearchParams, name: string): number | undefined {
	const value = query.get(name);
	if (value === null || value === '') return undefined;
	if (!/^\d{1,15}$/.test(value)) throw toParseError(`Invalid value for integer: ${name}`);
	return Number(value);
}

/**
 * A parameter that is written as JSON, `undefined` when it is not given.
 *
 * @throws {ProtocolError} 400 when it is not JSON.
 */
export function toJson(query: URLSearchParams, name: string): unknown {
	const value = query.get(name);
	if (value === null) return undefined;
	try {
		return JSON.parse(value);
	} catch {
		throw toBadRequest(`Invalid JSON: ${name}`);
	}
}

export function toParseError(reason: string): ProtocolError {
	return new ProtocolError(400, 'query_parse_error', reason);
}
