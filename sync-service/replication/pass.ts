import type { FastifyReply } from 'fastify';
import { BATCH_BYTES, CHECKPOINT_BYTES } from '#contract/replication.ts';
import { sendProblem } from '#service/plugins/problems.ts';
import type { AllowedRequest } from '#service/replication/allowed-requests.ts';
import { forward, forwardBody, type Passage, withBody } from '#service/replication/forward.ts';
import { sendLedgerInfo } from '#service/replication/ledger-info.ts';
import { answerLongpoll, type LongpollParts } from '#service/replication/longpoll.ts';
import { judgeBulkBody, judgeCheckpointBody } from '#service/replication/request-bodies.ts';
import { sendJsonBody } from '#service/replication/store-answers.ts';
import { writeDocuments, type WriteParts } from '#service/replication/write-documents.ts';

export interface PassParts extends WriteParts, LongpollParts {}

/** Does what was asked of a ledger. @throws {StoreUnavailable} */
export async function pass(
	parts: PassParts,
	passage: Passage,
	allowed: Exclude<AllowedRequest, { kind: 'service' }>
): Promise<FastifyReply> {
	switch (allowed.kind) {
		case 'ledger':
			return sendLedgerInfo(passage);
		case 'commit':
			return withBody(parts, passage, CHECKPOINT_BYTES, async () =>
				sendJsonBody(passage.reply, 201, '{"ok":true,"instance_start_time":"0"}')
			);
		case 'checkpoint':
			if (allowed.method === 'GET') return forward(passage, 'GET', allowed.path);
			return forwardBody(parts, passage, 'PUT', allowed.path, CHECKPOINT_BYTES, (text) =>
				judgeCheckpointBody(allowed.id, text)
			);
		case 'changes':
		case 'longpoll':
			return passChanges(parts, passage, allowed);
		case 'bulk':
			if (allowed.path === '_bulk_docs') return writeDocuments(parts, passage);
			return forwardBody(
				parts,
				passage,
				'POST',
				`${allowed.path}${allowed.query}`,
				BATCH_BYTES,
				(text) => judgeBulkBody(allowed.path, text)
			);
		case 'document':
			return forward(passage, 'GET', `${allowed.path}${allowed.query}`);
	}
}

function passChanges(
	parts: PassParts,
	passage: Passage,
	allowed: AllowedRequest & { kind: 'changes' | 'longpoll' }
): Promise<FastifyReply> {
	const { request, reply, ledger, identity, gone } = passage;
	const ask = async (): Promise<FastifyReply> => {
		if (allowed.kind === 'changes') {
			return forward(passage, 'GET', `_changes${allowed.query}`);
		}
		const { query, wait } = allowed;
		const sessionKey = identity.credentialKey;
		const longpoll = { request, reply, ledger, sessionKey, query, wait, gone };
		if ((await answerLongpoll(parts, longpoll)) === 'parked') passage.letGo();
		return reply;
	};
	if (request.raw.method !== 'POST') return ask();
	return withBody(parts, passage, CHECKPOINT_BYTES, async (text) => {
		// A body is where a filter, a selector or a list of ids would be.
		if (/^\s*(\{\s*\})?\s*$/.test(text)) return ask();
		return sendProblem(reply, 'invalid-request');
	});
}
