import type { FastifyReply } from 'fastify';
import { BATCH_BYTES } from '#contract/replication.ts';
import { INCARNATION_HEADER } from '#contract/replication.ts';
import { toIncarnationId } from '#service/ledgers/incarnation.ts';
import type { LedgerStore } from '#service/ledgers/ledger-store.ts';
import { type Refusal, sendRefusal } from '#service/plugins/problems.ts';
import { type ForwardParts, type Passage, withBody } from '#service/replication/forward.ts';
import type { Copy } from '#service/replication/relief.ts';
import { judgeBulkBody } from '#service/replication/request-bodies.ts';
import type { Room } from '#service/replication/room.ts';
import { sendStoreAnswer } from '#service/replication/store-answers.ts';

export interface WriteParts extends ForwardParts {
	/** Tells whoever waits for changes of a ledger. */
	written: (ledgerId: string) => void;
	room: Room;
	ledgers: LedgerStore;
}

/** A ledger that is on its way to another database takes no writes for some seconds. */
const MOVING: Refusal = {
	code: 'busy',
	reason: 'This ledger takes no entries for a moment. They will be sent again.',
	retryAfterSeconds: 2
};

/** `_bulk_docs`: all of it or nothing is written, and whoever waits for changes hears of it. */
export function writeDocuments(parts: WriteParts, passage: Passage): Promise<FastifyReply> {
	const { ledger, reply, gone } = passage;
	return withBody(parts, passage, BATCH_BYTES, async (text) => {
		const verdict = judgeBulkBody('_bulk_docs', text);
		if (!verdict.ok) return sendRefusal(reply, verdict.refusal);
		const { docs } = verdict.body as { docs: Copy[] };
		// Asked anew: the body may have taken its time, and the ledger have moved meanwhile.
		const target = await parts.ledgers.findToWrite(ledger);
		if (target === undefined) return sendRefusal(reply, { code: 'forbidden' });
		if (target === 'held') return sendRefusal(reply, MOVING);
		reply.header(
			INCARNATION_HEADER,
			toIncarnationId(target, await target.placement.client.epoch())
		);
		const refusal = await parts.room.take(target, docs, text.length, gone);
		if (refusal) return sendRefusal(reply, refusal);
		try {
			const response = await target.placement.client.request(
				'POST',
				`/${target.database}/_bulk_docs`,
				{ body: verdict.body, signal: gone }
			);
			if (!response.ok || (await parts.ledgers.mayAcknowledge(target))) {
				return await sendStoreAnswer(reply, response);
			}
			// Nobody knows whether what moves the ledger has seen it: it will be sent again.
			await response.body?.cancel();
			return sendRefusal(reply, MOVING);
		} finally {
			// Even when the answer was lost: the write may have been made.
			parts.written(ledger.id);
		}
	});
}
