import { type CouchClient, type CouchDocument, StoreUnavailable } from '#service/couch/client.ts';
import type { Ledger } from '#service/ledgers/ledger-store.ts';

/** How many documents are in memory at a time. */
const PAGE = 500;

/**
 * A ledger as one JSON document, piece by piece: `exportedAt` (an instant), `ledger` (its id) and `documents` as
 * they lie in the store, one to a line. Of a document that two devices have edited and none has merged yet, the
 * other versions are named in `_conflicts`.
 *
 * @throws {StoreUnavailable} also after the first piece: what was sent is then no JSON
 */
export async function* exportLedger(
	client: CouchClient,
	ledger: Ledger,
	exportedAt: string,
	signal: AbortSignal
): AsyncGenerator<string> {
	let after: string | undefined;
	let separator = `{"exportedAt":${JSON.stringify(exportedAt)},"ledger":${JSON.stringify(ledger.id)},"documents":[\n`;
	for (let more = true; more;) {
		const page = await readPage(client, ledger.database, after, signal);
		more = page.length === PAGE;
		after = page.at(-1)?._id;
		let text = '';
		for (const document of page) {
			if (document._id.startsWith('_')) continue;
			text += separator + JSON.stringify(document);
			separator = ',\n';
		}
		if (text !== '') yield text;
	}
	yield `${separator === ',\n' ? '' : separator}\n]}\n`;
}

async function readPage(
	client: CouchClient,
	database: string,
	after: string | undefined,
	signal: AbortSignal
): Promise<CouchDocument[]> {
	const query = new URLSearchParams({
		include_docs: 'true',
		conflicts: 'true',
		limit: String(PAGE),
		// The next possible id.
		...(after !== undefined && { startkey: JSON.stringify(`${after}\u0000`) })
	});
	const response = await client.request('GET', `/${database}/_all_docs?${query}`, { signal });
	if (!response.ok)
		throw new StoreUnavailable(`the store answered ${response.status} to an export`);
	const { rows } = (await response.json()) as { rows: { doc: CouchDocument }[] };
	return rows.map(({ doc }) => doc);
}
