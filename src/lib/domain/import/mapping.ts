import type { NumberStyle } from '#lib/domain/amount-text.ts';
import { guessDateOrder, readFileDate, type DateOrder } from './file-date.ts';
import type { Table } from './table.ts';

/** What a column can mean. */
export const IMPORT_FIELDS = [
	'date',
	'amount',
	'kind',
	'account',
	'category',
	'subcategory',
	'payee',
	'note',
	'currency'
] as const;
export type ImportField = (typeof IMPORT_FIELDS)[number];

/** How a table is to be read. */
export interface ImportMapping {
	/** Field → the index of its column. A field that is absent has none. */
	columns: Partial<Record<ImportField, number>>;
	dateOrder: DateOrder;
	/** Whether the dates themselves prove their order. */
	dateOrderCertain: boolean;
	decimal: NumberStyle['decimal'];
}

/** The names that banks and apps give to their columns, in the order of preference. */
const NAMES: Readonly<Record<ImportField, RegExp>> = {
	date: /^(transaction |booking |value )?date|^day$|^when$|^datum$|^fecha$/i,
	amount: /^amount|^value$|^sum$|^total$|^betrag$|^importe$|^montant$/i,
	kind: /^(income.?\/.?expense|expense.?\/.?income|transaction type|type|kind|dr.?\/.?cr)$/i,
	account: /^(account|mode|payment (mode|method)|wallet|from account|konto)$/i,
	category: /^(category|kategorie|categoría|catégorie)$/i,
	subcategory: /^sub.?category$/i,
	payee: /^(payee|merchant|vendor|counterparty|name|recipient)$/i,
	note: /^(note|notes|description|memo|details|narration|comment|reference)$/i,
	currency: /^(currency|ccy|währung)$/i
};

/** Recognises the columns of a table by their names, and dates by what they hold. */
export function guessMapping({ columns, rows }: Table): ImportMapping {
	const found: ImportMapping['columns'] = {};
	for (const field of IMPORT_FIELDS) {
		const index = columns.findIndex(
			(name, at) => NAMES[field].test(name) && !Object.values(found).includes(at)
		);
		if (index !== -1) found[field] = index;
	}
	const sample = rows.slice(0, 20);
	found.date ??= indexOf(columns, (at) =>
		sample.every(
			({ cells }) => readFileDate(cells[at] ?? '', 'dmy') ?? readFileDate(cells[at] ?? '', 'mdy')
		)
	);
	const dates = found.date;
	const { order, certain } = guessDateOrder(
		dates === undefined ? [] : rows.map(({ cells }) => cells[dates] ?? '')
	);
	const amounts = found.amount;
	return {
		columns: found,
		dateOrder: order,
		dateOrderCertain: certain,
		decimal: guessDecimal(
			amounts === undefined ? [] : rows.map(({ cells }) => cells[amounts] ?? '')
		)
	};
}

function indexOf(columns: readonly string[], test: (index: number) => boolean): number | undefined {
	const index = columns.findIndex((_, at) => test(at));
	return index === -1 ? undefined : index;
}

/** A comma before one or two last digits speaks for a decimal comma, a point for a point; the majority decides. */
function guessDecimal(texts: readonly string[]): NumberStyle['decimal'] {
	const ending = (sign: string): number =>
		texts.filter((text) => new RegExp(`\\${sign}\\d{1,2}$`).test(text)).length;
	return ending(',') > ending('.') ? ',' : '.';
}
