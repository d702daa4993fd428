import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/**
 * Begins the embedded store as a process of its own on a folder, where the service finds it; nothing where
 * `COUCH_URL` names a CouchDB. Resolves with the way to end it.
 */
export async function spawnStore(dataDir: string): Promise<() => Promise<void>> {
	if (process.env.COUCH_URL) return async () => {};
	const script = join(import.meta.dirname, '..', '..', '..', 'sync-service', 'store.ts');
	const store = spawn(process.execPath, [script], {
		env: { ...process.env, DATA_DIR: dataDir },
		stdio: ['ignore', 'pipe', 'inherit']
	});
	await once(store.stdout, 'data');
	return async () => {
		store.kill();
		await once(store, 'exit');
	};
}
