import type { FastifyInstance, FastifyRequest } from 'fastify';

declare module 'fastify' {
	interface FastifyRequest {
		/** The pattern of what is asked, where it says more than the route's own; '' elsewhere. */
		routeName: string;
	}
}

/** Lets a route name what it was asked for; see `toRouteName`. */
export function addRouteNames(app: FastifyInstance): void {
	app.decorateRequest('routeName', '');
}

/** What a request asks for, as a pattern: an address names a ledger and what is in it. One of a few dozen. */
export function toRouteName({ routeName, routeOptions }: FastifyRequest): string {
	return routeName || routeOptions.url || 'none';
}
