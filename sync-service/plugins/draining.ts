import type { FastifyInstance } from 'fastify';

/** Milliseconds a closing service waits for the requests it is still answering. */
const GRACE_MS = 5_000;

declare module 'fastify' {
	interface FastifyInstance {
		/** Whether the service is closing. */
		isDraining(): boolean;
	}
}

/**
 * On close: tells `onDrain`, waits until every request is answered or the grace is over. Only then
 * does Fastify cut what is left (`forceCloseConnections`).
 */
export function addDraining(app: FastifyInstance, onDrain: () => void): void {
	let draining = false;
	const answering = new Set<object>();
	let whenQuiet = () => {};

	app.decorate('isDraining', () => draining);
	app.server.on('request', (_request, response) => {
		answering.add(response);
		response.once('close', () => {
			answering.delete(response);
			if (answering.size === 0) whenQuiet();
		});
	});
	app.addHook('preClose', async () => {
		draining = true;
		onDrain();
		if (answering.size === 0) return;
		const quiet: PromiseWithResolvers<void> = Promise.withResolvers();
		whenQuiet = quiet.resolve;
		const timer = setTimeout(quiet.resolve, GRACE_MS);
		await quiet.promise;
		clearTimeout(timer);
	});
}
