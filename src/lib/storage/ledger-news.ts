import { toEntry, type Entry } from '#lib/domain/ledger/entry.ts';
import type { FeedDocument } from './change-feed.ts';
import type { KnownDocument } from './document-codec.ts';

/** How many documents one piece of news holds at most: a task of a few milliseconds for the screen. */
export const NEWS_SIZE = 100;

/**
 * What the screen is told of documents that have been written: of transactions their facts alone, of the
 * few documents of other kinds all. It can be structured-cloned. Every id stands in one place, `newer` aside.
 */
export interface LedgerNews {
	entries: Entry[];
	documents: KnownDocument[];
	/** Deleted for good: only a stub is left. */
	purged: string[];
	/** Not in the database any more. */
	gone: string[];
	unreadable: string[];
	/** Of a newer version of the app. Those that can be shown are in `entries` or `documents` too. */
	newer: string[];
}

/** The news of the given documents; of one that is there twice, the last. */
export function toLedgerNews(changed: readonly FeedDocument[]): LedgerNews {
	const news: LedgerNews = {
		entries: [],
		documents: [],
		purged: [],
		gone: [],
		unreadable: [],
		newer: []
	};
	for (const document of new Map(changed.map((one) => [one.id, one])).values()) put(news, document);
	return news;
}

function put(news: LedgerNews, { id, decoded, deleted }: FeedDocument): void {
	if (deleted) news.gone.push(id);
	else if (decoded.state === 'purged') news.purged.push(id);
	else if (decoded.state === 'unreadable') news.unreadable.push(id);
	else {
		const isNewer = decoded.state === 'newer';
		const shown = isNewer ? decoded.shown : decoded.document;
		if (isNewer) news.newer.push(id);
		if (shown?.type === 'transaction') news.entries.push(toEntry(shown, isNewer));
		else if (shown) news.documents.push(shown);
	}
}
