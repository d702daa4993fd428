import type { DateOrder } from '#lib/domain/import/file-date.ts';
import type { ImportField } from '#lib/domain/import/mapping.ts';

export const fieldNames: Readonly<Record<ImportField, string>> = {
	date: 'Date',
	amount: 'Amount',
	kind: 'Kind',
	account: 'Account',
	category: 'Category',
	subcategory: 'Subcategory',
	payee: 'Payee',
	note: 'Note',
	currency: 'Currency'
};

export const dateOrderNames: Readonly<Record<DateOrder, string>> = {
	dmy: 'Day, month, year',
	mdy: 'Month, day, year',
	ymd: 'Year, month, day'
};
