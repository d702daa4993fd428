import type { LedgerNews } from './storage/ledger-news.ts';
import type { LedgerRepository } from './storage/ledger-repository.ts';
import type { UnsentEntry } from './storage/unsent-entries.ts';
import type { ProfileActions, ProfileKnown } from './state/profile.svelte.ts';
import type { SyncReport } from './sync/sync-report.ts';

/** What a page shows of a ledger already when its worker begins to tell it about it. */
export interface Shown {
	/** Which database that was: see `database-id.ts`. `undefined` = the page knows nothing. */
	databaseId: string | undefined;
	/** The local sequence up to which the page knows the ledger. */
	sequence: number;
	/** Ids of documents that were in conflict then. */
	conflicts: readonly string[];
}

/** The page, as its worker sees it. All of it crosses from the one to the other and is structured-cloned. */
export interface Screen {
	/** A local ledger is open, by its database's name; a page that showed another one shows this one now. */
	begin(name: string): Shown | Promise<Shown>;
	/** What the page shows of it is not to be relied on: everything is told from the beginning. */
	startOver(name: string): void | Promise<void>;
	/** How much is told at first, where that is much: `told` of `documents`. */
	progress(name: string, told: number, documents: number): void | Promise<void>;
	/** Documents have been read or written. */
	take(name: string, news: LedgerNews): void | Promise<void>;
	/**
	 * Everything has been told.
	 *
	 * @param documents how many documents the database holds; `undefined` = it changes too fast to say.
	 * @returns whether the page knows as many.
	 */
	complete(name: string, documents: number | undefined): boolean | Promise<boolean>;
	showProfile(known: ProfileKnown): void | Promise<void>;
	showSync(report: SyncReport): void | Promise<void>;
	/** The ledger that should be here is not: this device is new, or the browser has cleared it. */
	foundEmpty(): void | Promise<void>;
	/** The session ended. */
	endSession(): void | Promise<void>;
}

/** The worker, as its page sees it. */
export interface DeviceHost extends ProfileActions {
	/**
	 * Opens the ledger that was open last; resolves when it has been told to the screen.
	 *
	 * @param signedInBefore whether somebody may be signed in.
	 */
	open(signedInBefore: boolean): Promise<void>;
	/** Opens the ledger that the device's notes name now, in every tab. */
	reopen(): Promise<void>;
	/** Calls a method of the repository of whatever ledger is open. */
	callRepository(method: keyof LedgerRepository, args: readonly unknown[]): Promise<unknown>;
	/** The documents with these ids, or all, as they lie in the database, whatever they are. */
	readRaw(ids?: readonly string[]): Promise<unknown[]>;
	/** The entries of this device that the cloud does not have yet, as far as that is known. */
	unsent(): Promise<UnsentEntry[]>;
	/** Waiting any longer makes no sense: the network is back, or somebody looks at the page. */
	wakeSync(): void | Promise<void>;
	/** The network is gone. */
	disconnect(): void | Promise<void>;
}
