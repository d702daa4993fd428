import helmet from '@fastify/helmet';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isForService, isSecure, type PublicAddress } from '#service/plugins/secure-origin.ts';

/** Two years, in seconds. */
const HSTS_SECONDS = 63_072_000;

const CONTENT_POLICY = "frame-ancestors 'none'; object-src 'none'; base-uri 'none'";
/** Data, should a browser ever open it as a page. */
const DATA_POLICY =
	"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** What no page of ours asks for, so that nothing that got into one can. */
const PERMISSIONS = ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'usb']
	.map((feature) => `${feature}=()`)
	.join(', ');

/**
 * A part of a page, or of replication: nothing that could be opened as a page. There are some fifty parts on a
 * first visit, and a waiting longpoll keeps its headers: half a kilobyte on each is felt.
 */
function isPart(request: FastifyRequest): boolean {
	return /^\/((_app|sync)\/|early-keys\.js$)/.test(request.raw.url ?? '');
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
		global: false,
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
		if (isPart(request)) {
			reply.header('x-content-type-options', 'nosniff');
			reply.header('cross-origin-resource-policy', 'same-origin');
		} else {
			await reply.helmet();
			reply.header('content-security-policy', isForService(request) ? DATA_POLICY : CONTENT_POLICY);
			if (!isForService(request)) reply.header('permissions-policy', PERMISSIONS);
		}
		if (isSecure(request, address)) {
			reply.header('strict-transport-security', `max-age=${HSTS_SECONDS}`);
		}
		if (isForService(request)) reply.header('cache-control', 'no-store');
	});
}
