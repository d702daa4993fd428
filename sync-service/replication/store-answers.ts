import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import type { FastifyReply } from 'fastify';
import { StoreUnavailable } from '#service/couch/client.ts';
import { readAnswer, readBytes } from '#service/couch/read-answer.ts';
import { sendProblem } from '#service/plugins/problems.ts';

/** A ledger's database is not there: it may have moved a moment ago. */
export class DatabaseMissing extends StoreUnavailable {
	override name = 'DatabaseMissing';
}

/** Answers up to this size, in bytes, are held in memory. */
const SHORT_BYTES = 64 * 1024;

/** What CouchDB says when the database itself is missing, not a document in it. */
const NO_DATABASE = /no_db_file|database does not exist/i;

/**
 * Hands a store's answer on: its status where the protocol gives it a meaning, its body as it
 * streams in, and none of its headers.
 *
 * @throws {StoreUnavailable} when the answer makes no sense for a ledger that exists
 */
export async function sendStoreAnswer(
	reply: FastifyReply,
	answer: Response
): Promise<FastifyReply> {
	if (answer.ok) return sendJsonBody(reply, answer.status, await toBody(requireJson(answer)));
	const said = await answer.text();
	switch (answer.status) {
		case 404:
			// A checkpoint or document that is not there is news; a database that is not, an outage.
			if (NO_DATABASE.test(said)) throw new DatabaseMissing('A ledger has no database.');
			return sendJsonBody(reply, 404, '{"error":"not_found","reason":"missing"}');
		case 409:
			return sendJsonBody(reply, 409, '{"error":"conflict","reason":"Document update conflict."}');
		case 413:
			return sendProblem(reply, 'too-large');
		case 402:
		case 507:
			return sendProblem(reply, 'quota-exceeded');
		case 400:
		case 412:
		case 415:
			return sendProblem(reply, 'invalid-request');
		default:
			throw new StoreUnavailable(`The store answered ${answer.status} to a device's request.`);
	}
}

/** Answers with JSON text, at once or as it comes. */
export function sendJsonBody(
	reply: FastifyReply,
	status: number,
	body: Readable | Buffer | string
): FastifyReply {
	return reply.status(status).header('content-type', 'application/json').send(body);
}

/** An answer that is JSON. @throws {StoreUnavailable} */
export function requireJson(answer: Response): Response {
	const type = answer.headers.get('content-type') ?? '';
	// CouchDB calls its JSON text/plain towards clients it takes for browsers.
	if (/^(application\/json|text\/plain)\b/i.test(type)) return answer;
	throw new StoreUnavailable('The store answered with something that is not JSON.');
}

/** What an answer about a ledger's size or revisions says. @throws {StoreUnavailable} where it says something else */
export async function readJson<T>(answer: Response): Promise<T> {
	if (answer.ok) return readAnswer<T>(requireJson(answer));
	await answer.body?.cancel();
	throw new StoreUnavailable(`The store answered ${answer.status} about a ledger.`);
}

/** What is short is sent on in one piece, which costs least; all else as it comes. @throws {StoreUnavailable} */
async function toBody(answer: Response): Promise<Readable | Buffer> {
	const bytes = Number(answer.headers.get('content-length') ?? Infinity);
	return bytes <= SHORT_BYTES ? Buffer.from(await readBytes(answer)) : toStream(answer);
}

/** The body of an answer as a Node stream. */
export function toStream(answer: Response): Readable {
	if (answer.body === null) return Readable.from([]);
	return Readable.fromWeb(answer.body as NodeReadableStream);
}
