import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type AppParts, buildApp } from '#service/app.ts';
import { type Config, readConfig } from '#service/config.ts';
import { HOME, type Placements, toPlacements } from '#service/ledgers/placements.ts';
import { type OpenStore, openStore } from '#service/open-store.ts';
import {
	type CloudantFaults,
	EVERY_FAULT,
	type FakeCloudant
} from '#tests/support/fake-cloudant.ts';
import { COMPILE_CACHE } from '#tests/support/compile-cache.ts';
import { openBehindCloudant } from '#tests/support/behind-cloudant.ts';
import { type WatchedStore, watchStore } from '#tests/support/watched-store.ts';

export interface ServiceOptions {
	/** The store's folder; unset: one of its own, removed at the end. */
	dataDir?: string;
	/** Variables of the service. `COUCH_URL` is taken from the surroundings when it is set there. */
	env?: Record<string, string>;
	/** What is not in the environment; in-process only. */
	parts?: Partial<AppParts>;
	/** A Cloudant in between on which this goes wrong and nothing else, whatever the surroundings ask for; in-process only. */
	cloudant?: Partial<CloudantFaults>;
	/** How many databases the store may hold; in-process only. */
	capacity?: number;
	/** Stores beside it, in the order in which they are filled; in-process only. */
	further?: { name: string; capacity?: number }[];
	/** Another service whose store and accounts it shares, as a second process would; in-process only. */
	beside?: RunningService;
}

/** A placement, and the store that it is in. */
export interface Stored extends WatchedStore {
	name: string;
	capacity: number | undefined;
}

export interface RunningService {
	/** Where it listens, without a slash at the end. */
	url: string;
	store: WatchedStore;
	/** The Cloudant in between, where there is one. */
	cloudant: FakeCloudant | undefined;
	/** All that ledgers may be in, that one first. */
	stores: Stored[];
	placements: Placements;
	/** Closes the service only. */
	close(): Promise<void>;
	/** Closes everything and removes what it left. */
	stop(): Promise<void>;
}

/** Runs the service in this process, on a free port, over a real store. */
export async function runService(options: ServiceOptions = {}): Promise<RunningService> {
	const folder = await takeFolder(options);
	const verdict = readConfig({ ...toEnvironment(folder.path), ...options.env });
	if (!verdict.ok) throw new Error(verdict.sentences.join(' '));
	const { config } = verdict;
	// A CouchDB of our own is shared by all tests: each has accounts of its own in it.
	const accountsDatabase =
		options.beside?.store.accountsDatabase ?? `outlay-accounts-${randomUUID()}`;
	const { stores, cloudant, stopStores } = await openStores(options, config, accountsDatabase);
	const [store, ...others] = stores;
	const placements = toPlacements(store, others);
	const app = await buildApp({
		client: store.client,
		provisioner: store.provisioner,
		placements,
		publicUrl: config.publicUrl,
		trustProxy: config.trustProxy,
		pagesFolder: join(folder.path, 'no-pages'),
		accountsDatabase,
		// A store that fails on purpose is no news; an error of the service's own is.
		logLevel: 'error',
		signUpMode: config.signUpMode,
		quota: config.quota,
		...options.parts,
		limits: {
			signUps: { most: 10_000, windowMs: 1_000 },
			requests: { most: 1_000_000, windowMs: 1_000 },
			...options.parts?.limits
		}
	});
	const url = await app.listen({ port: 0, host: '127.0.0.1' });
	return {
		url,
		store,
		cloudant,
		stores,
		placements,
		close: () => app.close(),
		async stop() {
			await app.close();
			for (const { removeEverything } of stores) await removeEverything();
			await stopStores();
			await folder.remove();
		}
	};
}

/** The store of the accounts and those beside it; those of another service where it runs beside that. */
async function openStores(
	{ beside, capacity, further = [], cloudant }: ServiceOptions,
	config: Config,
	accountsDatabase: string
): Promise<{
	stores: [Stored, ...Stored[]];
	cloudant: FakeCloudant | undefined;
	stopStores(): Promise<void>;
}> {
	if (beside !== undefined) {
		const [home, ...others] = beside.stores.map(
			({ real, accountsDatabase, made, name, capacity }) =>
				Object.assign(watchStore(real, accountsDatabase, made), { name, capacity })
		);
		return { stores: [home!, ...others], cloudant: beside.cloudant, stopStores: async () => {} };
	}
	const open = await openTestStore(config, cloudant);
	const home = Object.assign(watchStore(open, accountsDatabase), { name: HOME, capacity });
	const stores: [Stored, ...Stored[]] = [home];
	const stops = [open.stop];
	for (const { name, capacity } of further) {
		const other = await openTestStore({ ...config, dataDir: join(config.dataDir, name) }, cloudant);
		stores.push(Object.assign(watchStore(other, ''), { name, capacity }));
		stops.push(other.stop);
	}
	return {
		stores,
		cloudant: open.cloudant,
		stopStores: async () => {
			for (const stop of stops.reverse()) await stop();
		}
	};
}

/** The store the surroundings ask for: with `STORE=fake-cloudant`, the same behind a Cloudant with every fault. */
function openTestStore(config: Config, faults?: Partial<CloudantFaults>): Promise<TestStore> {
	if (faults) return openBehindCloudant(config, faults);
	const isFake = process.env.STORE === 'fake-cloudant';
	return isFake ? openBehindCloudant(config, EVERY_FAULT) : openStore(config, () => {});
}

type TestStore = OpenStore & { cloudant?: FakeCloudant };

export interface ServiceProcess {
	url: string;
	dataDir: string;
	/** Variables by which a command finds its store. */
	storeEnv: Record<string, string>;
	pid: number;
	/** What it has said so far. */
	output(): string;
	/** As a power cut would: nothing is asked, nothing is closed. */
	kill(): Promise<void>;
	/** Asks it to end; resolves with its exit code. */
	end(signal?: 'SIGTERM' | 'SIGINT'): Promise<number | null>;
	/** Kills what still runs and removes what it left. */
	clean(): Promise<void>;
}

/** Runs the service as people do: as a process of its own, on a free port. */
export async function spawnService(options: ServiceOptions = {}): Promise<ServiceProcess> {
	const folder = await takeFolder(options);
	const child = spawnServer({ ...toEnvironment(folder.path), ...options.env });
	const exited = once(child, 'exit');
	let said = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (text: string) => (said += text));
	}
	const line = await Promise.race([
		findLine(child.stdout, 'Outlay is at '),
		exited.then(([code]) => Promise.reject(new Error(`The service ended with ${code}.`)))
	]);
	const url = /^Outlay is at (http:\/\/\S+)$/.exec(line)?.[1];
	if (url === undefined) throw new Error(`The service said: ${line}`);
	const kill = async () => {
		child.kill('SIGKILL');
		await exited;
	};
	return {
		url,
		dataDir: folder.path,
		storeEnv: toEnvironment(folder.path),
		pid: child.pid ?? 0,
		output: () => said,
		kill,
		async end(signal = 'SIGTERM') {
			child.kill(signal);
			return (await exited)[0] as number | null;
		},
		async clean() {
			if (child.exitCode === null && child.signalCode === null) await kill();
			await folder.remove();
		}
	};
}

/** The first line that begins with `beginning`; a log may have had lines before. */
function findLine(stream: Readable, beginning: string): Promise<string> {
	return new Promise((resolve) => {
		createInterface(stream).on('line', (line) => {
			if (line.startsWith(beginning)) resolve(line);
		});
	});
}

/** Removes somebody from a CouchDB that outlives the service; an embedded store goes with its folder. */
export async function removePerson({ accountId }: { accountId: string }): Promise<void> {
	const couchUrl = process.env.COUCH_URL;
	if (!couchUrl) return;
	const { client, provisioner } = await openStore({ couchUrl, dataDir: '' }, () => {});
	for (const row of await client.list('outlay-accounts', '')) {
		const owners = [row.accountId, row.userId, row._id.replace(/^account:/, '')];
		if (!owners.includes(accountId)) continue;
		if (row.database !== undefined) await provisioner.destroyDatabase(String(row.database));
		await client.remove('outlay-accounts', row._id, String(row._rev));
	}
}

/** Starts the service and waits for its end: what it said, and its exit code. */
export async function runUntilExit(
	env: Record<string, string>
): Promise<{ code: number; stdout: string; stderr: string }> {
	const child = spawnServer(env);
	const said = { stdout: '', stderr: '' };
	child.stdout.setEncoding('utf8').on('data', (text) => (said.stdout += text));
	child.stderr.setEncoding('utf8').on('data', (text) => (said.stderr += text));
	const [code] = await once(child, 'close');
	return { code: code as number, ...said };
}

function spawnServer(env: Record<string, string>) {
	const server = join(import.meta.dirname, '..', '..', 'sync-service', 'server.ts');
	return spawn(process.execPath, [server], {
		env: { PATH: process.env.PATH ?? '', ...COMPILE_CACHE, ...env },
		stdio: ['ignore', 'pipe', 'pipe']
	});
}

function toEnvironment(dataDir: string): Record<string, string> {
	const couchUrl = process.env.COUCH_URL;
	return {
		PORT: '0',
		DATA_DIR: dataDir,
		LOG_LEVEL: 'warn',
		SIGN_UPS_PER_HOUR: '10000',
		...(couchUrl && { COUCH_URL: couchUrl })
	};
}

async function takeFolder({ dataDir }: ServiceOptions) {
	if (dataDir !== undefined) return { path: dataDir, remove: async () => {} };
	const path = await mkdtemp(join(tmpdir(), 'outlay-'));
	return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
