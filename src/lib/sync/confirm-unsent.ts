import type { LocalDatabase } from '#lib/storage/open-database.ts';
import type { UnsentEntries } from '#lib/storage/unsent-entries.ts';
import { BATCH_DOCUMENTS } from '#contract/replication.ts';
import type { Fetch } from './careful-fetch.ts';
import { postJson } from './post-json.ts';

/**
 * Asks the cloud itself which unsent entries it has, after replication says that it is through, and sends
 * what it lacks once more, one by one. Replication alone cannot tell: an answer may be lost after the
 * commit, and a refused document is passed over for good.
 *
 * @returns how many entries the cloud refused.
 * @throws when the cloud cannot be reached.
 */
export async function confirmUnsent(
	unsent: UnsentEntries,
	database: LocalDatabase,
	ledgerUrl: string,
	fetch: Fetch
): Promise<number> {
	const asked = Object.entries(unsent.revisions());
	let refused = 0;
	for (let at = 0; at < asked.length; at += BATCH_DOCUMENTS) {
		const batch = Object.fromEntries(asked.slice(at, at + BATCH_DOCUMENTS));
		const missing = await askMissing(batch, ledgerUrl, fetch);
		unsent.acknowledge(
			Object.entries(batch)
				.filter(([id]) => !missing.has(id))
				.map(([id, [revision = '']]) => ({ id, revision }))
		);
		for (const id of missing) {
			const [revision = ''] = batch[id] ?? [];
			if (await sendAlone(id, revision, database, ledgerUrl, fetch)) {
				unsent.acknowledge([{ id, revision }]);
			} else refused += 1;
		}
	}
	return refused;
}

async function askMissing(
	revisions: Record<string, string[]>,
	ledgerUrl: string,
	fetch: Fetch
): Promise<Set<string>> {
	const response = await postJson(`${ledgerUrl}/_revs_diff`, revisions, fetch);
	if (!response.ok) throw new Error(`_revs_diff answered ${response.status}`);
	return new Set(Object.keys((await response.json()) as Record<string, unknown>));
}

/** Whether the cloud took this one revision. */
async function sendAlone(
	id: string,
	revision: string,
	database: LocalDatabase,
	ledgerUrl: string,
	fetch: Fetch
): Promise<boolean> {
	const document = await database.get(id, { rev: revision, revs: true });
	const docs = [document];
	const response = await postJson(`${ledgerUrl}/_bulk_docs`, { docs, new_edits: false }, fetch);
	if (!response.ok) {
		if (response.status === 401 || response.status >= 500) {
			throw new Error(`_bulk_docs answered ${response.status}`);
		}
		return false;
	}
	// Of a document written under its own revision CouchDB says nothing; any row is an error. The fetch
	// that halves batches also answers so for one that is too large, so the cloud is asked again.
	await response.body?.cancel();
	return !(await askMissing({ [id]: [revision] }, ledgerUrl, fetch)).has(id);
}
