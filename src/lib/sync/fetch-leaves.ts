import type { Fetch } from './careful-fetch.ts';
import type { CloudDocument } from './changes-rows.ts';
import { toError } from './ending.ts';
import { postJson } from './post-json.ts';

/** The most leaves in one request. */
const LEAVES = 200;

interface BulkGetAnswer {
	results: { docs: { ok?: CloudDocument; error?: { error: string } }[] }[];
}

/**
 * Fetches leaves one by one, each with the revisions before it. One that is gone by now is left out: the
 * document has changed, and the change feed tells of it again.
 *
 * @param wanted the revisions of each id.
 */
export async function fetchLeaves(
	wanted: Iterable<readonly [id: string, revisions: readonly string[]]>,
	ledgerUrl: string,
	fetch: Fetch
): Promise<CloudDocument[]> {
	const asked = [...wanted].flatMap(([id, revisions]) => revisions.map((rev) => ({ id, rev })));
	const leaves: CloudDocument[] = [];
	for (let at = 0; at < asked.length; at += LEAVES) {
		const docs = asked.slice(at, at + LEAVES);
		const response = await postJson(`${ledgerUrl}/_bulk_get?revs=true`, { docs }, fetch);
		if (!response.ok) throw toError('_bulk_get', response);
		const { results } = (await response.json()) as BulkGetAnswer;
		for (const { ok, error } of results.flatMap((result) => result.docs)) {
			if (ok) leaves.push(ok);
			else if (error?.error !== 'not_found') throw new Error(`_bulk_get: ${error?.error}`);
		}
	}
	return leaves;
}
