import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Answer, Exchange, StoreContext } from '#service/couch/embedded/exchange.ts';
import { isExpected, toProblem } from '#service/couch/embedded/failure.ts';
import { StreamEnded } from '#service/couch/embedded/json-stream.ts';
import { ProtocolError, toBadRequest } from '#service/couch/embedded/protocol-error.ts';
import { route } from '#service/couch/embedded/router.ts';

/** How long a connection may be silent in the middle of a request, in milliseconds. */
const SILENCE_MS = 60_000;

/** How long an idle connection is kept for the next request, in milliseconds. */
const KEEP_ALIVE_MS = 65_000;

/**
 * The store's HTTP side, not listening yet.
 *
 * @param authorization the one `Authorization` header that is let in.
 * @param report told about failures that are nobody's fault but ours; the client sees a bare 500.
 */
export function createStoreServer(
	store: StoreContext,
	authorization: string,
	report: (failure: unknown) => void
): Server {
	const secret = digest(authorization);
	const server = createServer((request, response) => {
		answer(request, response, store, secret).catch((failure: unknown) => {
			const isOver = failure instanceof StreamEnded || response.destroyed;
			if (!isOver && !isExpected(failure)) report(failure);
			if (isOver || response.headersSent) {
				// Cut off rather than ended well: the client must not take half a list for all of it.
				response.destroy();
			} else {
				sendProblem(request, response, toProblem(failure));
			}
		});
	});
	server.keepAliveTimeout = KEEP_ALIVE_MS;
	server.setTimeout(SILENCE_MS);
	return server;
}

async function answer(
	request: IncomingMessage,
	response: ServerResponse,
	store: StoreContext,
	secret: Uint8Array
): Promise<void> {
	// A failing socket closes the response; nothing is left to do about it here.
	response.on('error', () => undefined);
	const exchange = toExchange(request, response);
	const isUpCheck = exchange.segments.length === 1 && exchange.segments[0] === '_up';
	if (!isUpCheck && !timingSafeEqual(digest(request.headers.authorization ?? ''), secret)) {
		throw new ProtocolError(401, 'unauthorized', 'Name or password is incorrect.', {
			'www-authenticate': 'Basic realm="store"',
			connection: 'close'
		});
	}
	const result = await route(exchange, store);
	if (result) send(request, response, result);
}

/** Of equal length whatever was sent, so that the comparison takes equal time. */
function digest(text: string): Uint8Array {
	return Uint8Array.from(createHash('sha256').update(text).digest());
}

function toExchange(request: IncomingMessage, response: ServerResponse): Exchange {
	// By hand: `URL` would resolve `..` and read `//host` as another server.
	const [path = '', ...rest] = (request.url ?? '').split('?');
	if (!path.startsWith('/')) throw toBadRequest('Invalid path');
	const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '');
	const query = new URLSearchParams(rest.join('?'));
	return { request, response, method, segments: toSegments(path), query };
}

function toSegments(path: string): string[] {
	const trimmed = path.slice(1).replace(/\/$/, '');
	if (trimmed === '') return [];
	try {
		return trimmed.split('/').map(decodeURIComponent);
	} catch {
		throw toBadRequest('Invalid path');
	}
}

function send(request: IncomingMessage, response: ServerResponse, result: Answer): void {
	const text = `${JSON.stringify(result.body)}\n`;
	// What nobody read of the body is not waited for.
	if (!request.complete) response.setHeader('connection', 'close');
	response.writeHead(result.status, {
		'content-type': 'application/json',
		'content-length': Buffer.byteLength(text),
		'cache-control': 'must-revalidate',
		...result.headers
	});
	response.end(text);
}

function sendProblem(
	request: IncomingMessage,
	response: ServerResponse,
	{ status, error, reason, headers }: ProtocolError
): void {
	send(request, response, { status, body: { error, reason }, headers });
}
