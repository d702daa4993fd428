import type { CurrencyCode } from '#contract/documents/money.ts';
import type { CalendarDay } from '#contract/documents/calendar.ts';
import type { Stamp } from '#contract/documents/stamp.ts';
import type { Split, Transaction, TransactionKind } from '#contract/documents/transaction.ts';
import { VERSIONS } from '#contract/documents/versions.ts';
import { parseAmount, toInputText, type AmountProblem } from './amount-text.ts';
import { isDay } from './calendar-day.ts';
import { canonicalJson } from './canonical.ts';
import { MONEY_FIELDS } from './field-groups.ts';
import { readTags, type Marks } from './ledger/marks.ts';
import { newDocument } from './merge.ts';
import { readSplits, splitDraftOf, type SplitDraft, type SplitProblem } from './split-draft.ts';

/** What a form holds: texts as they were typed, valid or not. */
export interface TransactionDraft {
	kind: TransactionKind;
	amount: string;
	currency: CurrencyCode;
	categoryId: string | null;
	accountId: string;
	toAccountId: string | null;
	payee: string;
	note: string;
	spentOn: string;
	/** What of a transfer arrives, where that is another amount; `''` = the same. */
	toAmount: string;
	/** The currency it arrives in; `null` = the same. */
	toCurrency: CurrencyCode | null;
	/** The parts of an entry that is spread over several categories; empty = it is not. */
	splits: SplitDraft[];
	tags: string[];
	/** A tag that is still being typed; it counts. */
	tagText: string;
}

/** The facts of a transaction that a person edits. */
export type TransactionFields = Pick<
	Transaction,
	| 'kind'
	| 'amountMinor'
	| 'currency'
	| 'categoryId'
	| 'accountId'
	| 'toAccountId'
	| 'payee'
	| 'note'
	| 'spentOn'
>;

/** What a form makes of an entry: its facts, and those that only some entries have. */
export type DraftFields = TransactionFields &
	Pick<Transaction, 'toAmountMinor' | 'toCurrency' | 'splits'>;

/** What is wrong with one field of a draft; `problem` is a code with a sentence in `messages.ts`. */
export interface DraftProblem {
	field: keyof TransactionDraft;
	/** The place of the part that is wrong, of `splits`; absent = all of them together. */
	part?: number;
	problem:
		| SplitProblem
		| AmountProblem
		| 'amount-zero'
		| 'date-missing'
		| 'account-missing'
		| 'same-account'
		| 'text-too-long';
}

/**
 * The largest amount of one entry, in minor units: a trillion of most currencies. Sums stay exact up to
 * 9·10¹⁵, which takes ninety of them.
 */
export const AMOUNT_LIMIT = 100_000_000_000_000;
/** The longest payee, in UTF-16 code units. */
export const PAYEE_LENGTH = 200;
/** The longest note, in UTF-16 code units. */
export const NOTE_LENGTH = 10_000;

/** A blank form. */
export function emptyDraft(defaults: {
	currency: CurrencyCode;
	accountId: string;
	spentOn: CalendarDay;
}): TransactionDraft {
	return {
		kind: 'expense',
		amount: '',
		categoryId: null,
		toAccountId: null,
		payee: '',
		note: '',
		toAmount: '',
		toCurrency: null,
		splits: [],
		tags: [],
		tagText: '',
		...defaults
	};
}

/** A form filled with an entry as it stands. */
export function draftOf(
	transaction: TransactionFields &
		Pick<Transaction, 'toAmountMinor' | 'toCurrency'> & {
			splits: readonly Split[];
			tags?: readonly string[];
		},
	locale?: string
): TransactionDraft {
	const { toAmountMinor, toCurrency, currency } = transaction;
	return {
		kind: transaction.kind,
		amount: toInputText(transaction.amountMinor, transaction.currency, locale),
		currency: transaction.currency,
		categoryId: transaction.categoryId,
		accountId: transaction.accountId,
		toAccountId: transaction.toAccountId,
		payee: transaction.payee,
		note: transaction.note,
		spentOn: transaction.spentOn,
		toAmount:
			toAmountMinor === null ? '' : toInputText(toAmountMinor, toCurrency ?? currency, locale),
		toCurrency,
		splits: transaction.splits.map((split) => splitDraftOf(split, currency, locale)),
		tags: [...(transaction.tags ?? [])],
		tagText: ''
	};
}

/** Turns a form's content into facts, or into everything that is wrong with it. */
export function readDraft(
	draft: TransactionDraft,
	locale?: string
): { ok: true; fields: DraftFields; tags: string[] } | { ok: false; problems: DraftProblem[] } {
	const problems: DraftProblem[] = [];
	const isTransfer = draft.kind === 'transfer';
	const amount = readAmount('amount', draft.amount, draft.currency);
	const crosses = draft.toCurrency !== null && draft.toCurrency !== draft.currency;
	const arrives =
		isTransfer && (crosses || draft.toAmount.trim() !== '')
			? readAmount('toAmount', draft.toAmount, draft.toCurrency ?? draft.currency)
			: null;
	const splits = isTransfer ? [] : readSplits(draft, amount, locale);
	if (!Array.isArray(splits)) problems.push(...splits.problems);
	if (!isDay(draft.spentOn)) problems.push({ field: 'spentOn', problem: 'date-missing' });
	if (draft.accountId === '') problems.push({ field: 'accountId', problem: 'account-missing' });
	if (isTransfer && !draft.toAccountId) {
		problems.push({ field: 'toAccountId', problem: 'account-missing' });
	} else if (isTransfer && draft.toAccountId === draft.accountId) {
		problems.push({ field: 'toAccountId', problem: 'same-account' });
	}
	if (draft.payee.length > PAYEE_LENGTH)
		problems.push({ field: 'payee', problem: 'text-too-long' });
	if (draft.note.length > NOTE_LENGTH) problems.push({ field: 'note', problem: 'text-too-long' });
	if (problems.length > 0 || amount === undefined || !Array.isArray(splits)) {
		return { ok: false, problems };
	}
	return {
		ok: true,
		tags: [...new Set([...draft.tags, ...readTags(draft.tagText)])],
		fields: {
			kind: draft.kind,
			amountMinor: amount,
			currency: draft.currency,
			categoryId: isTransfer ? null : draft.categoryId,
			accountId: draft.accountId,
			toAccountId: isTransfer ? draft.toAccountId : null,
			payee: draft.payee.trim(),
			note: draft.note.trim(),
			spentOn: draft.spentOn,
			toAmountMinor: arrives ?? null,
			toCurrency: isTransfer ? draft.toCurrency : null,
			splits
		}
	};

	function readAmount(
		field: 'amount' | 'toAmount',
		text: string,
		currency: CurrencyCode
	): number | undefined {
		const read = parseAmount(text, currency, locale);
		if (!read.ok) problems.push({ field, problem: read.problem });
		else if (read.amountMinor === 0) problems.push({ field, problem: 'amount-zero' });
		else if (read.amountMinor > AMOUNT_LIMIT) problems.push({ field, problem: 'amount-too-large' });
		else return read.amountMinor;
		return undefined;
	}
}

/**
 * What a form changed, compared with the entry it was opened on: only that is written. Amounts that have to
 * fit each other go together, so that they fit whatever another device wrote meanwhile.
 */
export function changedFields<Fields extends TransactionFields & Partial<DraftFields>>(
	before: Fields,
	after: Fields
): Partial<Fields> {
	const differs = (field: string) =>
		canonicalJson(before[field as keyof Fields]) !== canonicalJson(after[field as keyof Fields]);
	const together = MONEY_FIELDS.some(differs) ? MONEY_FIELDS : [];
	return Object.fromEntries(
		Object.entries(after).filter(([field]) => together.includes(field) || differs(field))
	) as Partial<Fields>;
}

/** What not every entry has. */
export type OtherFields = Pick<
	Transaction,
	| 'toAmountMinor'
	| 'toCurrency'
	| 'splits'
	| 'spentTime'
	| 'operationId'
	| 'recurringRuleId'
	| 'dueOn'
>;

/** A new entry, every field stamped alike. */
export function newTransaction(
	id: string,
	fields: TransactionFields & Partial<OtherFields> & Marks,
	stamp: Stamp
): Transaction {
	return newDocument<Transaction>(
		{
			toAmountMinor: null,
			toCurrency: null,
			splits: [],
			spentTime: null,
			operationId: null,
			recurringRuleId: null,
			dueOn: null,
			...fields,
			_id: id,
			type: 'transaction',
			version: VERSIONS.transaction,
			deletedAt: null
		},
		stamp
	);
}
