import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HashingBusy } from '#service/accounts/password.ts';
import { StoreUnavailable } from '#service/couch/client.ts';
import { PlacementUnknown } from '#service/ledgers/placements.ts';
import { BrokenJson } from '#service/plugins/json-bodies.ts';
import { sendProblem } from '#service/plugins/problems.ts';

/** Turns every error into `{error, reason}` JSON; what is unknown says nothing about itself. */
export function addProblemHandler(app: FastifyInstance): void {
	app.setErrorHandler((error: FastifyError, request, reply) => answerError(error, request, reply));
}

/** For errors before a route was found, such as a broken percent encoding in the path. */
export function answerFrameworkError(
	error: FastifyError,
	request: FastifyRequest,
	reply: FastifyReply
): void {
	request.log.info('an address that nobody can read was refused');
	void answerError(error, request, reply);
}

function answerError(
	error: FastifyError,
	request: FastifyRequest,
	reply: FastifyReply
): FastifyReply {
	if (error instanceof PlacementUnknown) {
		request.log.error(
			{ placement: error.placement },
			'a ledger is in a placement that is not set up'
		);
		return sendProblem(
			reply,
			'store-unavailable',
			'The store that has this ledger is not set up at the moment.'
		);
	}
	if (error instanceof StoreUnavailable) {
		request.log.warn({ said: error.message }, 'the store is unavailable');
		return sendProblem(reply, 'store-unavailable');
	}
	if (error instanceof HashingBusy) {
		return sendProblem(reply, 'busy', undefined, error.retryAfterSeconds);
	}
	if (error instanceof BrokenJson || error.code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH') {
		return sendProblem(reply, 'malformed-json');
	}
	const status = error.statusCode ?? 500;
	if (status === 413) return sendProblem(reply, 'too-large');
	if (status === 404) return sendProblem(reply, 'not-found');
	if (status === 403) return sendProblem(reply, 'forbidden');
	if (status >= 400 && status < 500) return sendProblem(reply, 'invalid-request');
	request.log.error({ err: error }, 'a request failed');
	return sendProblem(reply, 'internal');
}
