import { resolve } from 'node:path';
import { setTimeout as pauseFor } from 'node:timers/promises';
import type { Config } from '#service/config.ts';
import { type CouchClient, StoreUnavailable } from '#service/couch/client.ts';
import { createDatabase, destroyDatabase } from '#service/couch/cloudant.ts';
import { createCouchClient } from '#service/couch/couch-client.ts';
import { startEmbeddedStore } from '#service/couch/embedded/start-embedded-store.ts';
import { StoreBusy } from '#service/couch/embedded/store-lock.ts';
import { type ResolveStore, toStoreResolver } from '#service/couch/store-address.ts';
import { findRunningStore } from '#service/couch/store-file.ts';
import type { Provisioner } from '#service/ledgers/provision.ts';
import { readJson } from '#service/replication/store-answers.ts';

/** Milliseconds a store that holds the folder's lock may take until it answers. */
const BEGINNING_MS = 10_000;

export interface OpenStore {
	client: CouchClient;
	provisioner: Provisioner;
	/** Stops the store if it runs in this process. */
	stop(): Promise<void>;
}

/**
 * Finds the store the configuration speaks of, or starts one in this process.
 *
 * @param report told about failures inside a store that is started here
 * @throws {CredentialMissing} when what should hold a Cloudant's credentials does not
 * @throws {StoreBusy} when another holds the folder and does not answer
 * @throws the system's error when the folder cannot be used
 */
export async function openStore(
	config: Pick<Config, 'couchUrl' | 'dataDir'> & { cloudant?: Config['cloudant'] },
	report: (failure: unknown) => void
): Promise<OpenStore> {
	const dataDir = resolve(config.dataDir);
	let stop = async () => {};
	const { couchUrl, cloudant } = config;
	const isElsewhere = couchUrl !== undefined || cloudant !== undefined;
	if (!isElsewhere && (await findRunningStore(dataDir)) === undefined) {
		stop = await startStore(dataDir, report);
	}
	const store = toStoreResolver({ dataDir, couchUrl, cloudant });
	// A secret that is not mounted is better said at the start than with every request.
	if (isElsewhere) await store();
	const client = createCouchClient({ resolve: store });
	return {
		client,
		provisioner: createProvisioner(store, client),
		stop
	};
}

/** Makes databases in whatever store `store` finds. */
function createProvisioner(store: ResolveStore, client: CouchClient): Provisioner {
	return {
		async createDatabase(name) {
			const creation = await createDatabase(await findStore(store), name);
			return creation.ok ? 'created' : 'full';
		},
		async destroyDatabase(name) {
			await destroyDatabase(await findStore(store), name);
		},
		async countDatabases() {
			const names = await readJson<string[]>(await client.request('GET', '/_all_dbs'));
			return names.filter((name) => !name.startsWith('_')).length;
		}
	};
}

async function findStore(store: ResolveStore): ReturnType<ResolveStore> {
	try {
		return await store();
	} catch (error) {
		throw new StoreUnavailable('no store is there to make databases in', { cause: error });
	}
}

async function startStore(
	dataDir: string,
	report: (failure: unknown) => void
): Promise<() => Promise<void>> {
	try {
		const store = await startEmbeddedStore({ dataDir, report });
		return () => store.stop();
	} catch (error) {
		if (!(error instanceof StoreBusy)) throw error;
		// It may be starting at this very moment in a process of its own.
		const deadline = Date.now() + BEGINNING_MS;
		while (Date.now() < deadline) {
			if ((await findRunningStore(dataDir)) !== undefined) return async () => {};
			await pauseFor(100);
		}
		throw error;
	}
}
