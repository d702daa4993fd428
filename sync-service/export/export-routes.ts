import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { CouchClient } from '#service/couch/client.ts';
import { exportLedger } from '#service/export/export-ledger.ts';
import type { LedgerStore } from '#service/ledgers/ledger-store.ts';
import { sendProblem } from '#service/plugins/problems.ts';

/** `GET /api/export`: everything in one's ledger as a file. */
export function addExportRoutes(
	app: FastifyInstance,
	{ client, ledgers }: { client: CouchClient; ledgers: LedgerStore }
): void {
	app.get('/api/export', { config: { appPassword: true } }, async ({ identity }, reply) => {
		if (identity === undefined) return sendProblem(reply, 'signed-out');
		const ledger = await ledgers.findOwn(identity.ledgerId, identity.accountId);
		if (ledger === undefined) return sendProblem(reply, 'forbidden');
		const leaving = new AbortController();
		reply.raw.once('close', () => leaving.abort());
		const now = new Date().toISOString();
		const parts = exportLedger(client, ledger, now, leaving.signal);
		// The first part is read before anything is sent: a store that is away is still said in so many words.
		const first = await parts.next();
		return reply
			.type('application/json; charset=utf-8')
			.header('content-disposition', `attachment; filename="outlay-${now.slice(0, 10)}.json"`)
			.send(Readable.from(resume(first, parts)));
	});
}

async function* resume(
	first: IteratorResult<string>,
	others: AsyncGenerator<string>
): AsyncGenerator<string> {
	if (!first.done) yield first.value;
	yield* others;
}
