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
 * On close: tells `onDrain`, waits until every request is answered, lets nobody in any more, and waits for who came
 * meanwhile; all of it no longer than the grace. Only then does Fastify cut what is left (`forceCloseConnections`).
 * It asks of each answer meanwhile that its connection be closed.
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
		const over: PromiseWithResolvers<void> = Promise.withResolvers();
		const timer = setTimeout(over.resolve, GRACE_MS);
		await Promise.race([over.promise, untilQuiet()]);
		app.server.close();
		await Promise.race([over.promise, untilQuiet()]);
		clearTimeout(timer);
	});

	function untilQuiet(): Promise<void> {
		return new Promise((resolve) => {
			whenQuiet = resolve;
			if (answering.size === 0) resolve();
		});
	}
}
