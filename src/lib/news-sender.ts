import type { Screen } from './device-link.ts';
import type { FeedDocument } from './storage/change-feed.ts';
import type { CreatedDocument } from './storage/pouch-ledger-repository.ts';
import { NEWS_SIZE, toLedgerNews } from './storage/ledger-news.ts';

/**
 * Tells the screen what has changed, one piece of news after the other: the next one goes when the screen
 * has taken the last, and what changes meanwhile is gathered.
 */
export class NewsSender {
	#screen: Screen;
	#name: string;
	#waiting: FeedDocument[] = [];
	#sending: Promise<void> | undefined;
	#stopped = false;
	/** What was sent before the change feed told it: document → revision. */
	#early = new Map<string, string>();

	constructor(screen: Screen, name: string) {
		this.#screen = screen;
		this.#name = name;
	}

	/** Resolves when the screen has taken these documents. */
	send(documents: readonly FeedDocument[]): Promise<void> {
		for (const document of documents) if (!this.#wasEarly(document)) this.#waiting.push(document);
		this.#sending ??= this.#sendAll().finally(() => (this.#sending = undefined));
		return this.#sending;
	}

	/**
	 * Sends what was created here a moment ago, which the change feed reads back some milliseconds later: time
	 * that somebody waits for an entry to appear. Nobody else can have a revision of it yet.
	 */
	sendEarly({ document, revision }: CreatedDocument): void {
		const { _id: id } = document;
		this.#early.set(id, revision);
		const decoded = { state: 'known', document } as const;
		this.#waiting.push({ id, revision, decoded, deleted: false, conflicts: [], sequence: 0 });
		void this.send([]);
	}

	/** Nothing is told any more. */
	stop(): void {
		this.#stopped = true;
		this.#waiting = [];
	}

	#wasEarly({ id, revision }: FeedDocument): boolean {
		const early = this.#early.get(id);
		this.#early.delete(id);
		return early === revision;
	}

	async #sendAll(): Promise<void> {
		while (this.#waiting.length > 0 && !this.#stopped) {
			const next = this.#waiting.splice(0, NEWS_SIZE);
			await this.#screen.take(this.#name, toLedgerNews(next));
		}
	}
}
