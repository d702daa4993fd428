import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Identity } from '#service/accounts/identity.ts';
import type { Ledger } from '#service/ledgers/ledger-store.ts';
import { sendRefusal } from '#service/plugins/problems.ts';
import type { BodyIntake } from '#service/replication/body-intake.ts';
import type { BodyVerdict } from '#service/replication/request-bodies.ts';
import { sendStoreAnswer } from '#service/replication/store-answers.ts';

/** One request on its way to the store. */
export interface Passage {
	request: FastifyRequest;
	reply: FastifyReply;
	identity: Identity;
	ledger: Ledger;
	/** Aborts when the client goes away. */
	gone: AbortSignal;
	/** Nothing is to be aborted any more when the client goes away. */
	letGo(): void;
}

export interface ForwardParts {
	intake: BodyIntake;
}

/** Asks the store and hands its answer on; `path` is below the ledger's database. @throws {StoreUnavailable} */
export async function forward(
	{ reply, ledger, gone }: Passage,
	method: string,
	path: string,
	body?: unknown
): Promise<FastifyReply> {
	const options = body === undefined ? { signal: gone } : { signal: gone, body };
	const response = await ledger.placement.client.request(
		method,
		`/${ledger.database}/${path}`,
		options
	);
	return sendStoreAnswer(reply, response);
}

/** Reads the request's body, in its turn, and answers with what `work` makes of it. */
export async function withBody(
	{ intake }: ForwardParts,
	{ request, reply, ledger, gone }: Passage,
	mostBytes: number,
	work: (text: string) => Promise<FastifyReply>
): Promise<FastifyReply> {
	const taken = await intake.take(request.raw, ledger.id, mostBytes, gone, async (text) => {
		await work(text);
	});
	if (taken.ok) return reply;
	// The rest of a body that trickles in is not waited for.
	if (taken.refusal.code === 'too-slow') reply.header('connection', 'close');
	return sendRefusal(reply, taken.refusal);
}

/** The same, with a body that goes on to the store when `judge` lets it. */
export function forwardBody(
	parts: ForwardParts,
	passage: Passage,
	method: string,
	path: string,
	mostBytes: number,
	judge: (text: string) => BodyVerdict
): Promise<FastifyReply> {
	return withBody(parts, passage, mostBytes, async (text) => {
		const verdict = judge(text);
		if (!verdict.ok) return sendRefusal(passage.reply, verdict.refusal);
		return forward(passage, method, path, verdict.body);
	});
}
