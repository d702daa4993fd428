import type { ChangeFeed } from '#lib/storage/change-feed.ts';
import type { LocalDatabase } from '#lib/storage/open-database.ts';
import { UnsentEntries, type UnsentEntry } from '#lib/storage/unsent-entries.ts';
import type { Fetch } from './careful-fetch.ts';
import { lead } from './leader.ts';
import { Replicator } from './replicator.ts';
import { settleConflicts } from './settle-conflicts.ts';
import type { SyncReport } from './sync-report.ts';

export interface LedgerSyncOptions {
	database: LocalDatabase;
	/** Must be open. */
	feed: ChangeFeed;
	/** Ids of the documents that are in conflict, kept up to date: this tab may lead much later. */
	conflicts: Iterable<string>;
	/** The local database's name: the tabs that have it open share one leader. */
	name: string;
	deviceId: string;
	ledgerId: string;
	/** `https://…`, where the service is. */
	origin: string;
	fetch: Fetch;
	onreport: (report: SyncReport) => void;
}

/** How long to wait before sync that could not read the database is started again, in milliseconds. */
const RETRY_MS = 1_000;
/** How long the tab that leads has to say which entries are unsent, in milliseconds. */
const ANSWER_MS = 2_000;

/** What one tab tells the others. */
type TabMessage =
	| { type: 'report'; report: SyncReport }
	| { type: 'wake' }
	| { type: 'ask' }
	| { type: 'ask-unsent' }
	| { type: 'unsent'; list: UnsentEntry[] };

/**
 * Sync of one bound ledger in this tab. One tab of all that have it open replicates (six connections an
 * origin are soon used up), the others show what it reports; when it is closed, another takes over.
 */
export class LedgerSync {
	#options: LedgerSyncOptions;
	#ended = new AbortController();
	#tabs: BroadcastChannel;
	#replicator: Replicator | undefined;
	#unsent: UnsentEntries | undefined;
	#last: SyncReport | undefined;
	#told = new Set<(list: UnsentEntry[]) => void>();

	constructor(options: LedgerSyncOptions) {
		this.#options = options;
		this.#tabs = new BroadcastChannel(`outlay-sync-${options.name}`);
		this.#tabs.onmessage = ({ data }: MessageEvent<TabMessage>) => this.#hear(data);
	}

	/** Starts; resolves when this tab's sync has been stopped. */
	async start(): Promise<void> {
		this.#say({ type: 'ask' });
		const { signal } = this.#ended;
		while (!signal.aborted) {
			try {
				await lead(`outlay-sync-${this.#options.name}`, signal, () => this.#replicate(signal));
				return;
			} catch {
				// The browser has cut the connection to the database, for good or for a moment.
				this.#unsent?.stop();
				await pause(RETRY_MS, signal);
			}
		}
	}

	/** Try now: the person signed in again, or asked for it. */
	wake(): void {
		this.#replicator?.wake();
		this.#say({ type: 'wake' });
	}

	/** Which entries the cloud does not have yet; the tab that leads knows. Rejects if none answers. */
	unsent(): Promise<UnsentEntry[]> {
		if (this.#unsent) return Promise.resolve(this.#unsent.list());
		return new Promise((resolve, reject) => {
			const late = (): void => reject(new Error('No tab knows what is unsent'));
			const timer = setTimeout(late, ANSWER_MS);
			this.#told.add((list) => {
				clearTimeout(timer);
				resolve(list);
			});
			this.#say({ type: 'ask-unsent' });
		});
	}

	/** The network is gone. */
	disconnect(): void {
		this.#replicator?.disconnect();
	}

	stop(): void {
		this.#ended.abort();
		this.#replicator?.stop();
		this.#unsent?.stop();
		this.#tabs.close();
	}

	async #replicate(signal: AbortSignal): Promise<void> {
		const { database, feed, conflicts, deviceId, ledgerId, origin, fetch } = this.#options;
		const unsent = new UnsentEntries(database, deviceId);
		this.#unsent = unsent;
		await unsent.load(feed);
		if (signal.aborted) return unsent.stop();
		settleConflicts(database, feed, conflicts, signal);
		this.#replicator = new Replicator({
			database,
			unsent,
			ledgerUrl: `${origin}/sync/${encodeURIComponent(ledgerId)}`,
			fetch,
			onreport: (report) => this.#report(report)
		});
		await this.#replicator.run();
	}

	#report(report: SyncReport): void {
		if (this.#ended.signal.aborted) return;
		this.#last = report;
		this.#options.onreport(report);
		this.#say({ type: 'report', report });
	}

	#hear(message: TabMessage): void {
		if (message.type === 'report' && !this.#replicator) this.#options.onreport(message.report);
		else if (message.type === 'wake') this.#replicator?.wake();
		else if (message.type === 'ask-unsent' && this.#unsent) {
			this.#say({ type: 'unsent', list: this.#unsent.list() });
		} else if (message.type === 'unsent') {
			for (const tell of this.#told) tell(message.list);
			this.#told.clear();
		} else if (message.type === 'ask' && this.#last && this.#replicator) {
			this.#say({ type: 'report', report: this.#last });
		}
	}

	#say(message: TabMessage): void {
		if (!this.#ended.signal.aborted) this.#tabs.postMessage(message);
	}
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const end = (): void => {
			clearTimeout(timer);
			resolve();
		};
		const timer = setTimeout(end, ms);
		signal.addEventListener('abort', end, { once: true });
	});
}
