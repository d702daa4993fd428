import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toBasicAuthorization } from '#service/couch/credential.ts';
import { startEmbeddedStore } from '#service/couch/embedded/start-embedded-store.ts';
import { readStoreFile } from '#service/couch/store-file.ts';

/** A JSON answer; `any`, because a test says itself what it expects of it. */
export interface Asked {
	status: number;
	headers: Headers;
	// eslint-disable-next-line @typescript-eslint/no-explicit-any
	body: any;
}

export type Ask = (method: string, path: string, body?: unknown) => Promise<Asked>;

export interface TestStore {
	dataDir: string;
	url: string;
	authorization: string;
	/** What the store could not answer and was nobody's fault. */
	failures: unknown[];
	ask: Ask;
	/** Stops it and removes all it kept. */
	stop(): Promise<void>;
}

/** An embedded store of a test's own, in a folder of its own. */
export async function startTestStore(options: { openDatabases?: number } = {}): Promise<TestStore> {
	const dataDir = await makeDataDir();
	const failures: unknown[] = [];
	const store = await startEmbeddedStore({
		dataDir,
		report: (failure) => failures.push(failure),
		...options
	});
	const authorization = await readAuthorization(dataDir);
	return {
		dataDir,
		url: store.url,
		authorization,
		failures,
		ask: toAsk(store.url, authorization),
		stop: async () => {
			await store.stop();
			await rm(dataDir, { recursive: true, force: true });
		}
	};
}

export function makeDataDir(): Promise<string> {
	return mkdtemp(join(tmpdir(), 'outlay-store-'));
}

/** The credential of the store that runs on `dataDir`. */
export async function readAuthorization(dataDir: string): Promise<string> {
	const file = await readStoreFile(dataDir);
	if (!file) throw new Error(`No store runs on ${dataDir}`);
	return toBasicAuthorization(file.user, file.password);
}

export function toAsk(url: string, authorization: string): Ask {
	return async (method, path, body) => {
		const response = await fetch(url + path, {
			method,
			headers: { authorization, 'content-type': 'application/json' },
			body: body === undefined ? null : JSON.stringify(body)
		});
		const text = await response.text();
		return {
			status: response.status,
			headers: response.headers,
			body: text ? JSON.parse(text) : undefined
		};
	};
}

interface Replicated {
	ok: boolean;
	docs_written: number;
	docs_read: number;
	doc_write_failures: number;
}

/** What tests use of PouchDB as a device does. */
export interface Replica {
	put(document: object): Promise<{ rev: string }>;
	get(
		id: string,
		options?: object
	): Promise<{ _id: string; _rev: string; [field: string]: unknown }>;
	remove(id: string, rev: string): Promise<unknown>;
	bulkDocs(documents: object[]): Promise<{ id: string; rev: string }[]>;
	allDocs(options?: object): Promise<{ rows: { id: string; value: { rev: string } }[] }>;
	info(): Promise<{ doc_count: number }>;
	close(): Promise<void>;
	replicate: {
		to(other: Replica, options?: object): Promise<Replicated>;
		from(other: Replica, options?: object): Promise<Replicated>;
	};
}

const require = createRequire(import.meta.url);
const PouchDB = require('pouchdb');
PouchDB.plugin(require('pouchdb-adapter-memory'));

/** A device's own database, in memory. */
export function makeReplica(name: string): Replica {
	return new PouchDB(name, { adapter: 'memory' });
}

/** The store's database as PouchDB's own HTTP adapter sees it. */
export function openRemote(url: string, authorization: string): Replica {
	return new PouchDB(url, {
		skip_setup: true,
		fetch: (to: string, options: RequestInit) => {
			const headers = new Headers(options.headers);
			headers.set('authorization', authorization);
			return PouchDB.fetch(to, { ...options, headers: Object.fromEntries(headers) });
		}
	});
}
