import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { INCARNATION_HEADER } from '#contract/replication.ts';
import { toIncarnationId } from '#service/ledgers/incarnation.ts';
import type { LastSync } from '#service/ledgers/last-sync.ts';
import { sendProblem, sendRefusal } from '#service/plugins/problems.ts';
import {
	isWrite,
	judgeRequest,
	type RequestLimits
} from '#service/replication/allowed-requests.ts';
import { pass, type PassParts } from '#service/replication/pass.ts';
import { DatabaseMissing } from '#service/replication/store-answers.ts';
import { nameRequest } from '#service/replication/request-name.ts';
import { judgeHeaders } from '#service/replication/request-headers.ts';

export interface GatewayParts extends PassParts {
	lastSync: LastSync;
}

/** `/sync/*`: what a device's replication may reach, its own ledger and nothing else. */
export async function addGateway(
	app: FastifyInstance,
	parts: GatewayParts,
	limits: RequestLimits
): Promise<void> {
	parts.endings.onCredentialEnd((key) => parts.parked.endSession(key));
	parts.endings.onAccountRecheck((accountId) => parts.parked.endAccount(accountId));
	await app.register(async (scope) => {
		// Bodies are read by the gateway itself, bounded while they stream in.
		scope.removeAllContentTypeParsers();
		scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
		scope.all('/sync/*', { config: { appPassword: true } }, (request, reply) =>
			answer(parts, limits, request, reply)
		);
	});
}

async function answer(
	parts: GatewayParts,
	limits: RequestLimits,
	request: FastifyRequest,
	reply: FastifyReply
): Promise<FastifyReply> {
	// The address as it arrived: nobody before us may have decoded or normalised it.
	const verdict = judgeRequest(request.raw.method ?? '', request.raw.url ?? '', limits);
	if (!verdict.ok) return sendRefusal(reply, verdict.refusal);
	request.routeName = nameRequest(verdict.request);
	const refusal = judgeHeaders(request.raw);
	if (refusal !== undefined) return sendRefusal(reply, refusal);
	const { identity } = request;
	if (identity === undefined) return sendProblem(reply, 'signed-out');

	const allowed = verdict.request;
	const ledgerId = allowed.kind === 'service' ? identity.ledgerId : allowed.ledgerId;
	// Another's ledger and an unknown one are told apart by nothing, not even by time.
	const ledger =
		ledgerId === identity.ledgerId
			? await parts.ledgers.findOwn(ledgerId, identity.accountId)
			: undefined;
	if (ledger === undefined) return sendProblem(reply, 'forbidden');
	if (identity.access === 'read-only' && isWrite(allowed)) return sendProblem(reply, 'forbidden');
	parts.lastSync.note(ledger.id);
	const incarnation = toIncarnationId(ledger, await ledger.placement.client.epoch());
	reply.header(INCARNATION_HEADER, incarnation);
	if (allowed.kind === 'service') {
		return reply.send({ couchdb: 'Welcome', uuid: incarnation, vendor: { name: 'Outlay' } });
	}

	const leaving = new AbortController();
	const leave = () => {
		leaving.abort();
		if (!reply.raw.writableFinished) request.server.tellGone(request);
	};
	reply.raw.once('close', leave);
	if (reply.raw.closed) leave();
	const letGo = () => reply.raw.off('close', leave);
	const passage = { request, reply, identity, ledger, gone: leaving.signal, letGo };
	try {
		return await pass(parts, passage, allowed);
	} catch (error) {
		// Nobody is left to be told.
		if (leaving.signal.aborted) return reply.hijack();
		if (error instanceof DatabaseMissing) parts.ledgers.forget(ledger.id);
		throw error;
	}
}
