import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import { isForService, isSecure, type PublicAddress } from '#service/plugins/secure-origin.ts';

/** Two years, in seconds. */
const HSTS_SECONDS = 63_072_000;

const CONTENT_POLICY = "frame-ancestors 'none'; object-src 'none'; base-uri 'none'";

/**
 * The headers a page cannot give itself. Scripts and styles are ruled by the page's own <meta>,
 * which knows the hashes; a second `script-src` here could only break it.
 */
export async function addSecurityHeaders(
	app: FastifyInstance,
	address: PublicAddress
): Promise<void> {
	await app.register(helmet, {
		// Set below: helmet would insist on a `default-src`.
		contentSecurityPolicy: false,
		crossOriginOpenerPolicy: { policy: 'same-origin' },
		crossOriginResourcePolicy: { policy: 'same-origin' },
		referrerPolicy: { policy: 'same-origin' },
		strictTransportSecurity: false,
		xFrameOptions: { action: 'deny' }
	});
	app.addHook('onRequest', async (request, reply) => {
		reply.header('content-security-policy', CONTENT_POLICY);
		if (isSecure(request, address)) {
			reply.header('strict-transport-security', `max-age=${HSTS_SECONDS}`);
		}
		if (isForService(request)) reply.header('cache-control', 'no-store');
	});
}
