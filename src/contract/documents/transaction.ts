import * as z from 'zod/mini';
import { CalendarDay } from './calendar.ts';
import { documentFields } from './ledger-document.ts';
import { CurrencyCode, MinorUnits } from './money.ts';

export const TransactionKind = z.enum(['expense', 'income', 'transfer']);
export type TransactionKind = z.infer<typeof TransactionKind>;

/** One part of an entry that is spread over several categories, in the entry's currency. */
export const Split = z.looseObject({
	/** `null` = uncategorised. */
	categoryId: z.nullable(z.string()),
	amountMinor: MinorUnits.check(z.gte(0)),
	note: z.string()
});
export type Split = z.infer<typeof Split>;

/** A receipt's file: it lies in the file store under its SHA-256, the reference is in the document. */
export const ReceiptReference = z.looseObject({
	name: z.string(),
	/** A MIME type. */
	mediaType: z.string(),
	bytes: z.int().check(z.gte(0))
});
export type ReceiptReference = z.infer<typeof ReceiptReference>;

/** What is kept of any entry, made by hand, by an import or by a recurring rule. */
export const entryFields = {
	kind: TransactionKind,
	/** Never negative; `kind` says which way the money went. Of a transfer: what left `accountId`. */
	amountMinor: MinorUnits.check(z.gte(0)),
	currency: CurrencyCode,
	/** What of a transfer reached `toAccountId`, where that is another amount; `null` = the same. */
	toAmountMinor: z.nullable(MinorUnits.check(z.gte(0))),
	toCurrency: z.nullable(CurrencyCode),
	/** Empty = all of it in `categoryId`; else the parts add up to `amountMinor`. */
	splits: z.array(Split),
	/** `null` = uncategorised. Always `null` for a transfer, and not looked at where there are splits. */
	categoryId: z.nullable(z.string()),
	/** The account the money left (expense, transfer) or reached (income). */
	accountId: z.string(),
	/** The account a transfer reached; `null` for the other kinds. */
	toAccountId: z.nullable(z.string()),
	payee: z.string(),
	note: z.string()
};

/**
 * An expense, an income or a transfer between two accounts.
 *
 * Tags and receipts are fields of their own, so that those which two devices add at the same time both
 * stay: `#holiday: true` (`false` = taken off again), and `receipt:<sha256>` with a
 * {@link ReceiptReference} (`null` = taken off again).
 */
export const Transaction = z.looseObject({
	...documentFields,
	type: z.literal('transaction'),
	...entryFields,
	spentOn: CalendarDay,
	/** The time on the wall, `HH:MM:SS`, where it is known: it orders the entries of one day. */
	spentTime: z.nullable(z.iso.time()),
	/** The import (or other bulk operation) that made the entry; `null` = typed by hand. */
	operationId: z.nullable(z.string()),
	/** The recurring rule that made the entry, and the day it was due; `null` = none did. */
	recurringRuleId: z.nullable(z.string()),
	dueOn: z.nullable(CalendarDay)
});
export type Transaction = z.infer<typeof Transaction>;
