import type { CalendarDay } from '#contract/documents/calendar.ts';
import type { CurrencyCode, MinorUnits } from '#contract/documents/money.ts';
import type { TransactionKind } from '#contract/documents/transaction.ts';
import { NONE, type Dictionary } from './dictionary.ts';
import { foldedTextsOf } from './folded-texts.ts';
import { fromTagsText, KINDS, SPLIT } from './entry-table.ts';
import type { LedgerColumns } from './ledger-columns.ts';
import type { Names } from './names.ts';
import { toWords } from './fold.ts';
import { wordTest, type SearchNames } from './word-test.ts';

/** Which entries to select; what is absent does not restrict. */
export interface EntryFilter {
	/** Words that all must be in payee, note, tags, category, account, kind, day or amount. */
	text?: string;
	/** The first day. */
	from?: CalendarDay;
	/** The last day. */
	to?: CalendarDay;
	/** The currency it was spent in. */
	currency?: CurrencyCode;
	/** The least amount, in whatever currency. */
	fromMinor?: MinorUnits;
	/** The largest amount, in whatever currency. */
	toMinor?: MinorUnits;
	kind?: TransactionKind;
	/** A category with those below it; a split entry is in every category of its parts. */
	categoryId?: string;
	/** Expenses and income with no category, or a part with none. */
	uncategorised?: boolean;
	/** An account on either side. */
	accountId?: string;
	tag?: string;
	withReceipt?: boolean;
}

/** How many rows one step looks at. */
const ROWS = 1_000;
/** How many new texts one step folds. */
const TEXTS = 100;

/** Whether a row is to be kept. */
export type RowTest = (row: number) => boolean;

/**
 * The rows of the entries that pass a filter, newest first. Entries in the trash never do.
 *
 * @param names where categories and accounts are looked up, archived ones included.
 */
export function select(
	columns: LedgerColumns,
	filter: EntryFilter,
	names: SearchNames
): Uint32Array {
	const steps = selectInSteps(columns, filter, names);
	for (;;) {
		const step = steps.next();
		if (step.done) return step.value;
	}
}

/**
 * The same in steps of a fraction of a millisecond, between which a page can draw and take keys. The columns
 * must not change from the first step to the last.
 */
export function* selectInSteps(
	columns: LedgerColumns,
	filter: EntryFilter,
	names: SearchNames
): Generator<void, Uint32Array> {
	const tests = [...simpleTests(columns, filter), ...categoryTests(columns, filter, names)];
	const words = toWords(filter.text ?? '');
	if (words.length > 0) {
		const { payee, note } = columns.table.dictionaries;
		for (const texts of [foldedTextsOf(payee), foldedTextsOf(note)]) {
			while (!texts.catchUp(TEXTS)) yield;
		}
	}
	for (const word of words) {
		tests.push(wordTest(columns, word, names));
		yield;
	}
	let rows = columns.rowsBetween(filter).slice();
	for (const test of tests) {
		let kept = 0;
		for (let at = 0; at < rows.length; at += ROWS) {
			kept = keep(rows, at, kept, test);
			yield;
		}
		rows = rows.subarray(0, kept);
	}
	return rows;
}

function simpleTests({ table }: LedgerColumns, filter: EntryFilter): RowTest[] {
	const { amountMinor, currency, kind, account, toAccount, receipts } = table.columns;
	const { fromMinor, toMinor, accountId, tag } = filter;
	const tests: RowTest[] = [];
	if (filter.kind !== undefined) {
		const wanted = KINDS.indexOf(filter.kind);
		tests.push((row) => kind[row] === wanted);
	}
	if (filter.currency !== undefined) {
		const code = table.dictionaries.currency.find(filter.currency);
		tests.push((row) => currency[row] === code);
	}
	if (fromMinor !== undefined) tests.push((row) => (amountMinor[row] ?? 0) >= fromMinor);
	if (toMinor !== undefined) tests.push((row) => (amountMinor[row] ?? 0) <= toMinor);
	if (filter.withReceipt) tests.push((row) => receipts[row] !== 0);
	if (accountId !== undefined) {
		const code = table.dictionaries.account.find(accountId);
		tests.push((row) => account[row] === code || toAccount[row] === code);
	}
	if (tag !== undefined) {
		const { tags } = table.columns;
		const wanted = codesWhere(table.dictionaries.tags, (text) => fromTagsText(text).includes(tag));
		tests.push((row) => wanted[tags[row] ?? 0] === 1);
	}
	return tests;
}

function categoryTests(
	{ table }: LedgerColumns,
	{ categoryId, uncategorised }: EntryFilter,
	names: Names
): RowTest[] {
	const tests: RowTest[] = [];
	if (categoryId !== undefined) {
		const wanted = codesWhere(
			table.dictionaries.category,
			(id) => id === categoryId || names.category(id)?.parentId === categoryId
		);
		wanted[NONE] = 0;
		tests.push(inCategory(table, wanted));
	}
	if (uncategorised) {
		const none = new Uint8Array(table.dictionaries.category.texts.length);
		none[NONE] = 1;
		const isUncategorised = inCategory(table, none);
		const { kind } = table.columns;
		const transfer = KINDS.indexOf('transfer');
		tests.push((row) => kind[row] !== transfer && isUncategorised(row));
	}
	return tests;
}

function inCategory(
	{ columns, dictionaries, splits }: LedgerColumns['table'],
	wanted: Uint8Array
): RowTest {
	const { flags, category } = columns;
	return (row) =>
		((flags[row] ?? 0) & SPLIT) === 0
			? wanted[category[row] ?? 0] === 1
			: (splits.get(row) ?? []).some(
					({ categoryId }) => wanted[dictionaries.category.find(categoryId) ?? 0] === 1
				);
}

function codesWhere(dictionary: Dictionary, isWanted: (text: string) => boolean): Uint8Array {
	return Uint8Array.from(dictionary.texts, (text, code) =>
		code !== NONE && isWanted(text) ? 1 : 0
	);
}

/** Tests one step's rows from `from` on and moves those that pass to behind the `kept` first ones. */
function keep(rows: Uint32Array, from: number, kept: number, test: RowTest): number {
	const to = Math.min(rows.length, from + ROWS);
	for (let at = from; at < to; at++) {
		const row = rows[at] ?? 0;
		if (test(row)) rows[kept++] = row;
	}
	return kept;
}
