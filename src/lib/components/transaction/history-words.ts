import type { PastValue } from '#contract/documents/ledger-document.ts';
import type { Split } from '#contract/documents/transaction.ts';
import { dayInColumn } from '#lib/components/calendar/day-words.ts';
import { formatMoney } from '#lib/domain/money.ts';
import * as m from '#messages';
import { kindNames, type Names } from './transaction-words.ts';

const FIELDS: Readonly<Record<string, string>> = {
	kind: m.common_kind(),
	amountMinor: m.common_amount(),
	spentOn: m.common_date(),
	categoryId: m.common_category(),
	accountId: m.common_account(),
	payee: m.common_payee(),
	note: m.common_note(),
	deletedAt: m.entry_field_trash()
};

/** The name of a group of fields, in a person's words. */
export function fieldName(field: string): string {
	if (field.startsWith('#')) return m.entry_field_tag({ tag: field.slice(1) });
	if (field.startsWith('receipt:')) return m.entry_field_receipt();
	return FIELDS[field] ?? field;
}

/** A past value in a person's words. It may come from a newer version of the app: nothing is taken for granted. */
export function pastValueText({ field, value }: PastValue, names: Names): string {
	const own = value[field];
	if (typeof own === 'boolean') return own ? m.entry_on() : m.entry_off();
	switch (field) {
		case 'amountMinor':
			return typeof own === 'number' && typeof value.currency === 'string'
				? moneyText(own, value.currency, value.splits, names)
				: String(own);
		case 'kind':
			return kindNames[own as keyof typeof kindNames] ?? String(own);
		case 'spentOn':
			return typeof own === 'string' ? dayInColumn(own) : m.entry_none();
		case 'categoryId':
			return categoryText(own, names);
		case 'accountId':
			return names.account(String(own))?.name ?? m.entry_removed_account();
		case 'deletedAt':
			return own === null ? m.entry_was_not_in_trash() : m.entry_was_in_trash();
		default:
			return typeof own === 'string' && own !== '' ? own : m.entry_empty();
	}
}

/** An amount with the parts that it was split into: who brings it back brings them along. */
function moneyText(amount: number, currency: string, splits: unknown, names: Names): string {
	const parts = Array.isArray(splits) ? (splits as Partial<Split>[]) : [];
	const texts = parts.map(
		({ categoryId, amountMinor }) =>
			`${categoryText(categoryId, names)} ${formatMoney(Number(amountMinor), currency)}`
	);
	return [formatMoney(amount, currency), texts.join(', ')].filter(Boolean).join(': ');
}

function categoryText(id: unknown, names: Names): string {
	if (id === null) return m.common_no_category();
	return names.category(String(id))?.name ?? m.entry_removed_category();
}
