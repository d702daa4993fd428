import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { writeDurably } from '#service/couch/embedded/durable-file.ts';

/**
 * The store's epoch: the same from one clean stop to the next start, another after a crash. Devices
 * that see another one look through everything again, so nothing depends on the disk's last moments.
 */
export interface StoreState {
	readonly epoch: string;
	/** Notes that everything is closed and on the disk. */
	endCleanly(): Promise<void>;
}

/** Begins a run. Until `endCleanly`, the file says that the run did not end well. */
export async function beginRun(path: string): Promise<StoreState> {
	const epoch = (await findCleanEpoch(path)) ?? randomUUID().replaceAll('-', '');
	const note = (clean: boolean) => writeDurably(path, `${JSON.stringify({ epoch, clean })}\n`);
	await note(false);
	return { epoch, endCleanly: () => note(true) };
}

async function findCleanEpoch(path: string): Promise<string | undefined> {
	let state: unknown;
	try {
		state = JSON.parse(await readFile(path, 'utf8'));
	} catch (error) {
		// None yet, or not one that we wrote: in doubt, a new epoch.
		if (error instanceof SyntaxError || isNoSuchFile(error)) return undefined;
		throw error;
	}
	if (typeof state !== 'object' || state === null) return undefined;
	if (!('clean' in state) || state.clean !== true) return undefined;
	return 'epoch' in state && typeof state.epoch === 'string' ? state.epoch : undefined;
}

function isNoSuchFile(error: unknown): boolean {
	return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
