import PouchDB from 'pouchdb';
import type { LocalDatabase, StoredDocument } from '#lib/storage/open-database.ts';
import type { Fetch } from './careful-fetch.ts';
import type { Refusal } from './send-batch.ts';

/**
 * The ledger as PouchDB reaches it, with what PouchDB would mistake hidden from it:
 *
 * - it is told that documents were written that the cloud did not take, or one would hold up all behind
 *   it; `onrefused` hears of them first;
 * - asking for the ledger's own figures never fails: PouchDB does that on the side, where nobody catches it;
 * - the store's identity is the ledger's incarnation: unable to ask for it, PouchDB would take another one,
 *   and with it checkpoints that are not this incarnation's;
 * - the very first `_bulk_get` never fails: PouchDB would ask for every document on its own for the life of
 *   the page.
 */
export async function openRemote(
	ledgerUrl: string,
	incarnation: string,
	fetch: Fetch,
	onrefused: (refusals: readonly Refusal[]) => Promise<void>
): Promise<LocalDatabase> {
	let isPrimed = false;
	const remote = new PouchDB<StoredDocument>(ledgerUrl, {
		skip_setup: true,
		async fetch(url, init) {
			const { pathname } = new URL(String(url));
			if (!isPrimed && pathname.endsWith('/_bulk_get')) return Response.json({ results: [] });
			if (pathname.endsWith('/sync/')) return Response.json({ uuid: incarnation });
			if (/\/sync\/[^/]+\/?$/.test(pathname)) return neverFailing(() => fetch(url, init));
			const response = await fetch(url, init);
			if (!response.ok || !pathname.endsWith('/_bulk_docs')) return response;
			const refusals = (await response.json()) as Refusal[];
			if (refusals.length > 0) await onrefused(refusals);
			return Response.json([], { status: 201 });
		}
	});
	await remote.bulkGet({ docs: [] });
	isPrimed = true;
	return remote;
}

async function neverFailing(ask: () => Promise<Response>): Promise<Response> {
	try {
		const answer = await ask();
		return new Response(await answer.text(), answer);
	} catch (error) {
		return Response.json({ error: 'unreachable', reason: String(error) }, { status: 503 });
	}
}
