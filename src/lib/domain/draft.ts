import type { CurrencyCode } from '#contract/documents/money.ts';
import type { CalendarDay } from '#contract/documents/calendar.ts';
import type { Stamp } from '#contract/documents/stamp.ts';
import type { Transaction, TransactionKind } from '#contract/documents/transaction.ts';
import { VERSIONS } from '#contract/documents/versions.ts';
import { parseAmount, toInputText, type AmountProblem } from './amount-text.ts';
import { isDay } from './calendar-day.ts';
import { canonicalJson } from './canonical.ts';
import { newDocument } from './merge.ts';

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

/** What is wrong with one field of a draft; `problem` is a code with a sentence in `messages.ts`. */
export interface DraftProblem {
	field: keyof TransactionDraft;
	problem:
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
		...defaults
	};
}

/** A form filled with an entry as it stands. */
export function draftOf(transaction: TransactionFields, locale?: string): TransactionDraft {
	return {
		kind: transaction.kind,
		amount: toInputText(transaction.amountMinor, transaction.currency, locale),
		currency: transaction.currency,
		categoryId: transaction.categoryId,
		accountId: transaction.accountId,
		toAccountId: transaction.toAccountId,
		payee: transaction.payee,
		note: transaction.note,
		spentOn: transaction.spentOn
	};
}

/** Turns a form's content into facts, or into everything that is wrong with it. */
export function readDraft(
	draft: TransactionDraft,
	locale?: string
): { ok: true; fields: TransactionFields } | { ok: false; problems: DraftProblem[] } {
	const problems: DraftProblem[] = [];
	const amount = parseAmount(draft.amount, draft.currency, locale);
	if (!amount.ok) problems.push({ field: 'amount', problem: amount.problem });
	else if (amount.amountMinor === 0) problems.push({ field: 'amount', problem: 'amount-zero' });
	else if (amount.amountMinor > AMOUNT_LIMIT) {
		problems.push({ field: 'amount', problem: 'amount-too-large' });
	}
	if (!isDay(draft.spentOn)) problems.push({ field: 'spentOn', problem: 'date-missing' });
	if (draft.accountId === '') problems.push({ field: 'accountId', problem: 'account-missing' });
	const isTransfer = draft.kind === 'transfer';
	if (isTransfer && !draft.toAccountId) {
		problems.push({ field: 'toAccountId', problem: 'account-missing' });
	} else if (isTransfer && draft.toAccountId === draft.accountId) {
		problems.push({ field: 'toAccountId', problem: 'same-account' });
	}
	if (draft.payee.length > PAYEE_LENGTH)
		problems.push({ field: 'payee', problem: 'text-too-long' });
	if (draft.note.length > NOTE_LENGTH) problems.push({ field: 'note', problem: 'text-too-long' });
	if (problems.length > 0 || !amount.ok) return { ok: false, problems };
	return {
		ok: true,
		fields: {
			kind: draft.kind,
			amountMinor: amount.amountMinor,
			currency: draft.currency,
			categoryId: isTransfer ? null : draft.categoryId,
			accountId: draft.accountId,
			toAccountId: isTransfer ? draft.toAccountId : null,
			payee: draft.payee.trim(),
			note: draft.note.trim(),
			spentOn: draft.spentOn
		}
	};
}

/** What a form changed, compared with the entry it was opened on: only that is written. */
export function changedFields(
	before: TransactionFields,
	after: TransactionFields
): Partial<TransactionFields> {
	return Object.fromEntries(
		Object.entries(after).filter(
			([field, value]) =>
				canonicalJson(before[field as keyof TransactionFields]) !== canonicalJson(value)
		)
	);
}

/** What the form for an entry does not ask. */
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
	fields: TransactionFields & Partial<OtherFields>,
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
