import { createRequire } from 'node:module';

/** What we use of a LevelDB binding; values and errors as `leveldown` has them. */
export interface Level {
	open(options: { createIfMissing: boolean }, done: (error?: Error) => void): void;
	close(done: (error?: Error) => void): void;
	compactRange(start: string, end: string, done: (error?: Error) => void): void;
	_batch(
		operations: { key: string | Uint8Array }[],
		options: object,
		done: (error?: Error) => void
	): void;
}

// PouchDB brings leveldown along: taking that very one keeps a single binding in the process.
const require = createRequire(createRequire(import.meta.url).resolve('pouchdb'));
export const openLevel = require('leveldown') as (folder: string) => Level;

/** Where PouchDB's LevelDB adapter keeps `_local` documents: the key's prefix. */
const LOCAL_PREFIX = '\u00fflocal-store\u00ff';

/**
 * LevelDB as PouchDB opens it, with one difference: a write is on the disk (fsync), not only in the
 * system's cache, before it is acknowledged. Checkpoints are left out: losing one costs a re-scan, and
 * they are four writes of five.
 */
export function openDurableLevel(folder: string): Level {
	const level = openLevel(folder);
	const batch = level._batch.bind(level);
	level._batch = (operations, options, done) => {
		const sync = !operations.every(({ key }) => String(key).startsWith(LOCAL_PREFIX));
		batch(operations, { ...options, sync }, done);
	};
	return level;
}

/** Gives the disk back what was deleted or written over, which LevelDB itself does only as it is written to. */
export function reclaim(level: Level): Promise<void> {
	return new Promise((resolve, reject) => {
		const done = (error?: Error) => (error ? reject(error) : resolve());
		level.compactRange('\0', '\uffff', done);
	});
}
