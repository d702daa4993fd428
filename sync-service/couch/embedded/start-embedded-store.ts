import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { toBasicAuthorization } from '#service/couch/credential.ts';
import { Databases } from '#service/couch/embedded/databases.ts';
import { createStoreServer } from '#service/couch/embedded/http-server.ts';
import { lockFolder } from '#service/couch/embedded/store-lock.ts';
import { beginRun } from '#service/couch/embedded/store-state.ts';
import { removeStoreFile, writeStoreFile } from '#service/couch/store-file.ts';

/** How many databases may be open at a time: each holds some five files and 3 MB. */
const OPEN_DATABASES = 200;

/** How long requests may go on after the store was told to stop, in milliseconds. */
const GRACE_MS = 5000;

const USER = 'outlay';

export interface EmbeddedStore {
	/** Where it listens, without the credential: that is in the store file. */
	url: string;
	/** Ends it cleanly: the epoch lives on. Calling it again waits for the same end. */
	stop(): Promise<void>;
}

export interface EmbeddedStoreOptions {
	/** The folder that holds everything; made if there is none. */
	dataDir: string;
	/** How many databases may be open at a time. */
	openDatabases?: number;
	/** Told about failures inside the store that a client only sees as 500. */
	report?: (failure: unknown) => void;
}

/**
 * Starts the embedded store on the loopback interface and says where in `DATA_DIR/store.json`.
 *
 * @throws {StoreBusy} when a store runs on that folder already.
 */
export async function startEmbeddedStore(options: EmbeddedStoreOptions): Promise<EmbeddedStore> {
	const dataDir = resolve(options.dataDir);
	const folder = join(dataDir, 'store');
	await mkdir(folder, { recursive: true, mode: 0o700 });
	const unlock = await lockFolder(join(folder, 'lock'), dataDir);
	try {
		return await run(dataDir, folder, options, unlock);
	} catch (error) {
		await unlock();
		throw error;
	}
}

async function run(
	dataDir: string,
	folder: string,
	{ openDatabases = OPEN_DATABASES, report = () => undefined }: EmbeddedStoreOptions,
	unlock: () => Promise<void>
): Promise<EmbeddedStore> {
	const state = await beginRun(join(folder, 'state.json'));
	const databases = await Databases.open(folder, openDatabases);
	const password = randomBytes(32).toString('base64url');
	const authorization = toBasicAuthorization(USER, password);
	const server = createStoreServer({ databases, epoch: state.epoch }, authorization, report);
	const url = await listen(server);
	await writeStoreFile(dataDir, { url, user: USER, password, pid: process.pid });

	let stopped: Promise<void> | undefined;
	const stop = async () => {
		await closeServer(server);
		await databases.close();
		await state.endCleanly();
		await removeStoreFile(dataDir);
		await unlock();
	};
	return { url, stop: () => (stopped ??= stop()) };
}

async function listen(server: Server): Promise<string> {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closeServer(server: Server): Promise<void> {
	const closed = once(server, 'close');
	server.close();
	const late = setTimeout(() => server.closeAllConnections(), GRACE_MS);
	await closed;
	clearTimeout(late);
}
