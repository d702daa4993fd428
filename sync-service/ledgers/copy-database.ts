import { type CouchClient, type CouchDocument, StoreUnavailable } from '#service/couch/client.ts';
import { readJson } from '#service/replication/store-answers.ts';

/** A database and the client that reaches it. */
export interface Reachable {
	client: CouchClient;
	database: string;
}

export interface DatabaseCopy {
	/**
	 * Copies what has changed since the last round and is not there yet: every leaf with its history, conflicting and
	 * deleted ones too, and nothing of `_local`.
	 *
	 * @returns how many revisions were missing.
	 * @throws {StoreUnavailable} and another round goes on from where this one was
	 * @throws {NoRoom} @throws {CopyRefused}
	 */
	round(): Promise<number>;
	/** The next round looks at everything again. */
	rewind(): void;
}

/** The store takes no more: its disk or its account is full. */
export class NoRoom extends Error {
	override name = 'NoRoom';
}

/** The store refuses what the other one had; a message for people, which names no document. */
export class CopyRefused extends Error {
	override name = 'CopyRefused';
}

/** Changes read with one request. */
const PAGE = 1_000;
/** Revisions read with one request, and characters written with one: documents are a megabyte at most. */
const BATCH = { revisions: 50, characters: 4 * 1024 ** 2 };

interface Change {
	id: string;
	changes: { rev: string }[];
}

interface BulkGet {
	results: { id: string; docs: { ok?: CouchDocument }[] }[];
}

/** Copies a ledger's documents from one store to another, as often as it takes. */
export function copyDatabase(from: Reachable, to: Reachable): DatabaseCopy {
	let since: string | undefined;

	async function ask<T>({ client, database }: Reachable, path: string, body?: object): Promise<T> {
		const method = body === undefined ? 'GET' : 'POST';
		const options = body === undefined ? {} : { body };
		return readJson<T>(await client.request(method, `/${database}/${path}`, options));
	}

	async function copyPage(changes: readonly Change[]): Promise<number> {
		// Told of twice, or in any order, as Cloudant may: what is missing is asked for once.
		const leaves: Record<string, string[]> = Object.create(null);
		for (const { id, changes: revisions } of changes) {
			if (id.startsWith('_')) continue;
			leaves[id] = [...new Set([...(leaves[id] ?? []), ...revisions.map(({ rev }) => rev)])];
		}
		if (Object.keys(leaves).length === 0) return 0;
		const missing = await ask<Record<string, { missing: string[] }>>(to, '_revs_diff', leaves);
		const wanted = Object.entries(missing).flatMap(([id, { missing: revisions }]) =>
			revisions.map((rev) => ({ id, rev }))
		);
		let copied = 0;
		for (let at = 0; at < wanted.length; at += BATCH.revisions) {
			const docs = wanted.slice(at, at + BATCH.revisions);
			const found = await ask<BulkGet>(from, '_bulk_get?revs=true', { docs });
			// One that is not there any more has a successor, of which a later change tells.
			copied += await write(
				found.results.flatMap(({ docs }) => docs.flatMap(({ ok }) => ok ?? []))
			);
		}
		return copied;
	}

	async function write(docs: readonly CouchDocument[]): Promise<number> {
		let batch: CouchDocument[] = [];
		let characters = 0;
		for (const document of docs) {
			const length = JSON.stringify(document).length;
			if (batch.length > 0 && characters + length > BATCH.characters) {
				await writeBatch(batch);
				[batch, characters] = [[], 0];
			}
			batch.push(document);
			characters += length;
		}
		if (batch.length > 0) await writeBatch(batch);
		return docs.length;
	}

	async function writeBatch(docs: readonly CouchDocument[]): Promise<void> {
		const body = { docs, new_edits: false };
		const answer = await to.client.request('POST', `/${to.database}/_bulk_docs`, { body });
		if (answer.status === 402 || answer.status === 507) {
			await answer.body?.cancel();
			throw new NoRoom('the store takes no more documents');
		}
		if (answer.status === 400 || answer.status === 413) {
			await answer.body?.cancel();
			throw new CopyRefused(`the store answered ${answer.status} to documents of the other one`);
		}
		const results = await readJson<{ error?: string }[]>(answer);
		const refused = results.find(({ error }) => error !== undefined);
		if (refused !== undefined)
			throw new CopyRefused(`the store refused a document: ${refused.error}`);
	}

	return {
		async round() {
			let copied = 0;
			for (;;) {
				const query = new URLSearchParams({
					feed: 'normal',
					style: 'all_docs',
					limit: String(PAGE),
					...(since !== undefined && { since })
				});
				const page = await ask<{ results: Change[]; last_seq: unknown }>(from, `_changes?${query}`);
				copied += await copyPage(page.results);
				const { last_seq: last } = page;
				since = typeof last === 'string' ? last : JSON.stringify(last);
				// Not until nothing at all is new: while somebody writes that may never be.
				if (page.results.length < PAGE) return copied;
			}
		},
		rewind() {
			since = undefined;
		}
	};
}

/** Whether a database is there. @throws {StoreUnavailable} */
export async function isThere({ client, database }: Reachable): Promise<boolean> {
	const answer = await client.request('GET', `/${database}`);
	await answer.body?.cancel();
	if (answer.ok || answer.status === 404) return answer.ok;
	throw new StoreUnavailable(`the store answered ${answer.status} about a database`);
}
