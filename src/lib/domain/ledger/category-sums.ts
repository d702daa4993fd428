import type { CurrencyCode, MinorUnits } from '#contract/documents/money.ts';
import { addMinor } from '#lib/domain/money.ts';
import { monthOfDayNumber } from './day-number.ts';
import { EXPENSE, INCOME, SPLIT } from './entry-table.ts';
import type { LedgerColumns } from './ledger-columns.ts';

/** Which entries are added up: amounts of different currencies never are. */
export interface Summed {
	kind: 'expense' | 'income';
	currency: CurrencyCode;
}

/**
 * Sums by month and category, of splits part by part: the sum of a category's code in the month number
 * `firstMonth + m` stands at `m * codes + code`.
 */
export interface CategorySums {
	sums: Float64Array;
	/** How many codes there are. */
	codes: number;
}

/**
 * Adds up the given rows, whose days must be in the given months; with `months` 1 all go into one sum a
 * category, whatever their month.
 *
 * @throws RangeError when a sum is beyond what a double holds exactly.
 */
export function sumByCategory(
	{ table }: LedgerColumns,
	rows: Uint32Array,
	{ kind, currency }: Summed,
	firstMonth = 0,
	months = 1
): CategorySums {
	const { columns, dictionaries, splits } = table;
	const codes = dictionaries.category.texts.length;
	const sums = new Float64Array(codes * months);
	const kindCode = kind === 'expense' ? EXPENSE : INCOME;
	const currencyCode = dictionaries.currency.find(currency);
	const add = (place: number, amountMinor: MinorUnits): void => {
		sums[place] = addMinor(sums[place] ?? 0, amountMinor);
	};
	for (let at = 0; at < rows.length; at++) {
		const row = rows[at] ?? 0;
		if (columns.kind[row] !== kindCode || columns.currency[row] !== currencyCode) continue;
		const start = months === 1 ? 0 : (monthOfDayNumber(columns.day[row] ?? 0) - firstMonth) * codes;
		if (((columns.flags[row] ?? 0) & SPLIT) === 0) {
			add(start + (columns.category[row] ?? 0), columns.amountMinor[row] ?? 0);
			continue;
		}
		for (const { categoryId, amountMinor } of splits.get(row) ?? []) {
			add(start + (dictionaries.category.find(categoryId) ?? 0), amountMinor);
		}
	}
	return { sums, codes };
}
