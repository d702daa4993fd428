import helmet from '@fastify/helmet';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isForService, isSecure, type PublicAddress } from '#service/plugins/secure-origin.ts';

/** Two years, in seconds. */
const HSTS_SECONDS = 63_072_000;

const CONTENT_POLICY = "frame-ancestors 'none'; object-src 'none'; base-uri 'none'";

/** What only a page, or an answer that could be opened as one, has any use for. */
const PAGE_HEADERS = [
	'cross-origin-opener-policy',
	'origin-agent-cluster',
	'referrer-policy',
	'x-frame-options'
];

/**
 * A part of a page. There are some fifty of them on a first visit, and on a slow network half a kilobyte
 * of headers on each is felt.
 */
function isAsset(request: FastifyRequest): boolean {
	return (request.raw.url ?? '').startsWith('/_app/');
}

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
		xFrameOptions: { action: 'deny' },
		// For browsers that could not run the app: Internet Explorer, Flash.
		xDnsPrefetchControl: false,
		xDownloadOptions: false,
		xPermittedCrossDomainPolicies: false,
		xXssProtection: false
	});
	app.addHook('onRequest', async (request, reply) => {
		if (isAsset(request)) for (const name of PAGE_HEADERS) reply.removeHeader(name);
		else reply.header('content-security-policy', CONTENT_POLICY);
		if (isSecure(request, address)) {
			reply.header('strict-transport-security', `max-age=${HSTS_SECONDS}`);
		}
		if (isForService(request)) reply.header('cache-control', 'no-store');
	});
}
