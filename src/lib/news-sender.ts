import type { Screen } from './device-link.ts';
import type { FeedDocument } from './storage/change-feed.ts';
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

	constructor(screen: Screen, name: string) {
		this.#screen = screen;
		this.#name = name;
	}

	/** Resolves when the screen has taken these documents. */
	send(documents: readonly FeedDocument[]): Promise<void> {
		for (const document of documents) this.#waiting.push(document);
		this.#sending ??= this.#sendAll().finally(() => (this.#sending = undefined));
		return this.#sending;
	}

	/** Nothing is told any more. */
	stop(): void {
		this.#stopped = true;
		this.#waiting = [];
	}

	async #sendAll(): Promise<void> {
		while (this.#waiting.length > 0 && !this.#stopped) {
			const next = this.#waiting.splice(0, NEWS_SIZE);
			await this.#screen.take(this.#name, toLedgerNews(next));
		}
	}
}
