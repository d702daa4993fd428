import type { Fetch } from './careful-fetch.ts';
import { NOT_JSON } from './ending.ts';

/** A document that the cloud did not take. */
export interface Refusal {
	id: string;
	rev: string;
	/** Why: {@link NO_ROOM}, or what is wrong with this very document. */
	error: string;
}

/** The ledger's room in the cloud is used up: it is not the document's fault, and passes. */
export const NO_ROOM = 'quota-exceeded';

interface Batch {
	docs: { _id: string; _rev: string }[];
	new_edits?: boolean;
}

/**
 * Sends `_bulk_docs`, which a document that cannot be taken must not hold up. The answer is 201 and lists
 * the {@link Refusal}s and nothing else:
 *
 * - what the store says of a single document;
 * - all documents, when there is no room for them;
 * - where the whole batch is refused, it is halved down to the single documents that are the reason.
 *
 * Any other error is answered as it is.
 *
 * @throws when the answer is not CouchDB's: nothing is known of the documents then.
 */
export async function sendBatch(
	send: Fetch,
	url: string,
	init: RequestInit | undefined
): Promise<Response> {
	const batch = typeof init?.body === 'string' ? (JSON.parse(init.body) as Batch) : { docs: [] };
	const answer = await sendDocuments(batch.docs);
	return answer instanceof Response ? answer : Response.json(answer, { status: 201 });

	async function sendDocuments(docs: Batch['docs']): Promise<Refusal[] | Response> {
		const response = await send(url, { ...init, body: JSON.stringify({ ...batch, docs }) });
		if (response.ok) return toRefusals((await response.json()) as unknown, docs);
		if (response.status === 402 || response.status === 507) return refuse(docs, NO_ROOM);
		if (docs.length === 0 || !(await isAboutDocuments(response))) return response;
		if (docs.length === 1) return refuse(docs, 'refused');
		const middle = Math.ceil(docs.length / 2);
		const first = await sendDocuments(docs.slice(0, middle));
		if (first instanceof Response) return first;
		const second = await sendDocuments(docs.slice(middle));
		return second instanceof Response ? second : [...first, ...second];
	}
}

function refuse(docs: Batch['docs'], error: string): Refusal[] {
	return docs.map(({ _id: id, _rev: rev }) => ({ id, rev, error }));
}

/** Of a document written under its own revision CouchDB says nothing; any row is an error. */
function toRefusals(rows: unknown, docs: Batch['docs']): Refusal[] {
	if (!Array.isArray(rows)) throw new TypeError('_bulk_docs was not answered by a store');
	const errors = new Map<unknown, string>();
	for (const { id, error } of rows as { id?: unknown; error?: unknown }[]) {
		if (error !== undefined) errors.set(id, String(error));
	}
	return docs
		.flatMap((document) => refuse([document], errors.get(document._id) ?? ''))
		.filter(({ error }) => error !== '');
}

/** Whether it is the documents that are not wanted, by the service or by something in front of it. */
async function isAboutDocuments(response: Response): Promise<boolean> {
	if ([400, 413, 415, 422].includes(response.status)) return true;
	if (response.status !== 403) return false;
	const { error } = (await response.clone().json()) as { error?: unknown };
	return error === NOT_JSON;
}
