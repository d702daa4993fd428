import type { CouchClient, CouchRequest } from '#service/couch/client.ts';
import type { LedgerQuota } from '#service/ledgers/quota.ts';
import { readJson } from '#service/replication/store-answers.ts';

/** How much of its quota a ledger takes up. */
export type Usage = LedgerQuota;

interface DatabaseInfo {
	doc_count: number;
	sizes?: { external?: number; file?: number };
}

/** What the store says of a ledger's size. @throws {StoreUnavailable} */
export async function readUsage(
	client: CouchClient,
	database: string,
	options: CouchRequest = {}
): Promise<Usage> {
	const answer = await client.request('GET', `/${database}`, options);
	const { doc_count, sizes } = await readJson<DatabaseInfo>(answer);
	return { documents: doc_count, bytes: sizes?.external ?? sizes?.file ?? 0 };
}
