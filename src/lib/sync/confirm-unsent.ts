import { makesRoom } from '#contract/documents/makes-room.ts';
import { BATCH_DOCUMENTS } from '#contract/replication.ts';
import { isMissing, type LocalDatabase, type StoredDocument } from '#lib/storage/open-database.ts';
import type { UnsentEntries } from '#lib/storage/unsent-entries.ts';
import type { Fetch } from './careful-fetch.ts';
import { toError } from './ending.ts';
import { postJson } from './post-json.ts';
import { NO_ROOM, type Refusal } from './send-batch.ts';

/** How many documents are sent at a time. */
const SENT = 50;

interface Parts {
	unsent: UnsentEntries;
	database: LocalDatabase;
	ledgerUrl: string;
	fetch: Fetch;
}

/**
 * Asks the cloud itself which unsent entries it has, after replication says that it is through, and sends
 * what it lacks once more. Replication alone cannot tell: an answer may be lost after the commit, and a
 * refused document is passed over for good.
 *
 * Where the cloud has no room, what makes room is sent none the less.
 *
 * @throws when the cloud cannot be reached.
 */
export async function confirmUnsent(parts: Parts): Promise<void> {
	const { unsent } = parts;
	const asked = Object.entries(unsent.revisions());
	let hasRoom = true;
	for (let at = 0; at < asked.length; at += BATCH_DOCUMENTS) {
		const batch = asked.slice(at, at + BATCH_DOCUMENTS);
		const missing = await askMissing(Object.fromEntries(batch), parts);
		unsent.acknowledge(toRevisions(batch.filter(([id]) => !missing.has(id))));
		const lacking = batch.filter(([id]) => missing.has(id));
		for (let from = 0; from < lacking.length; from += SENT) {
			const some = lacking.slice(from, from + SENT);
			const leaves = await Promise.all(some.map(([id]) => readLeaves(id, parts.database)));
			const refusals = await sendWhatFits(leaves.flat(), hasRoom, parts);
			hasRoom &&= !refusals.some(({ error }) => error === NO_ROOM);
			const errors = new Map(refusals.map(({ id, error }) => [id, error]));
			const sent = toRevisions(some);
			unsent.acknowledge(sent.filter(({ id }) => !errors.has(id)));
			await unsent.hold(
				sent.flatMap(({ id, revision: rev }) => {
					const error = errors.get(id);
					return error === undefined ? [] : [{ id, rev, error }];
				})
			);
		}
	}
}

function toRevisions(entries: [string, string[]][]): { id: string; revision: string }[] {
	return entries.flatMap(([id, revisions]) => revisions.map((revision) => ({ id, revision })));
}

async function askMissing(
	revisions: Record<string, string[]>,
	{ ledgerUrl, fetch }: Parts
): Promise<Set<string>> {
	const response = await postJson(`${ledgerUrl}/_revs_diff`, revisions, fetch);
	if (!response.ok) throw toError('_revs_diff', response);
	return new Set(Object.keys((await response.json()) as Record<string, unknown>));
}

/** Every leaf with the revisions before it: an edit may have been merged into another one meanwhile. */
async function readLeaves(id: string, database: LocalDatabase): Promise<StoredDocument[]> {
	try {
		const answers = (await database.get(id, { open_revs: 'all', revs: true })) as unknown as {
			ok?: StoredDocument;
		}[];
		return answers.flatMap(({ ok }) => (ok ? [ok] : []));
	} catch (error) {
		if (isMissing(error)) return [];
		throw error;
	}
}

/** Sends documents; once there is no room for them, only those that make some. */
async function sendWhatFits(
	docs: readonly StoredDocument[],
	hasRoom: boolean,
	parts: Parts
): Promise<Refusal[]> {
	if (hasRoom) {
		const refusals = await send(docs, parts);
		if (!refusals.some(({ error }) => error === NO_ROOM)) return refusals;
	}
	const waiting = docs.filter((document) => !makesRoom(document));
	return [...waiting.map(toNoRoom), ...(await send(docs.filter(makesRoom), parts))];
}

async function send(
	docs: readonly StoredDocument[],
	{ ledgerUrl, fetch }: Parts
): Promise<Refusal[]> {
	if (docs.length === 0) return [];
	const response = await postJson(`${ledgerUrl}/_bulk_docs`, { docs, new_edits: false }, fetch);
	if (!response.ok) throw toError('_bulk_docs', response);
	return (await response.json()) as Refusal[];
}

function toNoRoom({ _id, _rev }: StoredDocument): Refusal {
	return { id: String(_id), rev: String(_rev), error: NO_ROOM };
}
