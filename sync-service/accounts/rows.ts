import { type CouchClient, type CouchDocument, StoreUnavailable } from '#service/couch/client.ts';
import { readAnswer } from '#service/couch/read-answer.ts';
import type { Provisioner } from '#service/ledgers/provision.ts';

/** Where accounts, sessions and the ledgers' rows are. */
export const ACCOUNTS_DATABASE = 'outlay-accounts';

/** The documents of the service's own database, which is made when it is first needed. */
export interface Rows {
	/** Makes sure the database is there. @throws {StoreUnavailable} */
	prepare(): Promise<void>;
	find<T extends CouchDocument>(id: string): Promise<T | undefined>;
	put(row: CouchDocument): Promise<{ rev: string } | 'conflict'>;
	remove(id: string, rev: string): Promise<'removed' | 'conflict'>;
	/** All rows whose id starts with `prefix`. */
	list<T extends CouchDocument>(prefix: string): Promise<T[]>;
	/** Several rows at the same time, each in the place of its id. */
	findMany<T extends CouchDocument>(ids: readonly string[]): Promise<(T | undefined)[]>;
	/** At most `most` rows whose ids start with `prefix` and come after `after`, in their order. */
	listAfter<T extends CouchDocument>(prefix: string, after: string, most: number): Promise<T[]>;
	/**
	 * The ids of what was written or removed after `since`, which is opaque; without it, where the database is now.
	 * A database that is not made yet has no changes. An id may come more than once.
	 */
	changes(since?: string): Promise<RowChanges>;
}

export interface RowChanges {
	changes: { id: string; removed: boolean; /** By this process. */ own: boolean }[];
	/** Where these changes end. */
	last: string;
	/** Whether there may be more after them. */
	more: boolean;
}

/** How many changes are read with one request. */
const CHANGES_PAGE = 1000;
/** How many of its own writes a process remembers, to tell them from those of others. */
const REMEMBERED_WRITES = 10_000;

export function openRows(client: CouchClient, provisioner: Provisioner, database: string): Rows {
	let prepared: Promise<void> | undefined;
	const written = new Set<string>();

	function remember(write: string): void {
		written.add(write);
		const [oldest] = written;
		if (written.size > REMEMBERED_WRITES && oldest !== undefined) written.delete(oldest);
	}

	async function createWhereMissing(): Promise<void> {
		const response = await client.request('GET', `/${database}`);
		await response.body?.cancel();
		if (response.ok) return;
		const created = await provisioner.createDatabase(database);
		if (created === 'full') throw new StoreUnavailable(`The store has no room for ${database}.`);
	}

	async function prepare(): Promise<void> {
		const preparing = (prepared ??= createWhereMissing());
		try {
			await preparing;
		} catch (error) {
			// A failure is not to be remembered: the store may be back the next time.
			if (prepared === preparing) prepared = undefined;
			throw error;
		}
	}

	async function ask(path: string): Promise<Response> {
		const response = await client.request('GET', `/${database}/${path}`);
		if (response.ok || response.status === 404) return response;
		await response.body?.cancel();
		throw new StoreUnavailable(`the store answered ${response.status} for ${database}`);
	}

	return {
		prepare,
		async find<T extends CouchDocument>(id: string) {
			await prepare();
			return client.find<T>(database, id);
		},
		async put(row) {
			await prepare();
			const outcome = await client.put(database, row);
			if (outcome !== 'conflict') remember(`${row._id} ${outcome.rev}`);
			return outcome;
		},
		async remove(id, rev) {
			await prepare();
			return client.remove(database, id, rev);
		},
		async list<T extends CouchDocument>(prefix: string) {
			await prepare();
			return client.list<T>(database, prefix);
		},
		async findMany<T extends CouchDocument>(ids: readonly string[]) {
			await prepare();
			// Cloudant lets twenty times as many single reads through as requests for several documents.
			return Promise.all(ids.map((id) => client.find<T>(database, id)));
		},
		async listAfter<T extends CouchDocument>(prefix: string, after: string, most: number) {
			await prepare();
			const query = new URLSearchParams({
				include_docs: 'true',
				// The next possible id after `after`.
				startkey: JSON.stringify(after < prefix ? prefix : `${after}\u0000`),
				endkey: JSON.stringify(`${prefix}\ufff0`),
				limit: String(most)
			});
			const response = await ask(`_all_docs?${query}`);
			if (!response.ok) throw new StoreUnavailable(`the store has no database ${database}`);
			const { rows } = await readAnswer<{ rows: { doc: T }[] }>(response);
			return rows.map(({ doc }) => doc);
		},
		async changes(since) {
			const query = new URLSearchParams({
				feed: 'normal',
				limit: String(since === undefined ? 1 : CHANGES_PAGE),
				since: since ?? 'now'
			});
			const response = await ask(`_changes?${query}`);
			if (!response.ok) {
				await response.body?.cancel();
				return { changes: [], last: '0', more: false };
			}
			const answer = await readAnswer<{
				results: { id: string; deleted?: boolean; changes: { rev: string }[] }[];
				last_seq: string | number;
			}>(response);
			return {
				changes: answer.results.map(({ id, deleted, changes }) => ({
					id,
					removed: deleted === true,
					own: changes.every(({ rev }) => written.has(`${id} ${rev}`))
				})),
				last: String(answer.last_seq),
				more: answer.results.length >= CHANGES_PAGE
			};
		}
	};
}
