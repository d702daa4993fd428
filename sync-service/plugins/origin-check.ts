import type { FastifyInstance } from 'fastify';
import { sendProblem } from '#service/plugins/problems.ts';
import { isForService, isOwnOrigin, type PublicAddress } from '#service/plugins/secure-origin.ts';

/**
 * Refuses what another site's page sends with our cookie: `SameSite=Lax` alone lets sister
 * subdomains through. A request with neither header comes from no page (curl) and passes.
 */
export function addOriginCheck(app: FastifyInstance, address: PublicAddress): void {
	app.addHook('onRequest', async (request, reply) => {
		if (!isForService(request)) return;
		const { origin } = request.headers;
		const crossSite = request.headers['sec-fetch-site'] === 'cross-site';
		if (crossSite || (origin !== undefined && !isOwnOrigin(request, origin, address))) {
			return sendProblem(reply, 'cross-site');
		}
	});
}
