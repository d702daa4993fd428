import { type CouchClient, type CouchDocument, StoreUnavailable } from '#service/couch/client.ts';
import type { Provisioner } from '#service/ledgers/provision.ts';

/** The documents of the service's own database, which is made when it is first needed. */
export interface Rows {
	/** Makes sure the database is there. @throws {StoreUnavailable} */
	prepare(): Promise<void>;
	find<T extends CouchDocument>(id: string): Promise<T | undefined>;
	put(row: CouchDocument): Promise<{ rev: string } | 'conflict'>;
	remove(id: string, rev: string): Promise<'removed' | 'conflict'>;
	/** All rows whose id starts with `prefix`. */
	list<T extends CouchDocument>(prefix: string): Promise<T[]>;
}

export function openRows(client: CouchClient, provisioner: Provisioner, database: string): Rows {
	let prepared: Promise<void> | undefined;

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

	return {
		prepare,
		async find<T extends CouchDocument>(id: string) {
			await prepare();
			return client.find<T>(database, id);
		},
		async put(row) {
			await prepare();
			return client.put(database, row);
		},
		async remove(id, rev) {
			await prepare();
			return client.remove(database, id, rev);
		},
		async list<T extends CouchDocument>(prefix: string) {
			await prepare();
			return client.list<T>(database, prefix);
		}
	};
}
