import type { FastifyInstance } from 'fastify';
import { toOpenApi } from '#service/openapi/document.ts';

declare module 'fastify' {
	interface FastifyInstance {
		/** What is registered under `/api`, as `GET /api/session`. */
		apiRoutes: ReadonlySet<string>;
	}
}

/** `/api/openapi.json`. To be added before all other routes, which it takes note of. */
export function addOpenApi(app: FastifyInstance): void {
	const apiRoutes = new Set<string>();
	app.decorate('apiRoutes', apiRoutes);
	app.addHook('onRoute', ({ method, url }) => {
		if (!url.startsWith('/api/')) return;
		for (const one of [method].flat()) apiRoutes.add(`${one} ${url}`);
	});
	let text: string | undefined;
	app.get('/api/openapi.json', async (_request, reply) => {
		text ??= JSON.stringify(toOpenApi());
		return reply.type('application/json; charset=utf-8').send(text);
	});
}
