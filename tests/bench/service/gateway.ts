/**
 * Replication through the gateway against the same store without it, in one run. Store, service and
 * device are a process each, as in real life.
 *
 *     node tests/bench/service/gateway.ts                 # on the embedded store
 *     COUCH_URL=… node tests/bench/service/gateway.ts     # on a CouchDB
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PouchDB from 'pouchdb';
import { toStoreResolver } from '#service/couch/store-address.ts';
import { generateLargeLedger } from '#tests/support/large-ledger.ts';
import { removePerson, spawnService } from '#tests/support/run-service.ts';
import { openDevice, openRemote } from '#tests/service/devices.ts';
import { signUp } from '#tests/service/people.ts';
import { quantile } from '#tests/bench/quantile.ts';
import { spawnStore } from './spawn-store.ts';

/** At least so many times as fast as without the gateway. */
const TARGET = 0.9;
const DOCUMENTS = 2_000;
const ROUNDS = 9;
const BATCH = { batch_size: 500, batches_limit: 4 };

async function timed(work: () => Promise<unknown>): Promise<number> {
	const began = performance.now();
	await work();
	return performance.now() - began;
}

/** A device that holds a ledger which no cloud has yet. */
async function filledDevice(): Promise<PouchDB.Database> {
	const device = openDevice();
	await device.bulkDocs(generateLargeLedger(DOCUMENTS).transactions);
	return device;
}

/** Milliseconds to send a ledger to an empty remote and to fetch it to a new device. */
async function pushAndPull(source: PouchDB.Database, remote: PouchDB.Database) {
	const other = openDevice();
	// Neither a session's first look-up nor a database's opening is replication.
	await remote.info();
	const push = await timed(() => PouchDB.replicate(source, remote, BATCH));
	const pull = await timed(() => PouchDB.replicate(remote, other, BATCH));
	const { doc_count } = await other.info();
	if (doc_count !== DOCUMENTS) throw new Error(`${doc_count} of ${DOCUMENTS} documents arrived`);
	await other.destroy();
	return { push, pull };
}

/** The store itself, as PouchDB reaches it with the service's own credential. */
async function openDirect(name: string, dataDir: string): Promise<Direct> {
	const couchUrl = process.env.COUCH_URL;
	const resolve = toStoreResolver({ dataDir, ...(couchUrl && { couchUrl }) });
	const { url, credential } = await resolve();
	const authorization = await credential.authorization();
	const send = (address: string, options: RequestInit = {}) => {
		const headers = new Headers(options.headers);
		if (authorization) headers.set('authorization', authorization);
		return fetch(address, { ...options, headers });
	};
	await send(`${url}/${name}`, { method: 'PUT' });
	return {
		database: new PouchDB(`${url}/${name}`, {
			skip_setup: true,
			fetch: (address, options) => send(address as string, options as RequestInit)
		}),
		destroy: async () => void (await send(`${url}/${name}`, { method: 'DELETE' }))
	};
}

interface Direct {
	database: PouchDB.Database;
	destroy(): Promise<void>;
}

async function compare(url: string, dataDir: string): Promise<void> {
	const rounds: { push: number; pull: number }[] = [];
	const source = await filledDevice();
	for (let round = 0; round < ROUNDS; round++) {
		const person = await signUp(url);
		const name = `ledger-bench-${Date.now()}-${round}`;
		const store = await openDirect(name, dataDir);
		const direct = await pushAndPull(source, store.database);
		const through = await pushAndPull(source, openRemote(person).database);
		await store.destroy();
		await removePerson(person);
		rounds.push({ push: direct.push / through.push, pull: direct.pull / through.pull });
	}
	await source.destroy();
	for (const way of ['push', 'pull'] as const) {
		const ratio = quantile(
			rounds.map((round) => round[way]),
			0.5
		);
		console.log(
			`${way} of ${DOCUMENTS} documents: ${ratio.toFixed(2)}× as fast through the gateway as without (target ≥ ${TARGET}): ${ratio >= TARGET ? 'met' : 'MISSED'}`
		);
	}
}

const dataDir = await mkdtemp(join(tmpdir(), 'outlay-gateway-'));
const endStore = await spawnStore(dataDir);
const service = await spawnService({ dataDir });
try {
	await compare(service.url, dataDir);
} finally {
	await service.kill();
	await endStore();
	await rm(dataDir, { recursive: true, force: true });
}
