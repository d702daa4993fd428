import type { IncomingMessage } from 'node:http';
import { ProtocolError, toBadRequest } from '#service/couch/embedded/protocol-error.ts';

/** The largest request body, in bytes: twice what the gateway lets through. */
const BODY_BYTES = 16 * 1024 * 1024;

/**
 * The deepest nesting of objects and lists. PouchDB walks documents recursively, in places where
 * nothing would catch a full stack.
 */
const DEPTH = 100;

/**
 * The body as JSON. An empty one is `undefined`: some requests need none.
 *
 * @throws {ProtocolError} 400, 413 or 415.
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
	const type = request.headers['content-type'];
	if (type !== undefined && !/^application\/json\s*(;|$)/i.test(type)) {
		throw toUnsupported('Content-Type must be application/json');
	}
	if (!/^(identity)?$/i.test(request.headers['content-encoding'] ?? '')) {
		throw toUnsupported('Content-Encoding must be identity');
	}
	const bytes = await readBytes(request);
	if (!bytes.length) return undefined;
	const value = parse(bytes);
	checkShape(value, 1);
	return value;
}

/** @throws {ProtocolError} as `readJson`, and 400 when the body is no object. */
export async function readObject(request: IncomingMessage): Promise<Record<string, unknown>> {
	return requireObject(await readJson(request), 'Request body must be a JSON object');
}

/** @throws {ProtocolError} 400 with `reason` when it is none. */
export function requireObject(value: unknown, reason: string): Record<string, unknown> {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		throw toBadRequest(reason);
	}
	return value as Record<string, unknown>;
}

async function readBytes(request: IncomingMessage): Promise<Uint8Array> {
	if (Number(request.headers['content-length'] ?? 0) > BODY_BYTES) throw toTooLarge();
	const chunks: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of request) {
		size += chunk.length;
		if (size > BODY_BYTES) throw toTooLarge();
		chunks.push(chunk);
	}
	return Uint8Array.from(Buffer.concat(chunks));
}

function parse(bytes: Uint8Array): unknown {
	try {
		return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
	} catch {
		throw toBadRequest('invalid UTF-8 JSON');
	}
}

function checkShape(value: unknown, depth: number): void {
	if (typeof value !== 'object' || value === null) return;
	if (depth > DEPTH) throw toBadRequest(`JSON is nested deeper than ${DEPTH}`);
	// PouchDB copies by assignment, where this name would set the prototype and vanish.
	if (Object.hasOwn(value, '__proto__')) throw toBadRequest('Invalid member name: __proto__');
	for (const member of Object.values(value)) checkShape(member, depth + 1);
}

function toTooLarge(): ProtocolError {
	// What is still on its way is not read: the connection ends here.
	return new ProtocolError(413, 'too_large', 'the request entity is too large', {
		connection: 'close'
	});
}

function toUnsupported(reason: string): ProtocolError {
	return new ProtocolError(415, 'bad_content_type', reason, { connection: 'close' });
}
