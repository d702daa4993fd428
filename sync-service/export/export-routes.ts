import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { openLedgerDocuments } from '#service/export/ledger-documents.ts';
import type { ListedDocument } from '#service/export/listed-rows.ts';
import type { LedgerStore } from '#service/ledgers/ledger-store.ts';
import { sendProblem } from '#service/plugins/problems.ts';

/** How many exports of one ledger run at a time: each reads all of it. */
const MOST_AT_A_TIME = 2;
/** Seconds after which one more may find room. */
const RETRY_SECONDS = 10;
/** How much text is gathered before it is sent, in characters. */
const PIECE = 64 * 1024;

export interface ExportParts {
	ledgers: LedgerStore;
}

/** `GET /api/export`: the ledger's documents as they are stored, in one JSON object with one document to a line. */
export function addExportRoutes(app: FastifyInstance, { ledgers }: ExportParts): void {
	const running = new Map<string, number>();
	const count = (ledgerId: string, by: 1 | -1) => {
		const now = (running.get(ledgerId) ?? 0) + by;
		if (now === 0) running.delete(ledgerId);
		else running.set(ledgerId, now);
	};

	app.get('/api/export', { config: { appPassword: true } }, async (request, reply) => {
		const { identity } = request;
		if (identity === undefined) return sendProblem(reply, 'signed-out');
		const { ledgerId, accountId } = identity;
		const ledger = await ledgers.findOwn(ledgerId, accountId);
		if (ledger === undefined) return sendProblem(reply, 'forbidden');
		if ((running.get(ledgerId) ?? 0) >= MOST_AT_A_TIME) {
			return sendProblem(reply, 'busy', undefined, RETRY_SECONDS);
		}
		// Gone already: nothing would tell us of its end.
		if (reply.raw.destroyed) return reply.hijack();
		const gone = new AbortController();
		count(ledgerId, 1);
		// Whatever ends it, the client's going away among it.
		reply.raw.once('close', () => {
			count(ledgerId, -1);
			gone.abort();
		});
		try {
			const documents = await openLedgerDocuments(ledger, gone.signal);
			const exportedAt = new Date().toISOString();
			const pieces = toPieces({ exportedAt, ledger: ledgerId }, documents);
			return reply
				.header('content-type', 'application/json; charset=utf-8')
				.header('content-disposition', toAttachment(exportedAt))
				.send(Readable.from(pieces, { highWaterMark: 1 }));
		} catch (error) {
			// Nobody is left to be told.
			if (gone.signal.aborted) return reply.hijack();
			throw error;
		}
	});
}

function toAttachment(exportedAt: string): string {
	return `attachment; filename="outlay-${exportedAt.slice(0, 10)}.json"`;
}

async function* toPieces(
	about: { exportedAt: string; ledger: string },
	documents: AsyncIterable<ListedDocument>
): AsyncGenerator<string, void> {
	let piece = `${JSON.stringify(about).slice(0, -1)},"documents":[`;
	let separator = '\n';
	for await (const { _id, _rev, ...fields } of documents) {
		// Whatever the order the store has them in.
		piece += separator + JSON.stringify({ _id, _rev, ...fields });
		separator = ',\n';
		if (piece.length < PIECE) continue;
		yield piece;
		piece = '';
	}
	yield `${piece}\n]}\n`;
}
