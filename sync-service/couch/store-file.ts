import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { basicCredential, toBasicAuthorization } from '#service/couch/credential.ts';
import { writeDurably } from '#service/couch/embedded/durable-file.ts';
import type { StoreAddress } from '#service/couch/store-address.ts';

/** What a running embedded store says about itself in `DATA_DIR/store.json`. */
export interface StoreFile {
	url: string;
	user: string;
	password: string;
	/** The process that it runs in. */
	pid: number;
}

/** How long a store may take to say that it is there, in milliseconds. */
const ANSWER_MS = 2000;

export function writeStoreFile(dataDir: string, file: StoreFile): Promise<void> {
	return writeDurably(toPath(dataDir), `${JSON.stringify(file)}\n`, 0o600);
}

export function removeStoreFile(dataDir: string): Promise<void> {
	return rm(toPath(dataDir), { force: true });
}

/** The file as it is, whether or not its store still runs; `undefined` where there is none. */
export async function readStoreFile(dataDir: string): Promise<StoreFile | undefined> {
	let value: unknown;
	try {
		value = JSON.parse(await readFile(toPath(dataDir), 'utf8'));
	} catch (error) {
		if (error instanceof SyntaxError) return undefined;
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
		throw error;
	}
	return isStoreFile(value) ? value : undefined;
}

/** The embedded store that runs on `dataDir`, in whatever process; `undefined` when none answers. */
export async function findRunningStore(dataDir: string): Promise<StoreAddress | undefined> {
	const file = await readStoreFile(dataDir);
	if (!file) return undefined;
	const { url, user, password } = file;
	try {
		const response = await fetch(`${url}/`, {
			headers: { authorization: toBasicAuthorization(user, password) },
			signal: AbortSignal.timeout(ANSWER_MS)
		});
		await response.body?.cancel();
		return response.ok ? { url, credential: basicCredential(user, password) } : undefined;
	} catch {
		// Nobody there: the file was left behind by a store that was killed.
		return undefined;
	}
}

function isStoreFile(value: unknown): value is StoreFile {
	return (
		typeof value === 'object' &&
		value !== null &&
		'url' in value &&
		typeof value.url === 'string' &&
		'user' in value &&
		typeof value.user === 'string' &&
		'password' in value &&
		typeof value.password === 'string'
	);
}

function toPath(dataDir: string): string {
	return join(dataDir, 'store.json');
}
