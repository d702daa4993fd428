import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readSessionCookie } from '#service/plugins/cookies.ts';
import { sendProblem } from '#service/plugins/problems.ts';
import { isForService, isOwnOrigin, type PublicAddress } from '#service/plugins/secure-origin.ts';

/**
 * Refuses what another site's page sends with our cookie, or to get one: `SameSite=Lax` alone lets sister
 * subdomains through. A request with neither header comes from no page (curl) and passes.
 */
export function addOriginCheck(app: FastifyInstance, address: PublicAddress): void {
	app.addHook('onRequest', async (request, reply) => {
		if (!isForService(request) || bringsItsOwnProof(request, address)) return;
		const { origin } = request.headers;
		const crossSite = request.headers['sec-fetch-site'] === 'cross-site';
		if (crossSite || (origin !== undefined && !isOwnOrigin(request, origin, address))) {
			return sendProblem(reply, 'cross-site');
		}
	});
}

/** No browser adds `Authorization` by itself to what a page of another site sends: we never ask for it. */
function bringsItsOwnProof(request: FastifyRequest, address: PublicAddress): boolean {
	return (
		request.headers.authorization !== undefined && readSessionCookie(request, address) === undefined
	);
}
