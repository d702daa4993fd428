import type { ChangeFeed } from './storage/change-feed.ts';
import { rebuildSnapshot } from './storage/rebuild-snapshot.ts';
import type { LocalDatabase } from './storage/open-database.ts';
import { lead } from './sync/leader.ts';

/** How long nothing must have been written, in milliseconds: writing a snapshot is in nobody's way then. */
const IDLE_MS = 2_000;
/** A snapshot may lack one in so many documents: reading those costs a start next to nothing. */
const SHARE = 200;

interface KeptLedger {
	database: LocalDatabase;
	/** The database's name. */
	name: string;
	/** Must be open. */
	feed: ChangeFeed;
	/** How many changes the snapshot lacks. */
	behind: number;
	/** Ends it. */
	signal: AbortSignal;
}

/**
 * Rewrites the ledger's snapshot whenever enough has changed and nothing is being written; in one tab of
 * all that have the ledger open.
 */
export function keepSnapshot({ database, name, feed, behind, signal }: KeptLedger): void {
	let leads = false;
	let writing = false;
	let lacking = behind;
	let timer: ReturnType<typeof setTimeout> | undefined;

	const plan = (): void => {
		clearTimeout(timer);
		if (leads && !writing && lacking > 0) timer = setTimeout(() => void rewrite(), IDLE_MS);
	};

	const rewrite = async (): Promise<void> => {
		writing = true;
		try {
			const { doc_count } = await database.info();
			if (signal.aborted || lacking * SHARE < doc_count) return;
			const written = lacking;
			await rebuildSnapshot(database, name);
			lacking -= written;
		} catch {
			// The ledger was closed meanwhile, or there is no room: the last snapshot will do.
		} finally {
			writing = false;
		}
	};

	feed.listen(({ documents }) => {
		lacking += documents.length;
		plan();
	});
	void lead(`outlay-snapshot-${name}`, signal, async () => {
		leads = true;
		plan();
		await new Promise((resolve) => signal.addEventListener('abort', resolve));
	});
	signal.addEventListener('abort', () => clearTimeout(timer));
}
