import type { Account } from '#contract/documents/account.ts';
import type { Category } from '#contract/documents/category.ts';
import type { CurrencyCode } from '#contract/documents/money.ts';
import type { Preferences } from '#contract/documents/preferences.ts';
import type { Transaction } from '#contract/documents/transaction.ts';
import { guessCurrency } from '#lib/domain/currency.ts';
import { compareNewestFirst } from '#lib/domain/report.ts';
import type { FeedBatch } from '#lib/storage/change-feed.ts';
import type { KnownDocument } from '#lib/storage/document-codec.ts';

type Documents = ReadonlyMap<string, KnownDocument>;

/**
 * The ledger as the screen sees it: the change feed puts documents in, nothing else does. Everything
 * below is derived.
 */
export class LedgerState {
	#documents = $state.raw<Documents>(new Map());
	#unreadable = $state.raw<ReadonlyMap<string, string>>(new Map());
	#newer = $state.raw<ReadonlySet<string>>(new Set());
	#ready = $state(false);
	#failure = $state<string>();

	readonly #all = $derived([...this.#documents.values()]);
	readonly #allTransactions = $derived(
		this.#all.filter((document): document is Transaction => document.type === 'transaction')
	);

	/** Entries that are not in the trash, newest first. */
	readonly transactions: readonly Transaction[] = $derived(
		this.#allTransactions.filter(({ deletedAt }) => deletedAt === null).sort(compareNewestFirst)
	);

	/** Entries in the trash, the last deleted first. */
	readonly trash: readonly Transaction[] = $derived(
		this.#allTransactions
			.filter(({ deletedAt }) => deletedAt !== null)
			.sort((a, b) => ((a.deletedAt ?? '') < (b.deletedAt ?? '') ? 1 : -1))
	);

	/** Categories that can be chosen, in their order. */
	readonly categories: readonly Category[] = $derived(
		this.#all
			.filter((document): document is Category => document.type === 'category')
			.filter(({ archived, deletedAt }) => !archived && deletedAt === null)
			.sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1))
	);

	/** Accounts that can be chosen, in their order. */
	readonly accounts: readonly Account[] = $derived(
		this.#all
			.filter((document): document is Account => document.type === 'account')
			.filter(({ archived, deletedAt }) => !archived && deletedAt === null)
			.sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1))
	);

	readonly #preferences = $derived(
		this.#all.find((document): document is Preferences => document.type === 'preferences')
	);

	/** The currency a new entry starts with: the one chosen, else the one of this device's region. */
	readonly currency: CurrencyCode = $derived(
		this.#preferences?.currency ?? guessCurrency(globalThis.navigator?.language)
	);

	/** Whether the local ledger has been read. */
	get ready(): boolean {
		return this.#ready;
	}

	/** A problem code when the local database cannot be opened. */
	get failure(): string | undefined {
		return this.#failure;
	}

	/** How many documents could not be read and were set aside. */
	get unreadable(): number {
		return this.#unreadable.size;
	}

	/** How many documents a newer version of the app wrote, which this one leaves alone. */
	get newer(): number {
		return this.#newer.size;
	}

	/** An entry, in the trash or not. */
	find(id: string): Transaction | undefined {
		const document = this.#documents.get(id);
		return document?.type === 'transaction' ? document : undefined;
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

	/** Every document, for an import to compare with. */
	ids(): ReadonlySet<string> {
		return new Set(this.#documents.keys());
	}

	/** Takes what the database holds or was just given. For the change feed alone. */
	take({ documents }: FeedBatch): void {
		const known = new Map(this.#documents);
		const unreadable = new Map(this.#unreadable);
		const newer = new Set(this.#newer);
		for (const { id, decoded } of documents) {
			unreadable.delete(id);
			newer.delete(id);
			if (decoded.state === 'known') {
				known.set(id, decoded.document);
			} else {
				known.delete(id);
				if (decoded.state === 'newer') newer.add(id);
				else if (decoded.state === 'unreadable') unreadable.set(id, decoded.reason);
			}
		}
		this.#documents = known;
		this.#unreadable = unreadable;
		this.#newer = newer;
		this.#ready = true;
		this.#failure = undefined;
	}

	/** Another local ledger is being opened: nothing of the last one may stay on screen. */
	clear(): void {
		this.#documents = new Map();
		this.#unreadable = new Map();
		this.#newer = new Set();
		this.#ready = false;
	}

	/** The database cannot be opened. */
	fail(problem: string): void {
		this.#failure = problem;
	}
}
