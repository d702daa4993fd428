import { INCARNATION_HEADER } from '#contract/replication.ts';
import type { CloudSequence } from '#lib/storage/first-pull-note.ts';
import type { LocalDatabase } from '#lib/storage/open-database.ts';
import type { UnsentEntries } from '#lib/storage/unsent-entries.ts';
import { carefulFetch, type Fetch } from './careful-fetch.ts';
import { clockAhead } from './clock-ahead.ts';
import { endingOf, type Ending } from './ending.ts';
import { pullFirst } from './first-pull.ts';
import { replicateLive, type LiveReplication } from './live-replication.ts';
import { openRemote } from './pouch-remote.ts';
import type { FirstPullProgress, SyncReport } from './sync-report.ts';
import { toStatus, type Connection } from './to-status.ts';
import { LONGPOLL_SILENCE_MS } from './watchdog.ts';

/** The longest wait before the next try, in milliseconds. */
const BACK_OFF_LIMIT_MS = 30_000;
const BACK_OFF_START_MS = 500;
/** A connection that lasted for so long makes up for those that failed before, in milliseconds. */
const STEADY_MS = 30_000;
/** How long until what does not pass by itself is tried again, in milliseconds. */
const SLOW_RETRY_MS = 300_000;

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
	#connection: Connection = 'connecting';
	#receiving = 0;
	#firstPull: FirstPullProgress | null = null;
	#clockAhead = 0;
	#stopped = false;
	/** When the service was last heard of, in milliseconds since the Unix epoch. */
	#heardAt = 0;
	#live: LiveReplication | undefined;
	#wake: (() => void) | undefined;
	/** Woken since the connection began: how that ends may be out of date by then. */
	#isWoken = false;
	#end: (ending: Ending) => void = () => {};
	#unlisten: () => void;

	constructor(options: ReplicatorOptions) {
		this.#options = options;
		this.#unlisten = options.unsent.listen(() => this.#report());
	}

	/** Connects, and connects again whenever the connection ends; resolves once stopped. */
	async run(): Promise<void> {
		for (let failures = 0; !this.#stopped;) {
			const began = Date.now();
			this.#become('connecting');
			const ending = await this.#connect();
			if (this.#stopped) return;
			failures = Date.now() - began > STEADY_MS ? 0 : failures + 1;
			await this.#rest(ending, failures);
		}
	}

	/** Something changed for the better (network, focus, a sign-in), or the person asks: do not wait any longer. */
	wake(): void {
		this.#isWoken = true;
		if (this.#wake) this.#wake();
		// Asleep, a device misses the end of its connections.
		else if (Date.now() - this.#heardAt > LONGPOLL_SILENCE_MS) this.#end('silent');
		else this.#live?.retry();
	}

	/** The network is known to be gone: no need to wait for a time-out. */
	disconnect(): void {
		this.#end('failed');
	}

	stop(): void {
		this.#stopped = true;
		this.#unlisten();
		this.#end('stopped');
		this.#wake?.();
	}

	async #rest(ending: Ending, failures: number): Promise<void> {
		switch (ending) {
			case 'signed-out':
				this.#become('signed-out');
				return this.#untilWoken();
			case 'suspended':
			case 'device-full':
				this.#become(ending);
				return this.#untilWoken(SLOW_RETRY_MS * (1 + Math.random() / 2));
			case 'failed':
				this.#become('offline');
				return this.#untilWoken(backOff(failures));
			case 'new-incarnation':
				return this.#untilWoken(backOff(failures));
			case 'silent':
			case 'stopped':
		}
	}

	async #connect(): Promise<Ending> {
		const { database, unsent, ledgerUrl } = this.#options;
		const ended = new AbortController();
		let incarnation: string | undefined;
		this.#isWoken = false;
		this.#receiving = 0;
		this.#heardAt = Date.now();

		const fetch = carefulFetch(
			(url, init) => {
				const signal = init?.signal ? AbortSignal.any([init.signal, ended.signal]) : ended.signal;
				return this.#options.fetch(url, { ...init, signal });
			},
			{
				onheard: () => (this.#heardAt = Date.now()),
				onincarnation: (met) => {
					if (incarnation !== undefined && met !== incarnation) this.#end('new-incarnation');
				},
				// The first reason counts: what PouchDB makes of the answer comes later.
				onending: (how) => this.#end(how)
			}
		);

		const ending = new Promise<Ending>((resolve) => (this.#end = resolve));
		let pulling: Promise<void> | undefined;
		try {
			const asked = Date.now();
			const hello = await fetch(`${ledgerUrl}/`);
			if (!hello.ok) this.#end('failed');
			if (this.#stopped || !hello.ok) return await ending;
			this.#clockAhead = clockAhead(hello, asked, Date.now());
			const { doc_count: documents, update_seq: since } = (await hello.json()) as LedgerInfo;
			incarnation = hello.headers.get(INCARNATION_HEADER) ?? '';
			await unsent.meet(incarnation);

			const remote = await openRemote(ledgerUrl, incarnation, fetch, (refusals) =>
				unsent.hold(refusals)
			);
			const ways = { database, remote, ledgerUrl, fetch };
			pulling = pullFirst({
				...ways,
				cloud: { incarnation, since, documents },
				signal: ended.signal,
				onprogress: (progress) => this.#progress(progress)
			});
			const early = await Promise.race([pulling, ending]);
			if (early !== undefined) return early;
			this.#live = replicateLive({
				...ways,
				unsent,
				onreceived: (count) => {
					this.#receiving += count;
					this.#report();
				},
				onactive: () => this.#become('connecting'),
				oncaughtup: () => {
					this.#receiving = 0;
					this.#firstPull = null;
					this.#become('in-step');
				},
				onended: (how) => this.#end(how)
			});
			return await ending;
		} catch (error) {
			this.#end(endingOf(error));
			return await ending;
		} finally {
			this.#end = () => {};
			this.#live?.end();
			this.#live = undefined;
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

	#become(connection: Connection): void {
		this.#connection = connection;
		this.#report();
	}

	#report(): void {
		const { count: unsent, refused, noRoom } = this.#options.unsent;
		this.#options.onreport({
			status: toStatus(this.#connection, { unsent, refused, noRoom }),
			unsent,
			refused,
			receiving: this.#receiving,
			firstPull: this.#firstPull,
			clockAhead: this.#clockAhead
		});
	}

	async #untilWoken(ms?: number): Promise<void> {
		if (this.#isWoken) return;
		let timer: ReturnType<typeof setTimeout> | undefined;
		await new Promise<void>((resolve) => {
			this.#wake = resolve;
			if (ms !== undefined) timer = setTimeout(resolve, ms);
		});
		clearTimeout(timer);
		this.#wake = undefined;
	}
}

/** How long to wait after so many failures in a row, in milliseconds, with jitter. */
function backOff(failures: number): number {
	const most = Math.min(BACK_OFF_LIMIT_MS, BACK_OFF_START_MS * 2 ** failures);
	return most * (0.5 + Math.random() / 2);
}
