import type { CurrencyCode, MinorUnits } from '#contract/documents/money.ts';
import type { CalendarDay } from '#contract/documents/calendar.ts';
import type { TransactionKind } from '#contract/documents/transaction.ts';
import { parseSigned } from '#lib/domain/amount-text.ts';
import { readFileDate } from './file-date.ts';
import type { ImportField, ImportMapping } from './mapping.ts';
import type { TableRow } from './table.ts';

/** What one row of a file says, before it has anything to do with a ledger. */
export interface ImportedRow {
	kind: TransactionKind;
	spentOn: CalendarDay;
	spentTime: string | null;
	amountMinor: MinorUnits;
	currency: CurrencyCode;
	/** The account's name; '' where the file has none. */
	account: string;
	/** The other account's name of a transfer; '' otherwise. */
	toAccount: string;
	category: string;
	subcategory: string;
	payee: string;
	note: string;
}

/** Why a row cannot be read. Each code has a sentence in `messages.ts`. */
export type RowProblem =
	| 'row-date'
	| 'row-amount'
	| 'row-kind'
	| 'row-currency'
	| 'row-other-account'
	| 'row-same-account';

export type RowResult = { ok: true; row: ImportedRow } | { ok: false; problem: RowProblem };

/** Reads one row of a table as the mapping says. */
export function readRow(
	{ cells }: TableRow,
	mapping: ImportMapping,
	fallbackCurrency: CurrencyCode
): RowResult {
	const cell = (field: ImportField): string => {
		const index = mapping.columns[field];
		return index === undefined ? '' : (cells[index] ?? '').replace(/\s+/g, ' ').trim();
	};
	const date = readFileDate(cell('date'), mapping.dateOrder);
	if (!date) return { ok: false, problem: 'row-date' };
	const currency = cell('currency').toUpperCase() || fallbackCurrency;
	if (!/^[A-Z]{3}$/.test(currency)) return { ok: false, problem: 'row-currency' };
	const amount = parseSigned(cell('amount'), currency, mapping);
	if (!amount.ok) return { ok: false, problem: 'row-amount' };
	const direction = readDirection(cell('kind'), amount.amountMinor);
	if (!direction) return { ok: false, problem: 'row-kind' };

	const row: ImportedRow = {
		kind: direction.kind,
		spentOn: date.day,
		spentTime: date.time,
		amountMinor: Math.abs(amount.amountMinor),
		currency,
		account: cell('account'),
		toAccount: '',
		category: cell('category'),
		subcategory: cell('subcategory'),
		payee: cell('payee'),
		note: cell('note')
	};
	return row.kind === 'transfer' ? toTransfer(row, direction.reversed) : { ok: true, row };
}

/** In a transfer the category names the other account. */
function toTransfer(row: ImportedRow, reversed: boolean): RowResult {
	const other = row.category;
	if (other === '') return { ok: false, problem: 'row-other-account' };
	if (other.toLowerCase() === row.account.toLowerCase()) {
		return { ok: false, problem: 'row-same-account' };
	}
	const [account, toAccount] = reversed ? [other, row.account] : [row.account, other];
	return { ok: true, row: { ...row, account, toAccount, category: '' } };
}

function readDirection(
	text: string,
	amountMinor: MinorUnits
): { kind: TransactionKind; reversed: boolean } | undefined {
	if (/transfer/i.test(text)) return { kind: 'transfer', reversed: /\bin\b/i.test(text) };
	if (/^(income|credit|cr|deposit|in)$/i.test(text)) return { kind: 'income', reversed: false };
	if (/^(expense|debit|dr|withdrawal|payment|out)$/i.test(text)) {
		return { kind: 'expense', reversed: false };
	}
	// Without a word for it the sign decides, as in most banks' files.
	if (text === '') return { kind: amountMinor < 0 ? 'expense' : 'income', reversed: false };
	return undefined;
}
