import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { ProblemCode } from '#contract/problem.ts';
import { sendProblem, toProblem, toStatus } from '#service/plugins/problems.ts';

/** Headers that mean something once. Said twice, two programs may each believe another one. */
const ONCE = new Set([
	'authorization',
	'content-encoding',
	'content-length',
	'content-type',
	'host',
	'origin',
	'sec-fetch-site',
	'transfer-encoding'
]);

const HOST = /^(?:[A-Za-z0-9._-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;

/** The answer to what came last over a connection. */
const lastAnswers = new WeakMap<Socket, ServerResponse>();

/** Refuses requests that two programs could read differently, and answers those that nobody can read. */
export function addPlainRequests(app: FastifyInstance): void {
	app.server.on('request', (request, response) => lastAnswers.set(request.socket, response));
	// `Expect` with anything but 100-continue; without this, an answer without a body.
	app.server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
		const { head, body } = toAnswer('invalid-request');
		response.writeHead(417, head).end(body);
	});
	// What comes after such a request may be its body, meant to be taken for another request.
	const distrusted = new WeakSet<Socket>();
	app.addHook('onRequest', async (request, reply) => {
		const { socket } = request.raw;
		if (isPlain(request.raw) && !distrusted.has(socket)) return;
		distrusted.add(socket);
		return sendProblem(reply.header('connection', 'close'), 'invalid-request');
	});
}

/** What is sent to a client whose request is no HTTP, or took too long to arrive. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
	if (error.code === 'ECONNRESET' || !socket.writable) {
		socket.destroy();
		return;
	}
	const last = lastAnswers.get(socket);
	// It broke after it was answered.
	if (last?.headersSent && !(last.writableFinished && last.req.complete)) {
		socket.destroySoon();
		return;
	}
	const { code, status } = toProblemOf(error.code);
	const { head, body } = toAnswer(code);
	const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
	socket.end(`HTTP/1.1 ${status} Refused\r\n${lines.join('')}\r\n${body}`);
}

function toProblemOf(cause: string | undefined): { code: ProblemCode; status: number } {
	if (cause === 'HPE_HEADER_OVERFLOW') return { code: 'too-large', status: 431 };
	const code = cause === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'too-slow' : 'invalid-request';
	return { code, status: toStatus(code) };
}

function toAnswer(code: ProblemCode) {
	const body = JSON.stringify(toProblem({ code }));
	const head = {
		'content-type': 'application/json; charset=utf-8',
		'content-length': String(Buffer.byteLength(body)),
		'cache-control': 'no-store',
		'x-content-type-options': 'nosniff',
		connection: 'close'
	};
	return { head, body };
}

function isPlain(message: IncomingMessage): boolean {
	const { host, 'transfer-encoding': transfer = 'chunked' } = message.headers;
	// HTTP/1.0, which health checks still speak, knows no host.
	const namesHost = host === undefined ? message.httpVersion === '1.0' : HOST.test(host);
	return namesHost && transfer.toLowerCase() === 'chunked' && !repeatsItself(message);
}

function repeatsItself({ rawHeaders }: IncomingMessage): boolean {
	const seen = new Set<string>();
	for (let at = 0; at < rawHeaders.length; at += 2) {
		const name = (rawHeaders[at] ?? '').toLowerCase();
		if (!ONCE.has(name)) continue;
		if (seen.has(name)) return true;
		seen.add(name);
	}
	return false;
}
