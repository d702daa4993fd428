import type { FastifyInstance } from 'fastify';
import { type CouchClient, StoreUnavailable } from '#service/couch/client.ts';
import { sendProblem } from '#service/plugins/problems.ts';

/** Milliseconds within which the store must answer for the service to become ready. */
const READY_WITHIN_MS = 2_000;

const SILENCE = `the store said nothing within ${READY_WITHIN_MS} ms`;

/** Only who may make databases is answered: CouchDB welcomes anybody at its root, with no password at all. */
const QUESTION = '/_all_dbs?limit=1';

/**
 * `/health/live`: the process answers. `/health/ready`: its store let it in, once, and it does not end. A store that
 * goes away later makes it no less ready: all processes share it, and if none were ready nobody would serve the pages,
 * nor tell devices in JSON when to come back.
 */
export function addHealth(app: FastifyInstance, client: CouchClient): void {
	let wasLetIn = false;
	let said: string | undefined;
	app.get('/health/live', async () => ({ status: 'live' }));
	app.get('/health/ready', async (request, reply) => {
		if (app.isDraining()) return sendProblem(reply, 'store-unavailable');
		const problem = wasLetIn ? undefined : await findProblem(client);
		wasLetIn ||= problem === undefined;
		// Told once: an orchestrator asks every few seconds.
		if (problem !== undefined && problem !== said) {
			request.log.warn({ said: problem }, 'the store is unavailable');
		}
		said = problem;
		return problem === undefined ? { status: 'ready' } : sendProblem(reply, 'store-unavailable');
	});
}

/** Why the store cannot be worked with, in a few words. */
async function findProblem(client: CouchClient): Promise<string | undefined> {
	const signal = AbortSignal.timeout(READY_WITHIN_MS);
	const late = Promise.withResolvers<string>();
	signal.addEventListener('abort', () => late.resolve(SILENCE));
	return Promise.race([late.promise, askStore(client, signal)]);
}

async function askStore(client: CouchClient, signal: AbortSignal): Promise<string | undefined> {
	try {
		const response = await client.request('GET', QUESTION, { signal });
		await response.body?.cancel();
		return response.ok ? undefined : `the store answered ${response.status}`;
	} catch (error) {
		if (signal.aborted) return SILENCE;
		if (error instanceof StoreUnavailable) return error.message;
		throw error;
	}
}
