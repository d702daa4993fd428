import type { DateOrder } from '#lib/domain/import/file-date.ts';
import type { ImportField } from '#lib/domain/import/mapping.ts';
import * as m from '#messages';

export const fieldNames: Readonly<Record<ImportField, string>> = {
	date: m.common_date(),
	amount: m.common_amount(),
	kind: m.common_kind(),
	account: m.common_account(),
	category: m.common_category(),
	subcategory: m.import_subcategory(),
	payee: m.common_payee(),
	note: m.common_note(),
	currency: m.common_currency()
};

export const dateOrderNames: Readonly<Record<DateOrder, string>> = {
	dmy: m.import_dmy(),
	mdy: m.import_mdy(),
	ymd: m.import_ymd()
};
