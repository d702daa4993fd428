import type { FastifyReply } from 'fastify';
import { readAnswer } from '#service/couch/read-answer.ts';
import type { Passage } from '#service/replication/forward.ts';
import { sendStoreAnswer } from '#service/replication/store-answers.ts';

/** What a client may know of its database; the store's name for it is not part of that. */
export async function sendLedgerInfo({ reply, ledger, gone }: Passage): Promise<FastifyReply> {
	const response = await ledger.placement.client.request('GET', `/${ledger.database}`, {
		signal: gone
	});
	if (!response.ok) return sendStoreAnswer(reply, response);
	const info = await readAnswer<Record<string, unknown>>(response);
	return reply.send({
		db_name: ledger.id,
		doc_count: info.doc_count,
		doc_del_count: info.doc_del_count,
		update_seq: info.update_seq,
		compact_running: false,
		instance_start_time: '0'
	});
}
