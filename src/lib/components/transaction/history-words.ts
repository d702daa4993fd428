import type { PastValue } from '#contract/documents/ledger-document.ts';
import { dayInColumn } from '#lib/components/calendar/day-words.ts';
import { formatMoney } from '#lib/domain/money.ts';
import { kindNames, type Names } from './transaction-words.ts';

const FIELDS: Readonly<Record<string, string>> = {
	kind: 'Kind',
	amountMinor: 'Amount',
	spentOn: 'Date',
	categoryId: 'Category',
	accountId: 'Account',
	payee: 'Payee',
	note: 'Note',
	deletedAt: 'Trash'
};

/** The name of a group of fields, in a person's words. */
export function fieldName(field: string): string {
	if (field.startsWith('#')) return `Tag ${field.slice(1)}`;
	if (field.startsWith('receipt:')) return 'Receipt';
	return FIELDS[field] ?? field;
}

/** A past value in a person's words. It may come from a newer version of the app: nothing is taken for granted. */
export function pastValueText({ field, value }: PastValue, names: Names): string {
	const own = value[field];
	if (typeof own === 'boolean') return own ? 'On' : 'Off';
	switch (field) {
		case 'amountMinor':
			return typeof own === 'number' && typeof value.currency === 'string'
				? formatMoney(own, value.currency)
				: String(own);
		case 'kind':
			return kindNames[own as keyof typeof kindNames] ?? String(own);
		case 'spentOn':
			return typeof own === 'string' ? dayInColumn(own) : 'none';
		case 'categoryId':
			return own === null
				? 'No category'
				: (names.category(String(own))?.name ?? 'a removed category');
		case 'accountId':
			return names.account(String(own))?.name ?? 'a removed account';
		case 'deletedAt':
			return own === null ? 'Not in the trash' : 'In the trash';
		default:
			return typeof own === 'string' && own !== '' ? own : 'empty';
	}
}
