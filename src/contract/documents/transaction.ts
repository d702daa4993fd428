import * as z from 'zod/mini';
import { documentFields } from './ledger-document.ts';
import { CurrencyCode, MinorUnits } from './money.ts';

export const TRANSACTION_VERSION = 1;

/** A calendar day, `YYYY-MM-DD`: the day on the wall where the money was spent, in no time zone. */
export const CalendarDay = z.iso.date();
export type CalendarDay = z.infer<typeof CalendarDay>;

export const TransactionKind = z.enum(['expense', 'income', 'transfer']);
export type TransactionKind = z.infer<typeof TransactionKind>;

/** An expense, an income or a transfer between two accounts. */
export const Transaction = z.looseObject({
	...documentFields,
	type: z.literal('transaction'),
	kind: TransactionKind,
	/** Never negative; `kind` says which way the money went. */
	amountMinor: MinorUnits.check(z.gte(0)),
	currency: CurrencyCode,
	spentOn: CalendarDay,
	/** The time on the wall, `HH:MM:SS`, where it is known: it orders the entries of one day. */
	spentTime: z.nullable(z.iso.time()),
	/** `null` = uncategorised. Always `null` for a transfer. */
	categoryId: z.nullable(z.string()),
	/** The account the money left (expense, transfer) or reached (income). */
	accountId: z.string(),
	/** The account a transfer reached; `null` for the other kinds. */
	toAccountId: z.nullable(z.string()),
	payee: z.string(),
	note: z.string(),
	/** The import (or other bulk operation) that made the entry; `null` = typed by hand. */
	operationId: z.nullable(z.string())
});
export type Transaction = z.infer<typeof Transaction>;
