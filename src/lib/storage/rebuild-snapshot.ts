import { readSnapshot, writeSnapshot } from './ledger-snapshot.ts';
import type { LocalDatabase } from './open-database.ts';
import { readForSnapshot } from './read-for-snapshot.ts';

/**
 * Brings the snapshot of a ledger up to date: reads what has changed since the last one, or everything where
 * there is none, and keeps the result. Nothing of it stays in memory.
 *
 * @throws what the ledger's database throws, for example that it is closed; the last snapshot stays.
 */
export async function rebuildSnapshot(database: LocalDatabase, name: string): Promise<void> {
	const last = await readSnapshot(name);
	await writeSnapshot(name, await readForSnapshot(database, last));
}
