import type { Clock } from './domain/stamp.ts';
import type { LedgerState } from './state/ledger.svelte.ts';
import type { SyncState } from './state/sync.svelte.ts';
import { ChangeFeed } from './storage/change-feed.ts';
import type { LocalLedger } from './storage/device-registry.ts';
import { openDatabase, type LocalDatabase } from './storage/open-database.ts';
import { PouchLedgerRepository } from './storage/pouch-ledger-repository.ts';
import { writeStartingDocuments } from './storage/starting-ledger.ts';
import { LedgerSync } from './sync/ledger-sync.ts';
import { ON_THIS_DEVICE } from './sync/sync-report.ts';

interface OpenLedgerOptions {
	ledger: LocalLedger;
	deviceId: string;
	clock: Clock;
	screen: { ledger: LedgerState; sync: SyncState };
}

/** One local ledger while it is open: its database, its feed to the screen, the way to write, and sync. */
export class OpenLedger {
	readonly database: LocalDatabase;
	readonly repository: PouchLedgerRepository;
	#options: OpenLedgerOptions;
	#local: LocalLedger;
	#feed: ChangeFeed;
	#conflicts = new Set<string>();
	#sync: LedgerSync | undefined;

	private constructor(options: OpenLedgerOptions) {
		this.#options = options;
		this.#local = options.ledger;
		this.database = openDatabase(options.ledger.name);
		this.repository = new PouchLedgerRepository(this.database, options.clock);
		this.#feed = new ChangeFeed(this.database);
	}

	/** Opens the database, reads it into the screen's memory and, if it is bound, starts sync. */
	static async open(options: OpenLedgerOptions): Promise<OpenLedger> {
		const opened = new OpenLedger(options);
		const { screen } = options;
		await writeStartingDocuments(opened.database);
		screen.ledger.clear();
		opened.#feed.listen((batch) => {
			for (const { id, conflicts } of batch.documents) {
				if (conflicts.length > 0) opened.#conflicts.add(id);
				else opened.#conflicts.delete(id);
			}
			screen.ledger.take(batch);
		});
		await opened.#feed.open();
		opened.#startSync();
		return opened;
	}

	/** Which local ledger this is, and whose. */
	get local(): LocalLedger {
		return this.#local;
	}

	/** A ledger that was never bound now belongs to a profile: from here on it is kept in step. */
	bind(bound: LocalLedger): void {
		this.#local = bound;
		this.#startSync();
	}

	/** Try to reach the service now. */
	wakeSync(): void {
		this.#sync?.wake();
	}

	/** Lets go of the database; nothing of it reaches the screen any more. */
	async close(): Promise<void> {
		this.#sync?.stop();
		this.#feed.close();
		await this.database.close();
	}

	/** Removes the ledger from this device. */
	async destroy(): Promise<void> {
		this.#sync?.stop();
		this.#feed.close();
		await this.database.destroy();
	}

	#startSync(): void {
		const { deviceId, screen } = this.#options;
		const { name, ledgerId } = this.#local;
		if (ledgerId === null) return screen.sync.take(ON_THIS_DEVICE);
		screen.sync.take({ ...ON_THIS_DEVICE, status: 'connecting' });
		this.#sync = new LedgerSync({
			database: this.database,
			feed: this.#feed,
			conflicts: [...this.#conflicts],
			name,
			deviceId,
			ledgerId,
			origin: location.origin,
			fetch: (url, init) => fetch(url, { ...init, credentials: 'same-origin' }),
			onreport: (report) => screen.sync.take(report)
		});
		void this.#sync.start();
	}
}
