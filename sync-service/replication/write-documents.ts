import type { FastifyReply } from 'fastify';
import { BATCH_BYTES } from '#contract/replication.ts';
import { sendRefusal } from '#service/plugins/problems.ts';
import {
	forward,
	type ForwardParts,
	type Passage,
	withBody
} from '#service/replication/forward.ts';
import type { Copy } from '#service/replication/relief.ts';
import { judgeBulkBody } from '#service/replication/request-bodies.ts';
import type { Room } from '#service/replication/room.ts';

export interface WriteParts extends ForwardParts {
	/** Tells whoever waits for changes of a ledger. */
	written: (ledgerId: string) => void;
	room: Room;
}

/** `_bulk_docs`: all of it or nothing is written, and whoever waits for changes hears of it. */
export function writeDocuments(parts: WriteParts, passage: Passage): Promise<FastifyReply> {
	const { ledger, reply, gone } = passage;
	return withBody(parts, passage, BATCH_BYTES, async (text) => {
		const verdict = judgeBulkBody('_bulk_docs', text);
		if (!verdict.ok) return sendRefusal(reply, verdict.refusal);
		const { docs } = verdict.body as { docs: Copy[] };
		const refusal = await parts.room.take(ledger, docs, text.length, gone);
		if (refusal) return sendRefusal(reply, refusal);
		try {
			return await forward(parts, passage, 'POST', '_bulk_docs', verdict.body);
		} finally {
			// Even when the answer was lost: the write may have been made.
			parts.written(ledger.id);
		}
	});
}
