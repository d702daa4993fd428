import type { Account } from '#contract/documents/account.ts';
import type { Category } from '#contract/documents/category.ts';
import type { CurrencyCode, MinorUnits } from '#contract/documents/money.ts';
import type { CalendarDay } from '#contract/documents/calendar.ts';
import type { Transaction, TransactionKind } from '#contract/documents/transaction.ts';
import type { Stamp } from '#contract/documents/stamp.ts';
import { computedId } from '#lib/domain/document-id.ts';
import { newTransaction } from '#lib/domain/draft.ts';
import { addMinor } from '#lib/domain/money.ts';
import type { NewOperation } from '#lib/domain/operation.ts';
import { FIRST_ACCOUNT_ID, newAccount, newCategory } from '#lib/domain/starting-documents.ts';
import { readRow, type ImportedRow, type RowProblem } from './row.ts';
import type { ImportMapping } from './mapping.ts';
import type { Table } from './table.ts';

/** How many series colours there are. */
const HUES = 8;

/** What stands in the ledger that an import goes into. */
export interface ImportTarget {
	/** The ids of all documents, those in the trash too: an import never revives one. */
	ids: Pick<ReadonlySet<string>, 'has'>;
	/** Those of them that are in the trash. */
	trashed: Pick<ReadonlySet<string>, 'has'>;
	accounts: readonly Account[];
	categories: readonly Category[];
	/** For rows that name no currency. */
	currency: CurrencyCode;
}

/** The sum of one kind in one currency, over all rows of the file that can be read. */
export interface ImportSum {
	kind: TransactionKind;
	currency: CurrencyCode;
	count: number;
	totalMinor: MinorUnits;
}

/** What an import would do. Nothing has been written. */
export interface ImportPlan {
	/** Accounts and categories that are missing, then the new transactions. */
	documents: (Account | Category | Transaction)[];
	/** The new transactions, as they will be, in the file's order. */
	transactions: Transaction[];
	sums: ImportSum[];
	firstDay: CalendarDay | undefined;
	lastDay: CalendarDay | undefined;
	/** Rows that repeat another row of the file exactly; they are kept. */
	repeats: number;
	/** Rows that stand in the ledger already; they are left alone. */
	present: number;
	/** The ids of those of them that are in the trash: only the person can ask for them back. */
	trashed: string[];
	/** Rows that are new. */
	fresh: number;
	unreadable: { number: number; problem: RowProblem }[];
}

/**
 * Plans an import. A row's id is computed from what the row says and how many like it came before, so
 * exact repeats are kept while the same file adds nothing a second time, on whatever device.
 *
 * @param operation names and stamps everything that this import writes.
 */
export function planImport(
	table: Table,
	mapping: ImportMapping,
	target: ImportTarget,
	operation: NewOperation
): ImportPlan {
	const names = new LedgerNames(target, operation.stamp);
	const sums = new Map<string, ImportSum>();
	const seen = new Map<string, number>();
	const plan: ImportPlan = {
		documents: [],
		transactions: [],
		sums: [],
		firstDay: undefined,
		lastDay: undefined,
		repeats: 0,
		present: 0,
		trashed: [],
		fresh: 0,
		unreadable: []
	};
	for (const tableRow of table.rows) {
		const read = readRow(tableRow, mapping, target.currency);
		if (!read.ok) {
			plan.unreadable.push({ number: tableRow.number, problem: read.problem });
			continue;
		}
		const { row } = read;
		const text = toIdentity(row);
		const before = seen.get(text) ?? 0;
		seen.set(text, before + 1);
		if (before > 0) plan.repeats += 1;
		addTo(sums, row);
		if (plan.firstDay === undefined || row.spentOn < plan.firstDay) plan.firstDay = row.spentOn;
		if (plan.lastDay === undefined || row.spentOn > plan.lastDay) plan.lastDay = row.spentOn;

		const id = computedId('transaction', text, String(before));
		if (target.ids.has(id)) {
			plan.present += 1;
			if (target.trashed.has(id)) plan.trashed.push(id);
			continue;
		}
		plan.fresh += 1;
		plan.transactions.push(toTransaction(id, row, names, operation));
	}
	plan.sums = [...sums.values()];
	plan.documents = [...names.added, ...plan.transactions];
	return plan;
}

/** Everything a row says, in a fixed order: rows that say the same have the same text. */
function toIdentity(row: ImportedRow): string {
	return JSON.stringify([
		row.kind,
		row.spentOn,
		row.spentTime,
		row.amountMinor,
		row.currency,
		row.account,
		row.toAccount,
		row.category,
		row.subcategory,
		row.payee,
		row.note
	]);
}

function addTo(sums: Map<string, ImportSum>, { kind, currency, amountMinor }: ImportedRow): void {
	const key = `${kind} ${currency}`;
	const sum = sums.get(key) ?? { kind, currency, count: 0, totalMinor: 0 };
	sum.count += 1;
	sum.totalMinor = addMinor(sum.totalMinor, amountMinor);
	sums.set(key, sum);
}

function toTransaction(
	id: string,
	row: ImportedRow,
	names: LedgerNames,
	operation: NewOperation
): Transaction {
	const { kind, spentOn, spentTime, amountMinor, currency, payee, note } = row;
	return newTransaction(
		id,
		{
			kind,
			spentOn,
			spentTime,
			amountMinor,
			currency,
			payee,
			note,
			categoryId: names.categoryId(row.category, row.subcategory),
			accountId: names.accountId(row.account),
			toAccountId: kind === 'transfer' ? names.accountId(row.toAccount) : null,
			operationId: operation.id
		},
		operation.stamp
	);
}

/** Finds accounts and categories by name, and makes those that are missing under computed ids. */
class LedgerNames {
	readonly added: (Account | Category)[] = [];
	#target: ImportTarget;
	#stamp: Stamp;
	#accounts = new Map<string, string>();
	#categories = new Map<string, string>();

	constructor(target: ImportTarget, stamp: Stamp) {
		this.#target = target;
		this.#stamp = stamp;
		for (const { _id, name } of target.accounts) this.#accounts.set(toKey(name), _id);
		for (const { _id, name, parentId } of target.categories) {
			this.#categories.set(`${parentId ?? ''}\n${toKey(name)}`, _id);
		}
	}

	accountId(name: string): string {
		if (name === '') return this.#target.accounts[0]?._id ?? FIRST_ACCOUNT_ID;
		const key = toKey(name);
		let id = this.#accounts.get(key);
		if (id === undefined) {
			id = computedId('account', key);
			this.#accounts.set(key, id);
			const order = this.#accounts.size;
			this.#add(newAccount(id, { name, kind: guessAccountKind(name), order }, this.#stamp));
		}
		return id;
	}

	categoryId(name: string, subcategory: string): string | null {
		if (name === '') return null;
		const top = this.#category(name, null);
		return subcategory === '' ? top : this.#category(subcategory, top);
	}

	#category(name: string, parentId: string | null): string {
		const key = `${parentId ?? ''}\n${toKey(name)}`;
		let id = this.#categories.get(key);
		if (id === undefined) {
			id = computedId('category', key);
			this.#categories.set(key, id);
			const order = this.#categories.size;
			const colour = this.#colour(parentId);
			this.#add(newCategory(id, { name, parentId, icon: 'tag', colour, order }, this.#stamp));
		}
		return id;
	}

	/** A subcategory looks like its parent; the others take turns. */
	#colour(parentId: string | null): number {
		const all = [...this.#target.categories, ...this.added].filter(
			(document): document is Category => document.type === 'category'
		);
		const parent = all.find(({ _id }) => _id === parentId);
		if (parent) return parent.colour;
		return (all.filter((category) => category.parentId === null).length % HUES) + 1;
	}

	#add(document: Account | Category): void {
		if (!this.#target.ids.has(document._id)) this.added.push(document);
	}
}

function toKey(name: string): string {
	return name.normalize('NFKC').toLowerCase();
}

function guessAccountKind(name: string): Account['kind'] {
	if (/cash|wallet/i.test(name)) return 'cash';
	if (/card/i.test(name)) return 'card';
	if (/bank|saving|account/i.test(name)) return 'bank';
	return 'other';
}
