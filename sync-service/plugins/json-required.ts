import type { FastifyInstance } from 'fastify';
import { sendProblem } from '#service/plugins/problems.ts';

/**
 * Refuses bodies under `/api` that are not sent as JSON. What another site's form can send without asking first
 * is text, a form or a file, and never this. To be added before anything changes the header.
 */
export function addJsonRequired(app: FastifyInstance): void {
	app.addHook('onRequest', async (request, reply) => {
		const { headers } = request.raw;
		const hasBody =
			headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;
		if (!hasBody || !isApi(request.routeOptions.url) || isJson(headers['content-type'])) return;
		return sendProblem(reply, 'json-required');
	});
}

function isApi(route: string | undefined): boolean {
	return route?.startsWith('/api/') ?? false;
}

function isJson(contentType: string | undefined): boolean {
	return /^\s*application\/json\s*(;|$)/i.test(contentType ?? '');
}
