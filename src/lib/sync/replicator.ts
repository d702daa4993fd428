import PouchDB from 'pouchdb';
import { INCARNATION_HEADER } from '#contract/replication.ts';
import type { LocalDatabase, StoredDocument } from '#lib/storage/open-database.ts';
import type { UnsentEntries } from '#lib/storage/unsent-entries.ts';
import { carefulFetch, type Fetch } from './careful-fetch.ts';
import { confirmUnsent } from './confirm-unsent.ts';
import type { SyncReport, SyncStatus } from './sync-report.ts';

/** Fewer, larger requests: the first pull is latency times requests (see `docs/decisions`). */
const BATCH = { batch_size: 500, batches_limit: 4 };
/** The longest wait before the next try, in milliseconds. */
const BACK_OFF_LIMIT_MS = 30_000;
const BACK_OFF_START_MS = 500;

/** Why a connection ended. */
type Ending = 'stopped' | 'signed-out' | 'new-incarnation' | 'failed';

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
	/** Ids that the service would not take, from the answers it gave. */
	#refusedIds = new Set<string>();
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
		let incarnation: string | undefined;
		this.#refusedIds.clear();
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
				onrefused: (id) => this.#refusedIds.add(id)
			}
		);

		const ending = new Promise<Ending>((resolve) => (this.#end = resolve));
		const replications: PouchDB.Replication.Replication<StoredDocument>[] = [];
		try {
			const hello = await fetch(`${ledgerUrl}/`);
			if (this.#stopped) return 'stopped';
			if (!hello.ok) return toEnding(hello.status);
			await hello.body?.cancel();
			incarnation = hello.headers.get(INCARNATION_HEADER) ?? '';
			await unsent.meet(incarnation);

			const remote = new PouchDB<StoredDocument>(ledgerUrl, {
				skip_setup: true,
				fetch: (url, init) => fetch(url, init)
			});
			// Our own loop decides when to try again; PouchDB's would wait for up to ten minutes.
			const options = { live: true, retry: false, ...BATCH };
			const push = PouchDB.replicate(database, remote, options);
			const pull = PouchDB.replicate(remote, database, options);
			replications.push(push, pull);
			this.#follow(push, pull, fetch, oncaughtup);
			return await ending;
		} catch (error) {
			return toEnding(statusOf(error));
		} finally {
			this.#end = () => {};
			for (const replication of replications) {
				replication.removeAllListeners('error');
				replication.on('error', () => {});
				replication.cancel();
			}
			ended.abort(new TypeError('The connection was closed'));
		}
	}

	/** An exception in one of these listeners would end the replication in silence: they only take notes. */
	#follow(
		push: PouchDB.Replication.Replication<StoredDocument>,
		pull: PouchDB.Replication.Replication<StoredDocument>,
		fetch: Fetch,
		oncaughtup: () => void
	): void {
		const { unsent, database, ledgerUrl } = this.#options;
		const idle = { push: false, pull: false };
		let confirming = false;

		const confirm = async (): Promise<void> => {
			if (!idle.push || !idle.pull || confirming) return;
			confirming = true;
			try {
				// Asked again until nothing new came in between.
				let asked = -1;
				while (unsent.count > 0 && unsent.count !== asked) {
					this.#refused = await confirmUnsent(unsent, database, ledgerUrl, fetch);
					asked = unsent.count;
				}
				if (unsent.count === 0) this.#refused = 0;
				await unsent.settle();
				oncaughtup();
				this.#receiving = 0;
				this.#become('up-to-date');
			} catch (error) {
				this.#end(toEnding(statusOf(error)));
			} finally {
				confirming = false;
			}
		};

		push.on('change', ({ docs }) => {
			unsent.acknowledge(
				docs
					.map(({ _id, _rev }) => ({ id: _id, revision: _rev }))
					.filter(({ id }) => !this.#refusedIds.has(id))
			);
		});
		pull.on('change', ({ docs }) => {
			this.#receiving += docs.length;
			this.#report();
		});
		for (const [way, replication] of Object.entries({ push, pull })) {
			const direction = way as keyof typeof idle;
			replication.on('active', () => {
				idle[direction] = false;
				if (direction === 'pull') this.#become('connecting');
			});
			replication.on('paused', () => {
				idle[direction] = true;
				void confirm();
			});
			replication.on('denied', () => {
				// Passed over for good by replication; `confirmUnsent` finds it and tries it alone.
			});
			replication.on('error', (error) => this.#end(toEnding(statusOf(error))));
			replication.on('complete', () => this.#end('failed'));
			// The promise rejects along with the event; the event is enough.
			replication.catch(() => {});
		}
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
			receiving: this.#receiving
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

/** 401: no session. 403: somebody else's session. Both end with a sign-in. Everything else passes. */
function toEnding(status: unknown): Ending {
	return status === 401 || status === 403 ? 'signed-out' : 'failed';
}

function statusOf(error: unknown): unknown {
	return typeof error === 'object' && error !== null && 'status' in error
		? error.status
		: undefined;
}
