import { BATCH_DOCUMENTS } from '#contract/replication.ts';
import { isMissing, type LocalDatabase, type StoredDocument } from '#lib/storage/open-database.ts';
import type { Fetch } from './careful-fetch.ts';
import { toError } from './ending.ts';
import { postJson } from './post-json.ts';

export interface Leaf {
	id: string;
	rev: string;
}

/** How many documents are sent at a time. */
const SENT = 100;

/**
 * Asks the cloud which leaves it lacks and sends those, with the revisions before them.
 *
 * @returns whether the cloud took all of them.
 * @throws when it cannot be reached.
 */
export async function sendRevisions(
	leaves: readonly Leaf[],
	database: LocalDatabase,
	ledgerUrl: string,
	fetch: Fetch
): Promise<boolean> {
	const missing: Leaf[] = [];
	for (let at = 0; at < leaves.length; at += BATCH_DOCUMENTS) {
		missing.push(...(await askMissing(leaves.slice(at, at + BATCH_DOCUMENTS), ledgerUrl, fetch)));
	}
	let isTaken = true;
	for (let at = 0; at < missing.length; at += SENT) {
		const read = missing.slice(at, at + SENT).map((leaf) => readLeaf(leaf, database));
		const body = { docs: (await Promise.all(read)).flat(), new_edits: false };
		const response = await postJson(`${ledgerUrl}/_bulk_docs`, body, fetch);
		if (response.ok) {
			// Of a document that it took the cloud says nothing.
			isTaken &&= ((await response.json()) as unknown[]).length === 0;
		} else if (isRefusal(response.status)) {
			isTaken = false;
		} else throw toError('_bulk_docs', response);
	}
	return isTaken;
}

/** The leaf with the revisions before it; nothing where it was edited meanwhile and is none any more. */
async function readLeaf({ id, rev }: Leaf, database: LocalDatabase): Promise<StoredDocument[]> {
	try {
		return [await database.get(id, { rev, revs: true })];
	} catch (error) {
		if (isMissing(error)) return [];
		throw error;
	}
}

async function askMissing(
	leaves: readonly Leaf[],
	ledgerUrl: string,
	fetch: Fetch
): Promise<Leaf[]> {
	const revisions: Record<string, string[]> = {};
	for (const { id, rev } of leaves) (revisions[id] ??= []).push(rev);
	const response = await postJson(`${ledgerUrl}/_revs_diff`, revisions, fetch);
	if (!response.ok) throw toError('_revs_diff', response);
	const answer = (await response.json()) as Record<string, { missing: string[] }>;
	return Object.entries(answer).flatMap(([id, { missing }]) => missing.map((rev) => ({ id, rev })));
}

/** Whether the cloud has looked at the documents and will not have them. */
function isRefusal(status: number): boolean {
	return status >= 400 && status < 500 && ![401, 403, 429].includes(status);
}
