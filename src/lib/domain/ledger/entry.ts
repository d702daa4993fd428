import type { Instant } from '#contract/documents/ledger-document.ts';
import type { Split, Transaction, TransactionKind } from '#contract/documents/transaction.ts';
import type { CalendarDay } from '#contract/documents/calendar.ts';
import type { CurrencyCode, MinorUnits } from '#contract/documents/money.ts';
import type { Stamp } from '#contract/documents/stamp.ts';
import { receiptsOf, tagsOf } from './marks.ts';

/** What lists, sums and searches need of a transaction: its facts, without stamps and history. */
export interface Entry {
	_id: string;
	kind: TransactionKind;
	amountMinor: MinorUnits;
	currency: CurrencyCode;
	/** What of a transfer reached the other account, where that is another amount; `null` = the same. */
	toAmountMinor: MinorUnits | null;
	toCurrency: CurrencyCode | null;
	splits: readonly Split[];
	categoryId: string | null;
	accountId: string;
	toAccountId: string | null;
	payee: string;
	note: string;
	spentOn: CalendarDay;
	/** `HH:MM:SS` */
	spentTime: string | null;
	/** In code-unit order. */
	tags: readonly string[];
	/** How many receipts it has. */
	receipts: number;
	operationId: string | null;
	recurringRuleId: string | null;
	/** Since when it is in the trash; `null` = it is not. */
	deletedAt: Instant | null;
	/** The stamp of its first save: it orders entries of one moment. */
	madeAt: Stamp | '';
	/** A newer version of the app wrote it: it is shown and not edited. */
	readOnly: boolean;
}

/** The facts of a transaction. */
export function toEntry(transaction: Transaction, readOnly = false): Entry {
	return {
		_id: transaction._id,
		kind: transaction.kind,
		amountMinor: transaction.amountMinor,
		currency: transaction.currency,
		toAmountMinor: transaction.toAmountMinor,
		toCurrency: transaction.toCurrency,
		splits: transaction.splits,
		categoryId: transaction.categoryId,
		accountId: transaction.accountId,
		toAccountId: transaction.toAccountId,
		payee: transaction.payee,
		note: transaction.note,
		spentOn: transaction.spentOn,
		spentTime: transaction.spentTime,
		tags: tagsOf(transaction),
		receipts: receiptsOf(transaction).length,
		operationId: transaction.operationId,
		recurringRuleId: transaction.recurringRuleId,
		deletedAt: transaction.deletedAt,
		// Where an entry came from is never edited: that stamp is the one of its first save.
		madeAt: transaction.stamps.operationId ?? '',
		readOnly
	};
}
