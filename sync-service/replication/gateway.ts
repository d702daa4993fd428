import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BATCH_BYTES, CHECKPOINT_BYTES, INCARNATION_HEADER } from '#contract/replication.ts';
import type { Identity } from '#service/accounts/identity.ts';
import { toIncarnationId } from '#service/ledgers/incarnation.ts';
import type { Ledger, LedgerStore } from '#service/ledgers/ledger-store.ts';
import { sendProblem } from '#service/plugins/problems.ts';
import {
	type AllowedRequest,
	judgeRequest,
	type RequestLimits
} from '#service/replication/allowed-requests.ts';
import { answerLongpoll, type LongpollParts } from '#service/replication/longpoll.ts';
import { readBody } from '#service/replication/read-body.ts';
import {
	type BodyVerdict,
	judgeBulkBody,
	judgeCheckpointBody
} from '#service/replication/request-bodies.ts';
import { sendJsonBody, sendStoreAnswer } from '#service/replication/store-answers.ts';

export interface GatewayParts extends LongpollParts {
	ledgers: LedgerStore;
}

/** One request on its way to the store. */
interface Passage {
	parts: GatewayParts;
	request: FastifyRequest;
	reply: FastifyReply;
	identity: Identity;
	ledger: Ledger;
	gone: AbortSignal;
}

const OVERRIDES = ['x-http-method-override', 'x-http-method', 'x-method-override'];

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
		scope.all('/sync/*', (request, reply) => answer(parts, limits, request, reply));
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
	if (!verdict.ok) return sendProblem(reply, verdict.refusal.code);
	if (OVERRIDES.some((name) => name in request.headers)) return sendProblem(reply, 'forbidden');
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
	const incarnation = toIncarnationId(ledger, await parts.client.epoch());
	reply.header(INCARNATION_HEADER, incarnation);
	if (allowed.kind === 'service') {
		return reply.send({ couchdb: 'Welcome', uuid: incarnation, vendor: { name: 'Outlay' } });
	}

	const leaving = new AbortController();
	reply.raw.once('close', () => leaving.abort());
	const passage = { parts, request, reply, identity, ledger, gone: leaving.signal };
	try {
		return await pass(passage, allowed);
	} catch (error) {
		// Nobody is left to be told.
		if (leaving.signal.aborted) return reply.hijack();
		throw error;
	}
}

async function pass(
	passage: Passage,
	allowed: Exclude<AllowedRequest, { kind: 'service' }>
): Promise<FastifyReply> {
	const { parts, request, reply, ledger, gone, identity } = passage;
	switch (allowed.kind) {
		case 'ledger':
			return sendLedgerInfo(passage);
		case 'commit': {
			const read = await readBody(request.raw, CHECKPOINT_BYTES);
			if (!read.ok) return sendProblem(reply, read.refusal.code);
			return sendJsonBody(reply, 201, '{"ok":true,"instance_start_time":"0"}');
		}
		case 'checkpoint':
			if (allowed.method === 'GET') return forward(passage, 'GET', allowed.path);
			return forwardBody(passage, 'PUT', allowed.path, CHECKPOINT_BYTES, (text) =>
				judgeCheckpointBody(allowed.id, text)
			);
		case 'changes':
		case 'longpoll': {
			if (request.raw.method === 'POST') {
				const read = await readBody(request.raw, CHECKPOINT_BYTES);
				if (!read.ok) return sendProblem(reply, read.refusal.code);
				// A body is where a filter, a selector or a list of ids would be.
				if (!/^\s*(\{\s*\})?\s*$/.test(read.text)) return sendProblem(reply, 'invalid-request');
			}
			if (allowed.kind === 'changes') return forward(passage, 'GET', `_changes${allowed.query}`);
			const { query, wait } = allowed;
			const sessionKey = identity.credentialKey;
			await answerLongpoll(parts, { request, reply, ledger, sessionKey, query, wait, gone });
			return reply;
		}
		case 'bulk': {
			const path = `${allowed.path}${allowed.query}`;
			return forwardBody(passage, 'POST', path, BATCH_BYTES, (text) =>
				judgeBulkBody(allowed.path, text)
			);
		}
		case 'document':
			return forward(passage, 'GET', `${allowed.path}${allowed.query}`);
	}
}

async function forward(
	{ parts, reply, ledger, gone }: Passage,
	method: string,
	path: string,
	body?: unknown
): Promise<FastifyReply> {
	const options = body === undefined ? { signal: gone } : { signal: gone, body };
	const response = await parts.client.request(method, `/${ledger.database}/${path}`, options);
	return sendStoreAnswer(reply, response);
}

async function forwardBody(
	passage: Passage,
	method: string,
	path: string,
	mostBytes: number,
	judge: (text: string) => BodyVerdict
): Promise<FastifyReply> {
	const { parts, request, reply, ledger } = passage;
	const read = await readBody(request.raw, mostBytes);
	if (!read.ok) return sendProblem(reply, read.refusal.code);
	const verdict = judge(read.text);
	if (!verdict.ok) return sendProblem(reply, verdict.refusal.code);
	try {
		return await forward(passage, method, path, verdict.body);
	} finally {
		// Even when the answer was lost: the write may have been made.
		if (path === '_bulk_docs') parts.parked.wake(ledger.id);
	}
}

/** What a client may know of its database; the store's name for it is not part of that. */
async function sendLedgerInfo({ parts, reply, ledger, gone }: Passage): Promise<FastifyReply> {
	const response = await parts.client.request('GET', `/${ledger.database}`, { signal: gone });
	if (!response.ok) return sendStoreAnswer(reply, response);
	const info = (await response.json()) as Record<string, unknown>;
	return reply.send({
		db_name: ledger.id,
		doc_count: info.doc_count,
		doc_del_count: info.doc_del_count,
		update_seq: info.update_seq,
		compact_running: false,
		instance_start_time: '0'
	});
}
