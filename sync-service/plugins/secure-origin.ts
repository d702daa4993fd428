import type { FastifyRequest } from 'fastify';

/** Where people reach the service, as far as the configuration tells. */
export interface PublicAddress {
	/** An origin such as `https://outlay.example.org`; unset: whatever host the request names. */
	publicUrl: string | undefined;
	/** How many proxies in front are believed (`X-Forwarded-…`), or their addresses; 0: none. */
	trustProxy: number | string;
}

/** `trustProxy` as Fastify takes it, which of its own accord does not believe a number. */
export function toTrust({ trustProxy }: PublicAddress): string | TrustFunction {
	return typeof trustProxy === 'string' ? trustProxy : (_address, hop) => hop < trustProxy;
}

type TrustFunction = (address: string, hop: number) => boolean;

/** Whether the person's browser reaches us over https. */
export function isSecure(request: FastifyRequest, address: PublicAddress): boolean {
	if (address.publicUrl !== undefined) return address.publicUrl.startsWith('https:');
	return address.trustProxy !== 0 && request.protocol === 'https';
}

/** Whether a page with this `Origin` is ours. `null`, which sandboxed pages send, never is. */
export function isOwnOrigin(
	request: FastifyRequest,
	origin: string,
	address: PublicAddress
): boolean {
	if (address.publicUrl !== undefined) return origin === address.publicUrl;
	const url = URL.parse(origin);
	return url !== null && url.origin === origin && url.host === request.host;
}

/**
 * Whether a request is for the service and not for a page. The matched route counts as well as the
 * raw address: the router decodes `/%61pi` before it matches.
 */
export function isForService(request: FastifyRequest): boolean {
	return isServicePath(request.routeOptions.url ?? '') || isServicePath(request.raw.url ?? '');
}

function isServicePath(url: string): boolean {
	return /^\/(api|sync|health)([/?]|$)/.test(url);
}
