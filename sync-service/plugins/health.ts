import type { FastifyInstance } from 'fastify';
import { type CouchClient, StoreUnavailable } from '#service/couch/client.ts';
import { sendProblem } from '#service/plugins/problems.ts';

/** Milliseconds within which the store must answer for the service to count as ready. */
const READY_WITHIN_MS = 2_000;

/** `/health/live`: the process answers. `/health/ready`: it can serve, the store included. */
export function addHealth(app: FastifyInstance, client: CouchClient): void {
	app.get('/health/live', async () => ({ status: 'live' }));
	app.get('/health/ready', async (_request, reply) => {
		if (app.isDraining() || !(await isAnswering(client))) {
			return sendProblem(reply, 'store-unavailable');
		}
		return { status: 'ready' };
	});
}

async function isAnswering(client: CouchClient): Promise<boolean> {
	const signal = AbortSignal.timeout(READY_WITHIN_MS);
	const late = Promise.withResolvers<false>();
	signal.addEventListener('abort', () => late.resolve(false));
	return Promise.race([late.promise, askStore(client, signal)]);
}

async function askStore(client: CouchClient, signal: AbortSignal): Promise<boolean> {
	try {
		const response = await client.request('GET', '/', { signal });
		await response.body?.cancel();
		return response.ok;
	} catch (error) {
		if (error instanceof StoreUnavailable || signal.aborted) return false;
		throw error;
	}
}
