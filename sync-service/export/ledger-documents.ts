import { StoreUnavailable } from '#service/couch/client.ts';
import { readAnswer } from '#service/couch/read-answer.ts';
import type { Ledger } from '#service/ledgers/ledger-store.ts';
import { type ListedDocument, readListedRows } from '#service/export/listed-rows.ts';

/**
 * Every document of a ledger as it is stored, in the order of ids. Where two devices' edits have not been merged yet
 * there are several of one id: the one that wins, then the others. What is deleted is not there.
 *
 * @returns once the store has begun to answer
 * @throws {StoreUnavailable} also while it is read
 */
export async function openLedgerDocuments(
	{ placement: { client }, database }: Pick<Ledger, 'placement' | 'database'>,
	signal: AbortSignal
): Promise<AsyncGenerator<ListedDocument, void>> {
	const list = `/${database}/_all_docs?include_docs=true&conflicts=true`;
	const answer = await client.request('GET', list, { signal });
	if (!answer.ok || answer.body === null) {
		await answer.body?.cancel();
		throw new StoreUnavailable(`the store answered ${answer.status} to an export`);
	}
	return readDocuments(answer.body);

	async function* readDocuments(
		body: ReadableStream<Uint8Array>
	): AsyncGenerator<ListedDocument, void> {
		for await (const { doc } of readListedRows(body)) {
			if (!doc || doc._id.startsWith('_')) continue;
			const { _conflicts: others = [], ...winner } = doc;
			yield winner;
			for (const rev of others) yield* readLeaf(doc._id, rev);
		}
	}

	async function* readLeaf(id: string, rev: string): AsyncGenerator<ListedDocument, void> {
		const path = `/${database}/${encodeURIComponent(id)}?rev=${encodeURIComponent(rev)}`;
		const leaf = await client.request('GET', path, { signal });
		if (leaf.ok) {
			yield await readAnswer<ListedDocument>(leaf);
			return;
		}
		await leaf.body?.cancel();
		// Merged meanwhile, and compacted.
		if (leaf.status !== 404) {
			throw new StoreUnavailable(`the store answered ${leaf.status} to an export`);
		}
	}
}
