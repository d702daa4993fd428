import { openLevel } from '#service/couch/embedded/level.ts';

/** The folder belongs to a store that runs already, in this process or in another. */
export class StoreBusy extends Error {
	override name = 'StoreBusy';
}

/**
 * Keeps any second store off a folder. The lock is LevelDB's, and through it the system's: it ends with
 * the process, whatever ended that, and leaves nothing stale behind.
 *
 * @returns how to let go.
 * @throws {StoreBusy} when another store holds it.
 */
export async function lockFolder(folder: string, dataDir: string): Promise<() => Promise<void>> {
	const level = openLevel(folder);
	await new Promise<void>((resolve, reject) => {
		level.open({ createIfMissing: true }, (error) => {
			if (!error) resolve();
			else if (/lock/i.test(error.message)) reject(toBusy(dataDir, error));
			else reject(new Error(`The store cannot use ${folder}`, { cause: error }));
		});
	});
	return () =>
		new Promise((resolve, reject) => {
			level.close((error) => (error ? reject(error) : resolve()));
		});
}

function toBusy(dataDir: string, cause: Error): StoreBusy {
	return new StoreBusy(
		`Another store is already running on ${dataDir}. Stop that one first, or use another DATA_DIR.`,
		{ cause }
	);
}
