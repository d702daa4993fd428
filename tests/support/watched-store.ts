import { type CouchClient, type CouchDocument, StoreUnavailable } from '#service/couch/client.ts';
import type { Provisioner } from '#service/ledgers/provision.ts';

/** What a store does with one operation: fails before it, or does it and loses the answer. */
export type Fault = 'refused' | 'answer-lost';

/** A real store that keeps count of what it is asked, and fails when it is told to. */
export interface WatchedStore {
	client: CouchClient;
	provisioner: Provisioner;
	/** The store itself, not counted and never failing. */
	real: { client: CouchClient; provisioner: Provisioner };
	/** '' where the accounts are in another. */
	accountsDatabase: string;
	/** Every database that was made here. */
	made: Set<string>;
	/** Every request, as `GET /ledger-…/_changes?…`. */
	requests: string[];
	/** Those that are not about accounts, which the service looks at by itself. */
	readonly ledgerRequests: string[];
	/** Asked before each operation, with its number since `plan` was set. */
	plan: ((operation: number) => Fault | undefined) | undefined;
	/** Operations since `plan` was set last. */
	operations: number;
	/** Holds back the answers to the gateway's requests this matches until the promise is settled. */
	hold: ((request: string) => Promise<unknown> | undefined) | undefined;
	databases(): Promise<string[]>;
	rows(): Promise<CouchDocument[]>;
	removeEverything(): Promise<void>;
}

/** Nothing reaches the store any more after that operation, as when the process is killed. */
export function breakOff(last: number, fault: Fault): (operation: number) => Fault | undefined {
	return (operation) => {
		if (operation < last) return undefined;
		return operation === last ? fault : 'refused';
	};
}

export function watchStore(
	real: { client: CouchClient; provisioner: Provisioner },
	accountsDatabase: string,
	made = new Set(accountsDatabase === '' ? [] : [accountsDatabase])
): WatchedStore {
	const { client, provisioner } = real;

	async function run<T>(work: () => Promise<T>): Promise<T> {
		const fault = store.plan?.(++store.operations);
		if (fault === 'refused') throw new StoreUnavailable('refused by the test');
		const result = await work();
		if (fault === 'answer-lost') throw new StoreUnavailable('answer lost by the test');
		return result;
	}

	const store: WatchedStore = {
		real,
		accountsDatabase,
		made,
		requests: [],
		get ledgerRequests() {
			return store.requests.filter((request) => !request.includes(` /${accountsDatabase}`));
		},
		plan: undefined,
		operations: 0,
		hold: undefined,
		client: {
			async request(method, path, options) {
				const request = `${method} ${path}`;
				store.requests.push(request);
				const response = await run(() => client.request(method, path, options));
				await store.hold?.(request);
				return response;
			},
			...(client.meter && { meter: client.meter }),
			epoch: () => client.epoch(),
			find: (database, id) => run(() => client.find(database, id)),
			put: (database, document) => run(() => client.put(database, document)),
			remove: (database, id, rev) => run(() => client.remove(database, id, rev)),
			list: (database, prefix) => run(() => client.list(database, prefix))
		},
		provisioner: {
			createDatabase(name) {
				made.add(name);
				return run(() => provisioner.createDatabase(name));
			},
			destroyDatabase: (name) => run(() => provisioner.destroyDatabase(name)),
			// Of a store that is shared, only the own ones count.
			countDatabases: () => run(async () => (await store.databases()).length)
		},
		async databases() {
			const names = (await (await client.request('GET', '/_all_dbs')).json()) as string[];
			return names.filter((name) => made.has(name));
		},
		rows: () => client.list(accountsDatabase, ''),
		async removeEverything() {
			for (const name of made) await provisioner.destroyDatabase(name);
		}
	};
	return store;
}
