import type { Account } from '#contract/documents/account.ts';
import type { Budget } from '#contract/documents/budget.ts';
import type { Category } from '#contract/documents/category.ts';
import type { CurrencyCode } from '#contract/documents/money.ts';
import type { Operation } from '#contract/documents/operation.ts';
import type { Preferences } from '#contract/documents/preferences.ts';
import type { Rule } from '#contract/documents/rule.ts';
import { guessCurrency } from '#lib/domain/currency.ts';
import type { Entry } from '#lib/domain/ledger/entry.ts';
import { LedgerColumns } from '#lib/domain/ledger/ledger-columns.ts';
import { prepare } from '#lib/domain/ledger/prepare.ts';
import { usedCategories } from '#lib/domain/ledger/used-categories.ts';
import { offeredCategories } from '#lib/domain/offered-categories.ts';
import type { KnownDocument } from '#lib/storage/document-codec.ts';
import type { LedgerNews } from '#lib/storage/ledger-news.ts';
import type { LedgerSnapshot } from '#lib/storage/ledger-snapshot.ts';

/** Why a document is neither an entry nor one of the others. */
type Aside = 'purged' | 'unreadable' | 'newer';

/** How much of the local ledger has been read, in documents. */
export interface Reading {
	done: number;
	of: number;
}

/** News of so many documents are an ordinary edit; of more, a flood. */
const EDIT_SIZE = 10;
/** The least time between two looks at the ledger, in milliseconds: a frame, or a quarter of a second in a flood. */
const EDIT_MS = 16;
const FLOOD_MS = 250;
/** The pause between two steps of preparation, in milliseconds. */
const STEP_MS = 10;
/** How many entries are kept as objects, so that a row that did not change is not drawn again. */
const KEPT_ENTRIES = 2_000;

/**
 * The ledger as the screen sees it: a snapshot and the change feed put documents in, nothing else does.
 * Transactions are columns, which raise one version number when they change; everything else is derived.
 */
export class LedgerState {
	#name: string | undefined;
	#snapshot: Pick<LedgerSnapshot, 'databaseId' | 'sequence' | 'conflicts'> | undefined;
	#columns = LedgerColumns.empty();
	#documents = $state.raw<ReadonlyMap<string, KnownDocument>>(new Map());
	#aside = new Map<string, Aside>();
	#newer = new Set<string>();
	#entries = new Map<string, Entry>();
	#version = $state(0);
	#lookedAt = -Infinity;
	#floodUntil = -Infinity;
	#nextLook: ReturnType<typeof setTimeout> | undefined;
	#ready = $state(false);
	#told = $state(false);
	#reading = $state.raw<Reading>();
	#failure = $state<string>();

	readonly #preferences = $derived(
		[...this.#documents.values()].find(
			(document): document is Preferences => document.type === 'preferences'
		)
	);

	/** Categories that are neither archived nor in the trash, in their order: more than are offered. */
	readonly keptCategories: readonly Category[] = $derived(
		this.#inOrder((document) => document.type === 'category')
	);

	/** The ids of those that entries, rules and budgets name. One text: it rarely changes while entries do. */
	readonly #used: string = $derived(
		[...usedCategories(this.columns, this.#documents.values())].sort().join()
	);

	/** Categories that can be chosen, in their order. */
	readonly categories: readonly Category[] = $derived(
		offeredCategories(this.keptCategories, this.#preferences?.startingCategories, () =>
			this.#used.split(',')
		)
	);

	/** Accounts that can be chosen, in their order. */
	readonly accounts: readonly Account[] = $derived(
		this.#inOrder((document) => document.type === 'account')
	);

	/** Imports and edits of many entries, the latest first. */
	readonly operations: readonly Operation[] = $derived(
		[...this.#documents.values()]
			.filter((document): document is Operation => document.type === 'operation')
			.filter(({ kind, deletedAt }) => kind !== 'undo' && deletedAt === null)
			.sort((a, b) => ((a.wrote[0] ?? '') < (b.wrote[0] ?? '') ? 1 : -1))
	);

	/** Of the whole ledger; `undefined` = they have not arrived yet. */
	get preferences(): Preferences | undefined {
		return this.#preferences;
	}

	/** The rules that are not in the trash, in no order. */
	get rules(): readonly Rule[] {
		return [...this.#documents.values()].filter(
			(document): document is Rule => document.type === 'rule' && document.deletedAt === null
		);
	}

	/** All budgets, those in the trash too. */
	get budgets(): readonly Budget[] {
		return [...this.#documents.values()].filter((document) => document.type === 'budget');
	}

	/** The currency a new entry starts with: the one chosen, else the one of this device's region. */
	readonly currency: CurrencyCode = $derived(
		this.#preferences?.currency ??
			guessCurrency(
				globalThis.navigator?.language,
				new Intl.DateTimeFormat().resolvedOptions().timeZone
			)
	);

	/** Whether the local ledger can be shown: out of its snapshot, or because it has been read. */
	get ready(): boolean {
		return this.#ready;
	}

	/** Whether all that the database holds has been told: a snapshot lacks what came last. */
	get told(): boolean {
		return this.#told;
	}

	/** Set while a large ledger is read for the first time. */
	get reading(): Reading | undefined {
		return this.#reading;
	}

	/** A problem code when the local database cannot be opened. */
	get failure(): string | undefined {
		return this.#failure;
	}

	/** All transactions, for the queries of the domain. To be asked for anew whenever it is used. */
	get columns(): LedgerColumns {
		void this.#version;
		return this.#columns;
	}

	/** How many entries there are that are not in the trash. */
	get count(): number {
		return this.columns.count;
	}

	/** How many entries there are, those in the trash too. */
	get size(): number {
		return this.columns.size;
	}

	/** The documents that could not be read and were set aside, by their ids. */
	get unreadable(): readonly string[] {
		void this.#version;
		return [...this.#aside].filter(([, why]) => why === 'unreadable').map(([id]) => id);
	}

	/** How many documents a newer version of the app wrote, which this one leaves alone. */
	get newer(): number {
		void this.#version;
		return this.#newer.size;
	}

	/** Entries that are not in the trash, newest first, from one place in the list to before another. */
	slice(from: number, to: number): Entry[] {
		return this.columns.slice(from, to).map((entry) => this.#keep(entry));
	}

	/** The entries in these rows of the columns. */
	entriesAt(rows: Iterable<number>): Entry[] {
		const { columns } = this;
		return Array.from(rows, (row) => this.#keep(columns.entryAt(row)));
	}

	/** How many entries are in the trash. */
	get trashed(): number {
		const { size, count } = this.columns;
		return size - count;
	}

	/** Entries in the trash, the last deleted first, at most so many. */
	trash(most: number): Entry[] {
		return this.columns.trash(most).map((entry) => this.#keep(entry));
	}

	/** Documents of any kind that were put into the trash at this instant or before. */
	trashedUntil(instant: string): string[] {
		const { ids, deletedAt } = this.columns.table;
		const entries = [...deletedAt].filter(([, at]) => at <= instant);
		const others = [...this.#documents.values()].filter(
			(document) => document.deletedAt !== null && document.deletedAt <= instant
		);
		return [...entries.map(([row]) => ids[row] ?? ''), ...others.map(({ _id }) => _id)];
	}

	/** An entry, in the trash or not. */
	find(id: string): Entry | undefined {
		const entry = this.columns.find(id);
		return entry && this.#keep(entry);
	}

	/** Whether a document of any kind stands under this id, emptied and unreadable ones included. */
	has(id: string): boolean {
		return this.columns.has(id) || this.#documents.has(id) || this.#aside.has(id);
	}

	/** Whether an entry is in the trash. */
	isTrashed(id: string): boolean {
		return (this.columns.find(id)?.deletedAt ?? null) !== null;
	}

	/** A category, archived or not. */
	category(id: string | null): Category | undefined {
		const document = id === null ? undefined : this.#documents.get(id);
		return document?.type === 'category' ? document : undefined;
	}

	/** An account, archived or not. */
	account(id: string | null): Account | undefined {
		const document = id === null ? undefined : this.#documents.get(id);
		return document?.type === 'account' ? document : undefined;
	}

	/** The local ledger that is shown, by its database's name. */
	get name(): string | undefined {
		return this.#name;
	}

	/** What its snapshot was of; `undefined` = it came without one. */
	get snapshot(): Pick<LedgerSnapshot, 'databaseId' | 'sequence' | 'conflicts'> | undefined {
		return this.#snapshot;
	}

	/** Shows a local ledger, out of its snapshot where there is one. Nothing of the last one stays. */
	show(name: string, snapshot: LedgerSnapshot | undefined): void {
		clearTimeout(this.#nextLook);
		this.#nextLook = undefined;
		this.#name = name;
		this.#snapshot = snapshot && {
			databaseId: snapshot.databaseId,
			sequence: snapshot.sequence,
			conflicts: snapshot.conflicts
		};
		this.#columns = snapshot?.columns ?? LedgerColumns.empty();
		this.#documents = new Map(snapshot?.documents.map((document) => [document._id, document]));
		this.#aside = new Map();
		this.#newer = new Set();
		this.#entries.clear();
		if (snapshot) this.#setAside(snapshot);
		this.#reading = undefined;
		this.#ready = snapshot !== undefined;
		this.#told = false;
		this.#look();
		if (snapshot) this.#prepare(this.#columns, prepare(this.#columns));
	}

	/** Takes what the database holds or was just given. */
	take(news: LedgerNews): void {
		const { entries, documents } = news;
		const elsewhere = [...news.purged, ...news.gone, ...news.unreadable, ...news.newer];
		const shown = new Set([...entries, ...documents].map(({ _id }) => _id));
		const removed = elsewhere.filter((id) => !shown.has(id));
		if (removed.length > 0) this.#columns.remove(removed.filter((id) => this.#columns.has(id)));
		this.#columns.put(entries);
		this.#takeDocuments(documents, removed);

		for (const id of [...shown, ...removed]) {
			this.#aside.delete(id);
			this.#newer.delete(id);
			this.#entries.delete(id);
		}
		this.#setAside(news);
		// Rows that were let go may be used again: no list may go on naming them.
		if (removed.length > 0) this.#look();
		else this.#lookSoon(shown.size);
	}

	/** A large ledger is being read. */
	showReading(reading: Reading): void {
		if (!this.#ready) this.#reading = reading;
	}

	/**
	 * Everything has been told.
	 *
	 * @param documents how many documents the database holds, where that is known.
	 * @returns whether as many are known here.
	 */
	complete(documents: number | undefined): boolean {
		const known = this.#columns.size + this.#documents.size + this.#aside.size;
		if (documents !== undefined && documents !== known) return false;
		this.#look();
		this.#ready = true;
		this.#told = true;
		this.#reading = undefined;
		this.#failure = undefined;
		this.#prepare(this.#columns, prepare(this.#columns));
		return true;
	}

	/** The database cannot be opened. */
	fail(problem: string): void {
		this.#failure = problem;
	}

	#setAside({
		purged,
		unreadable,
		newer
	}: Pick<LedgerNews, 'purged' | 'unreadable' | 'newer'>): void {
		for (const id of purged) this.#aside.set(id, 'purged');
		for (const id of unreadable) this.#aside.set(id, 'unreadable');
		for (const id of newer) {
			this.#newer.add(id);
			if (!this.#columns.has(id) && !this.#documents.has(id)) this.#aside.set(id, 'newer');
		}
	}

	#takeDocuments(documents: readonly KnownDocument[], removed: readonly string[]): void {
		const leaving = removed.filter((id) => this.#documents.has(id));
		if (documents.length === 0 && leaving.length === 0) return;
		const known = new Map(this.#documents);
		for (const document of documents) known.set(document._id, document);
		for (const id of leaving) known.delete(id);
		this.#documents = known;
	}

	#inOrder<T extends Category | Account>(isOne: (document: KnownDocument) => document is T): T[] {
		return [...this.#documents.values()]
			.filter(isOne)
			.filter(({ archived, deletedAt }) => !archived && deletedAt === null)
			.sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1));
	}

	#keep(entry: Entry): Entry {
		const kept = this.#entries.get(entry._id);
		if (kept) return kept;
		if (this.#entries.size >= KEPT_ENTRIES) this.#entries.clear();
		this.#entries.set(entry._id, entry);
		return entry;
	}

	#lookSoon(documents: number): void {
		const now = performance.now();
		// A flood has small pieces too, which are no edits.
		if (documents > EDIT_SIZE) this.#floodUntil = now + FLOOD_MS;
		if (this.#nextLook !== undefined) return;
		const isFlood = now < this.#floodUntil;
		const wait = this.#lookedAt + (isFlood ? FLOOD_MS : EDIT_MS) - now;
		// Of a flood, taking and looking are two tasks: between them the page can answer.
		if (wait <= 0 && !isFlood) this.#look();
		else this.#nextLook = setTimeout(() => this.#look(), wait);
	}

	/** Makes ahead, step by step, what the first save and the first search would have to wait for. */
	#prepare(columns: LedgerColumns, steps: Generator<void, void>): void {
		setTimeout(() => {
			if (columns === this.#columns && !steps.next().done) this.#prepare(columns, steps);
		}, STEP_MS);
	}

	#look(): void {
		clearTimeout(this.#nextLook);
		this.#nextLook = undefined;
		this.#lookedAt = performance.now();
		this.#version += 1;
	}
}
