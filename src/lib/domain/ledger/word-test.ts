import type { TransactionKind } from '#contract/documents/transaction.ts';
import { minorDigits } from '#lib/domain/currency.ts';
import { toCalendarDay } from './day-number.ts';
import { amountTest } from './digit-search.ts';
import type { Dictionary } from './dictionary.ts';
import { ARRIVAL, fromTagsText, KINDS, SPLIT, TRANSFER, type EntryTable } from './entry-table.ts';
import { fold } from './fold.ts';
import { foldedTextsOf } from './folded-texts.ts';
import type { LedgerColumns } from './ledger-columns.ts';
import type { Names } from './names.ts';
import type { RowTest } from './select.ts';

/** The names by which a person searches. */
export interface SearchNames extends Names {
	/** What each kind is called. */
	kindNames: Readonly<Record<TransactionKind, string>>;
}

/** Between the accounts of a transfer, as a list shows it: it can be searched for too. */
const ARROW = '→';
/** What an account is called that there is no document of. */
const UNKNOWN = '?';

/** A test for entries that hold a folded word anywhere a person would look for it. */
export function wordTest({ table }: LedgerColumns, word: string, names: SearchNames): RowTest {
	const { flags, kind, payee, note, category, account, toAccount, tags } = table.columns;
	const { dictionaries } = table;
	const payees = foldedTextsOf(dictionaries.payee).holding(word);
	const notes = foldedTextsOf(dictionaries.note).holding(word);
	const tagSets = codesHolding(dictionaries.tags, word, fromTagsText);
	const categories = codesHolding(dictionaries.category, word, (id) => {
		const category = names.category(id);
		const parent = category?.parentId ? names.category(category.parentId) : undefined;
		return [category?.name ?? '', parent?.name ?? ''];
	});
	const accounts = codesHolding(dictionaries.account, word, (id) => [
		names.account(id)?.name ?? ''
	]);
	const ends = codesHolding(dictionaries.account, word, (id) => [
		names.account(id)?.name ?? UNKNOWN
	]);
	const kinds = KINDS.map((kind) => fold(names.kindNames[kind]).includes(word));
	const isArrow = word === ARROW;
	const holdsDay = dayTest(table, word);
	const holdsAmount = amountsTest(table, word);
	const holdsRare = rareTest(table, word, categories);
	return (row) => {
		const rowKind = kind[row] ?? 0;
		const isTransfer = rowKind === TRANSFER;
		return (
			notes[note[row] ?? 0] === 1 ||
			payees[payee[row] ?? 0] === 1 ||
			kinds[rowKind] === true ||
			categories[category[row] ?? 0] === 1 ||
			(isTransfer
				? isArrow || ends[account[row] ?? 0] === 1 || ends[toAccount[row] ?? 0] === 1
				: accounts[account[row] ?? 0] === 1) ||
			tagSets[tags[row] ?? 0] === 1 ||
			holdsDay?.(row) === true ||
			holdsAmount?.(row) === true ||
			(((flags[row] ?? 0) & (SPLIT | ARRIVAL)) !== 0 && holdsRare(row))
		);
	};
}

function dayTest({ columns: { day } }: EntryTable, word: string): RowTest | undefined {
	if (!/^[\d-]+$/.test(word)) return undefined;
	// Rows come newest first: the next one is mostly of the same day.
	let last = -1;
	let held = false;
	return (row) => {
		const current = day[row] ?? 0;
		if (current !== last) {
			last = current;
			held = toCalendarDay(current).includes(word);
		}
		return held;
	};
}

function amountsTest({ columns, dictionaries }: EntryTable, word: string): RowTest | undefined {
	const holds = amountTest(word);
	if (!holds) return undefined;
	const { amountMinor, currency } = columns;
	const digits = dictionaries.currency.texts.map((code) => (code ? minorDigits(code) : 0));
	return (row) => holds(amountMinor[row] ?? 0, digits[currency[row] ?? 0] ?? 0);
}

/** Of what few entries have: the parts they are split into, and what arrived where that is another amount. */
function rareTest(
	{ columns, dictionaries, splits, arrivals }: EntryTable,
	word: string,
	categories: Uint8Array
): RowTest {
	const holdsAmount = amountTest(word);
	return (row) => {
		const parts = splits.get(row) ?? [];
		const arrival = arrivals.get(row);
		const currency =
			arrival?.currency ?? dictionaries.currency.decode(columns.currency[row] ?? 0) ?? '';
		const amountMinor = arrival?.amountMinor ?? null;
		return (
			parts.some(
				({ categoryId, note }) =>
					categories[dictionaries.category.find(categoryId) ?? 0] === 1 || fold(note).includes(word)
			) ||
			(amountMinor !== null && holdsAmount?.(amountMinor, minorDigits(currency)) === true)
		);
	};
}

/** By code: 1 where one of the texts that a code stands for holds the folded word. */
function codesHolding(
	dictionary: Dictionary,
	word: string,
	textsOf: (text: string) => readonly string[]
): Uint8Array {
	return Uint8Array.from(dictionary.texts, (text, code) =>
		code > 0 && textsOf(text).some((candidate) => fold(candidate).includes(word)) ? 1 : 0
	);
}
