import { type News, NEWS_MOST, NEWS_KINDS, type NewsKind } from '#service/peers/news.ts';
import { Outbox } from '#service/peers/outbox.ts';

/** Milliseconds between two calls of one peer: what happens meanwhile goes together. */
const GAP_MS = 25;
/** Milliseconds a peer that failed is left alone: at first, and at most. */
const REST_MS = 100;
const REST_MOST_MS = 10_000;
/** Ids kept for a peer that is slow. */
const KEPT_MOST = 10_000;

/** Calls a peer; resolves with the process that heard it. @throws when it did not answer as a peer does */
export type Call = (news: Omit<News, 'from'>) => Promise<string>;

export interface LineReport {
	called(outcome: 'heard' | 'failed'): void;
	/** The peer is away from now on, as far as is known. */
	away(error: unknown): void;
}

/** What goes to one address: one call at a time, and none for a while to one that fails. */
export class PeerLine {
	/** Which process is there; `undefined`: nobody knows yet. */
	process: string | undefined;
	readonly #call: Call;
	readonly #report: LineReport;
	readonly #outbox = new Outbox(KEPT_MOST);
	#failures = 0;
	#nextCall = 0;
	#scheduled: NodeJS.Timeout | undefined;
	#calling: Promise<void> | undefined;
	#isOver = false;

	constructor(call: Call, report: LineReport) {
		this.#call = call;
		this.#report = report;
	}

	/** Whether it answered last time. */
	get isHeard(): boolean {
		return this.process !== undefined && this.#failures === 0;
	}

	/** Whether it is taken for away: then nothing is kept for it. */
	get isAway(): boolean {
		return this.#failures > 1 && performance.now() < this.#nextCall;
	}

	/** How many ids are still to be told. */
	get waiting(): number {
		return this.#outbox.size;
	}

	tell(kind: NewsKind, id: string): void {
		if (this.#isOver || this.isAway) return;
		// One that is full loses what comes on top: the peer finds it by looking.
		this.#outbox.add(kind, id);
		this.#schedule();
	}

	/** Asks who is there, unless that is known or it is left alone. */
	greet(): void {
		if (!this.isHeard && !this.#isOver && !this.isAway) this.#schedule();
	}

	/** Tells what is left to be told, if the peer takes it. Never fails. */
	async end(): Promise<void> {
		this.#isOver = true;
		clearTimeout(this.#scheduled);
		await this.#calling;
		if (this.#failures === 0 && this.#outbox.size > 0) await this.#send();
	}

	#schedule(): void {
		if (this.#scheduled !== undefined || this.#calling !== undefined) return;
		// Not at once, be it due: what happens in the same moment goes along.
		const inMs = Math.max(0, this.#nextCall - performance.now());
		this.#scheduled = setTimeout(async () => {
			this.#scheduled = undefined;
			this.#calling = this.#send();
			await this.#calling;
			this.#calling = undefined;
			if (this.#outbox.size > 0 && !this.#isOver) this.#schedule();
		}, inMs);
		this.#scheduled.unref();
	}

	async #send(): Promise<void> {
		const news = this.#outbox.take(NEWS_MOST);
		try {
			this.process = await this.#call(news);
			this.#failures = 0;
			this.#nextCall = performance.now() + GAP_MS;
			this.#report.called('heard');
		} catch (error) {
			this.#failures++;
			this.#report.called('failed');
			this.#rest();
			if (this.#failures === 1) this.#putBack(news);
			else this.#outbox.clear();
			if (this.#failures === 2) this.#report.away(error);
		}
	}

	/** For longer each time, and never all processes in the same instant. */
	#rest(): void {
		const longest = Math.min(REST_MS * 2 ** (this.#failures - 1), REST_MOST_MS);
		this.#nextCall = performance.now() + longest * (0.5 + Math.random() / 2);
	}

	/** Once: a connection may have ended just then. What is older than that the peer finds by looking. */
	#putBack(news: Omit<News, 'from'>): void {
		for (const kind of NEWS_KINDS) for (const id of news[kind]) this.#outbox.add(kind, id);
	}
}
