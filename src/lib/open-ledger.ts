import type { Screen, Shown } from './device-link.ts';
import type { Clock } from './domain/stamp.ts';
import { keepSnapshot } from './keep-snapshot.ts';
import { NewsSender } from './news-sender.ts';
import { ChangeFeed, type FeedBatch } from './storage/change-feed.ts';
import { readDatabaseId } from './storage/database-id.ts';
import type { LocalLedger } from './storage/device-registry.ts';
import { removeSnapshot } from './storage/ledger-snapshot.ts';
import { openDatabase, type LocalDatabase } from './storage/open-database.ts';
import { PouchLedgerRepository } from './storage/pouch-ledger-repository.ts';
import { writeStartingDocuments } from './storage/starting-ledger.ts';
import type { UnsentEntry } from './storage/unsent-entries.ts';
import { LedgerSync } from './sync/ledger-sync.ts';
import { ON_THIS_DEVICE } from './sync/sync-report.ts';

interface OpenLedgerOptions {
	ledger: LocalLedger;
	deviceId: string;
	clock: Clock;
	screen: Screen;
}

/** One local ledger while it is open: its database, its feed to the screen, the way to write, and sync. */
export class OpenLedger {
	readonly database: LocalDatabase;
	readonly repository: PouchLedgerRepository;
	#options: OpenLedgerOptions;
	#isNew = false;
	#local: LocalLedger;
	#feed: ChangeFeed;
	#sender: NewsSender;
	#conflicts = new Set<string>();
	#sync: LedgerSync | undefined;
	/** Whether the feed has told all that was there, and goes on with what is written now. */
	#isFollowing = false;
	#closed = new AbortController();

	private constructor(options: OpenLedgerOptions) {
		this.#options = options;
		this.#local = options.ledger;
		this.database = openDatabase(options.ledger.name);
		this.#feed = new ChangeFeed(this.database);
		this.#sender = new NewsSender(options.screen, options.ledger.name);
		this.repository = new PouchLedgerRepository(
			this.database,
			options.clock,
			undefined,
			(created) => this.#isFollowing && this.#sender.sendEarly(created)
		);
	}

	/** Opens the database, tells the screen what it does not know yet and, if it is bound, starts sync. */
	static async open(options: OpenLedgerOptions): Promise<OpenLedger> {
		const opened = new OpenLedger(options);
		opened.#isNew = await writeStartingDocuments(opened.database);
		const behind = await opened.#tellScreen();
		opened.#startSync();
		keepSnapshot({
			database: opened.database,
			name: options.ledger.name,
			feed: opened.#feed,
			behind,
			signal: opened.#closed.signal
		});
		return opened;
	}

	/** Which local ledger this is, and whose. */
	get local(): LocalLedger {
		return this.#local;
	}

	/** Whether its database was empty when it was opened. */
	get isNew(): boolean {
		return this.#isNew;
	}

	/** Says whose it is now: kept in step from here on, or not any more. */
	bind(local: LocalLedger): void {
		const { ledgerId } = this.#local;
		this.#local = local;
		if (local.ledgerId === ledgerId) return;
		this.#sync?.stop();
		this.#sync = undefined;
		this.#startSync();
	}

	/** The entries that the cloud does not have yet; none where there is no cloud. */
	async unsent(): Promise<UnsentEntry[]> {
		return (await this.#sync?.unsent()) ?? [];
	}

	/** Try to reach the service now. */
	wakeSync(): void {
		this.#sync?.wake();
	}

	/** The network is gone. */
	disconnect(): void {
		this.#sync?.disconnect();
	}

	/** Whether the database answers: a browser may cut the connection to it, in the background above all. */
	async isAlive(): Promise<boolean> {
		try {
			await this.database.info();
			return true;
		} catch {
			return false;
		}
	}

	/** Lets go of the database; nothing of it reaches the screen any more. */
	async close(): Promise<void> {
		this.#stop();
		await this.database.close();
	}

	/** Removes the ledger from this device. */
	async destroy(): Promise<void> {
		this.#stop();
		await this.database.destroy();
		await removeSnapshot(this.#local.name);
	}

	#stop(): void {
		this.#closed.abort();
		this.#sync?.stop();
		this.#sender.stop();
		this.#feed.close();
	}

	/** @returns how many documents the screen's snapshot lacked. */
	async #tellScreen(): Promise<number> {
		const { screen } = this.#options;
		const { name } = this.#local;
		const shown = await screen.begin(name);
		if (shown.databaseId !== undefined) {
			const told = await this.#tellSince(shown);
			if (told !== undefined) return told;
			// What it shows is of a database that a browser threw away, or not all of this one.
			await Promise.all([removeSnapshot(name), screen.startOver(name)]);
		}
		const { doc_count } = await this.database.info();
		const told = await this.#openFeed(0, doc_count);
		await screen.complete(name, undefined);
		return told;
	}

	/** @returns `undefined` = what the screen shows and the changes since are not what the database holds. */
	async #tellSince({ databaseId, sequence, conflicts }: Shown): Promise<number | undefined> {
		const { screen } = this.#options;
		const { update_seq, doc_count } = await this.database.info();
		if (databaseId !== (await readDatabaseId(this.database))) return undefined;
		if (sequence > Number(update_seq)) return undefined;
		for (const id of conflicts) this.#conflicts.add(id);
		const told = await this.#openFeed(sequence, doc_count);
		if (await screen.complete(this.#local.name, await this.#countDocuments())) return told;
		this.#feed.close();
		this.#feed = new ChangeFeed(this.database);
		this.#conflicts.clear();
		return undefined;
	}

	/** @returns how many documents were told until the feed had caught up. */
	async #openFeed(since: number, documents: number): Promise<number> {
		const { screen } = this.#options;
		const { name } = this.#local;
		let told = 0;
		this.#isFollowing = false;
		this.#feed.listen((batch) => {
			this.#noteConflicts(batch);
			if (this.#isFollowing) return void this.#sender.send(batch.documents);
			told += batch.documents.length;
			if (since === 0) void screen.progress(name, told, documents);
			return this.#sender.send(batch.documents);
		});
		await this.#feed.open(since);
		this.#isFollowing = true;
		return told;
	}

	/** How many documents the database holds, unless somebody has written since the screen was told. */
	async #countDocuments(): Promise<number | undefined> {
		const { update_seq, doc_count } = await this.database.info();
		return Number(update_seq) === this.#feed.sequence ? doc_count : undefined;
	}

	#noteConflicts({ documents }: FeedBatch): void {
		for (const { id, conflicts } of documents) {
			if (conflicts.length > 0) this.#conflicts.add(id);
			else this.#conflicts.delete(id);
		}
	}

	#startSync(): void {
		const { deviceId, screen } = this.#options;
		const { name, ledgerId } = this.#local;
		if (ledgerId === null) return void screen.showSync(ON_THIS_DEVICE);
		void screen.showSync({ ...ON_THIS_DEVICE, status: 'connecting' });
		this.#sync = new LedgerSync({
			database: this.database,
			feed: this.#feed,
			conflicts: this.#conflicts,
			name,
			deviceId,
			ledgerId,
			origin: location.origin,
			fetch: (url, init) => fetch(url, { ...init, credentials: 'same-origin' }),
			onreport: (report) => void screen.showSync(report)
		});
		void this.#sync.start();
	}
}
