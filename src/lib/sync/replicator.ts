import PouchDB from 'pouchdb';
import { INCARNATION_HEADER } from '#contract/replication.ts';
import type { CloudSequence } from '#lib/storage/first-pull-note.ts';
import type { LocalDatabase, StoredDocument } from '#lib/storage/open-database.ts';
import type { UnsentEntries } from '#lib/storage/unsent-entries.ts';
import { carefulFetch, type Fetch } from './careful-fetch.ts';
import { statusOf, toEnding, type Ending } from './ending.ts';
import { pullFirst } from './first-pull.ts';
import { replicateLive } from './live-replication.ts';
import type { FirstPullProgress, SyncReport, SyncStatus } from './sync-report.ts';

/** The longest wait before the next try, in milliseconds. */
const BACK_OFF_LIMIT_MS = 30_000;
const BACK_OFF_START_MS = 500;

/** What `GET /sync/<ledger>/` says. */
interface LedgerInfo {
	doc_count: number;
	update_seq: CloudSequence;
}

export interface ReplicatorOptions {
	database: LocalDatabase;
	unsent: UnsentEntries;
	/** `https://…/sync/<ledger>` */
	ledgerUrl: string;
	fetch: Fetch;
	onreport: (report: SyncReport) => void;
}

/**
 * Keeps one local database and its ledger in the cloud in step, both ways, until it is stopped. PouchDB
 * replicates; what PouchDB leaves open — when to try again, a session that ended, a store that was
 * restored, what the cloud refused — is decided here.
 */
export class Replicator {
	#options: ReplicatorOptions;
	#status: SyncStatus = 'connecting';
	#receiving = 0;
	#firstPull: FirstPullProgress | null = null;
	#refused = 0;
	#stopped = false;
	#wake: () => void = () => {};
	#end: (ending: Ending) => void = () => {};
	#unlisten: () => void;

	constructor(options: ReplicatorOptions) {
		this.#options = options;
		this.#unlisten = options.unsent.listen(() => this.#report());
	}

	/** Connects, and connects again whenever the connection ends; resolves once stopped. */
	async run(): Promise<void> {
		for (let failures = 0; !this.#stopped;) {
			let caughtUp = false;
			this.#become('connecting');
			const ending = await this.#connect(() => {
				caughtUp = true;
				failures = 0;
			});
			if (this.#stopped) return;
			if (ending === 'signed-out') {
				this.#become('signed-out');
				await this.#untilWoken();
			} else if (ending === 'failed') {
				if (!caughtUp) failures += 1;
				this.#become('offline');
				await this.#untilWoken(backOff(failures));
			}
		}
	}

	/** Something changed for the better (network, focus, a sign-in): do not wait any longer. */
	wake(): void {
		this.#wake();
	}

	/** The network is known to be gone: no need to wait for a time-out. */
	disconnect(): void {
		this.#end('failed');
	}

	stop(): void {
		this.#stopped = true;
		this.#unlisten();
		this.#end('stopped');
		this.#wake();
	}

	async #connect(oncaughtup: () => void): Promise<Ending> {
		const { database, unsent, ledgerUrl } = this.#options;
		const ended = new AbortController();
		const refusedIds = new Set<string>();
		let incarnation: string | undefined;
		this.#receiving = 0;

		const fetch = carefulFetch(
			(url, init) => {
				const signal = init?.signal ? AbortSignal.any([init.signal, ended.signal]) : ended.signal;
				return this.#options.fetch(url, { ...init, signal });
			},
			{
				onincarnation: (met) => {
					if (incarnation !== undefined && met !== incarnation) this.#end('new-incarnation');
				},
				onrefused: (id) => refusedIds.add(id)
			}
		);

		const ending = new Promise<Ending>((resolve) => (this.#end = resolve));
		let pulling: Promise<void> | undefined;
		let endReplication = (): void => {};
		try {
			const hello = await fetch(`${ledgerUrl}/`);
			if (this.#stopped) return 'stopped';
			if (!hello.ok) return toEnding(hello.status);
			const { doc_count: documents, update_seq: since } = (await hello.json()) as LedgerInfo;
			incarnation = hello.headers.get(INCARNATION_HEADER) ?? '';
			await unsent.meet(incarnation);

			const remote = new PouchDB<StoredDocument>(ledgerUrl, {
				skip_setup: true,
				fetch: (url, init) => fetch(url, init)
			});
			const ways = { database, remote, ledgerUrl, fetch };
			pulling = pullFirst({
				...ways,
				cloud: { incarnation, since, documents },
				signal: ended.signal,
				onprogress: (progress) => this.#progress(progress)
			});
			const early = await Promise.race([pulling, ending]);
			if (early !== undefined) return early;
			endReplication = replicateLive({
				...ways,
				unsent,
				refusedIds,
				onreceived: (count) => {
					this.#receiving += count;
					this.#report();
				},
				onactive: () => this.#become('connecting'),
				onrefused: (count) => (this.#refused = count),
				oncaughtup: () => {
					oncaughtup();
					this.#receiving = 0;
					this.#firstPull = null;
					this.#become('up-to-date');
				},
				onended: (how) => this.#end(how)
			});
			return await ending;
		} catch (error) {
			return toEnding(statusOf(error));
		} finally {
			this.#end = () => {};
			endReplication();
			ended.abort(new TypeError('The connection was closed'));
			// It writes a note of its own: two must never be under way.
			await pulling?.catch(() => {});
		}
	}

	#progress(progress: FirstPullProgress): void {
		this.#firstPull = progress;
		this.#receiving = progress.received;
		this.#report();
	}

	#become(status: SyncStatus): void {
		this.#status = status;
		this.#report();
	}

	#report(): void {
		const unsent = this.#options.unsent.count;
		const refused = Math.min(this.#refused, unsent);
		this.#options.onreport({
			status: this.#seenStatus(unsent, refused),
			unsent,
			refused,
			receiving: this.#receiving,
			firstPull: this.#firstPull
		});
	}

	/** "Up to date" is said only when nothing is pending and nothing was refused. */
	#seenStatus(unsent: number, refused: number): SyncStatus {
		if (this.#status !== 'up-to-date' && this.#status !== 'connecting') return this.#status;
		if (refused > 0 && refused === unsent) return 'attention';
		return unsent > 0 ? 'sending' : this.#status;
	}

	async #untilWoken(ms?: number): Promise<void> {
		let timer: ReturnType<typeof setTimeout> | undefined;
		await new Promise<void>((resolve) => {
			this.#wake = resolve;
			if (ms !== undefined) timer = setTimeout(resolve, ms);
		});
		clearTimeout(timer);
		this.#wake = () => {};
	}
}

/** How long to wait after so many failures in a row, in milliseconds, with jitter. */
function backOff(failures: number): number {
	const most = Math.min(BACK_OFF_LIMIT_MS, BACK_OFF_START_MS * 2 ** failures);
	return most * (0.5 + Math.random() / 2);
}
