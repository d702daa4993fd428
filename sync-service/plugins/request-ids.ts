import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import {
	isRequestId,
	makeRequestId,
	REQUEST_ID_HEADER,
	withRequestId
} from '#service/log/request-id.ts';
import { isForService, type PublicAddress } from '#service/plugins/secure-origin.ts';
import { trustedPeers } from '#service/plugins/trusted-peers.ts';

/** Gives each request its id: what a proxy of ours calls it, where that looks like an id, or else one of our own. */
export function requestIdsFor(address: PublicAddress): (message: IncomingMessage) => string {
	const isOurs = trustedPeers(address);
	return ({ headers, socket }) => {
		const given = headers[REQUEST_ID_HEADER];
		return isRequestId(given) && isOurs(socket.remoteAddress) ? given : makeRequestId();
	};
}

/** Says the id in every answer of the service's, and keeps it for what is asked of the store on its behalf. */
export function addRequestIds(app: FastifyInstance): void {
	app.addHook('onRequest', (request, reply, done) => {
		// Pages have some fifty parts, of which nobody ever asks.
		if (isForService(request)) reply.header(REQUEST_ID_HEADER, request.id);
		withRequestId(request.id, done);
	});
	// A body that was read in between came from the connection, which is nobody's.
	app.addHook('preValidation', (request, _reply, done) => withRequestId(request.id, done));
}
