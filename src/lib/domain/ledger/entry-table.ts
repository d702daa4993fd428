import type { CurrencyCode, MinorUnits } from '#contract/documents/money.ts';
import type { Split, TransactionKind } from '#contract/documents/transaction.ts';
import { toCalendarDay, toDayNumber } from './day-number.ts';
import { Dictionary } from './dictionary.ts';
import type { Entry } from './entry.ts';

/** The kinds by their code in the column `kind`. */
export const KINDS = ['expense', 'income', 'transfer'] as const satisfies TransactionKind[];
export const EXPENSE = 0;
export const INCOME = 1;
export const TRANSFER = 2;

/** The bits of the column `flags`. */
export const READ_ONLY = 1;
/** The entry has splits: they are in `splits`. */
export const SPLIT = 2;
/** What reached the other account is another amount or currency: it is in `arrivals`. */
export const ARRIVAL = 4;
/** Its `madeAt` is of an unusual form: it is in `oddStamps`. */
const ODD_STAMP = 8;

/** What stands in typed arrays, one place a row. */
export const COLUMN_TYPES = {
	flags: Uint8Array,
	/** See {@link KINDS}. */
	kind: Uint8Array,
	/** How many. */
	receipts: Uint16Array,
	/** Minor units; a double holds them exactly. */
	amountMinor: Float64Array,
	currency: Uint16Array,
	category: Uint32Array,
	account: Uint32Array,
	toAccount: Uint32Array,
	payee: Uint32Array,
	note: Uint32Array,
	/** The entry's tags together, as JSON: few entries have a set that no other has. */
	tags: Uint32Array,
	/** As `YYYYMMDD`. */
	day: Uint32Array,
	time: Uint32Array,
	operation: Uint32Array,
	recurringRule: Uint32Array,
	/** The parts of the stamp `madeAt`; -1 milliseconds = it has none. */
	madeMs: Float64Array,
	madeCounter: Uint32Array,
	madeBy: Uint32Array
} as const;

export type ColumnName = keyof typeof COLUMN_TYPES;
export type ColumnArrays = { [Name in ColumnName]: InstanceType<(typeof COLUMN_TYPES)[Name]> };
export const COLUMN_NAMES = Object.keys(COLUMN_TYPES) as ColumnName[];

/** The dictionary that a column's codes are of. */
export const DICTIONARY_OF = {
	currency: 'currency',
	category: 'category',
	account: 'account',
	toAccount: 'account',
	payee: 'payee',
	note: 'note',
	tags: 'tags',
	time: 'time',
	operation: 'operation',
	recurringRule: 'recurringRule',
	madeBy: 'device'
} as const satisfies Partial<Record<ColumnName, string>>;

export type CodedColumn = keyof typeof DICTIONARY_OF;
export type DictionaryName = (typeof DICTIONARY_OF)[CodedColumn];
export const CODED_COLUMNS = Object.keys(DICTIONARY_OF) as CodedColumn[];
export const DICTIONARY_NAMES = [...new Set(Object.values(DICTIONARY_OF))];

/** What of a transfer reached the other account; `null` = as it left. */
export interface Arrival {
	amountMinor: MinorUnits | null;
	currency: CurrencyCode | null;
}

const FIRST_CAPACITY = 256;
const PLAIN_STAMP = /^\d{15}-[0-9a-z]{4}-[0-9a-z]{10}$/;

/** Entries by row: a column an attribute, and side maps for what few entries have. */
export class EntryTable {
	/** Replaced by larger ones as the table grows: not to be kept across a write. */
	columns: ColumnArrays;
	readonly dictionaries: Record<DictionaryName, Dictionary>;
	/** `''` = the row is free. */
	readonly ids: string[];
	readonly splits = new Map<number, readonly Split[]>();
	readonly arrivals = new Map<number, Arrival>();
	/** The rows that are in the trash, and since when. */
	readonly deletedAt = new Map<number, string>();
	readonly oddStamps = new Map<number, string>();
	#capacity: number;

	constructor(
		columns: ColumnArrays = emptyColumns(FIRST_CAPACITY),
		dictionaries: Record<DictionaryName, Dictionary> = emptyDictionaries(),
		ids: string[] = []
	) {
		this.columns = columns;
		this.dictionaries = dictionaries;
		this.ids = ids;
		this.#capacity = columns.day.length;
	}

	/** Puts an entry into a row, whatever was there before. */
	write(row: number, entry: Entry): void {
		this.reserve(row + 1);
		const { columns, dictionaries } = this;
		let flags = entry.readOnly ? READ_ONLY : 0;
		if (keep(this.splits, row, entry.splits.length > 0 ? entry.splits : undefined)) flags |= SPLIT;
		if (keep(this.arrivals, row, arrivalOf(entry))) flags |= ARRIVAL;
		keep(this.deletedAt, row, entry.deletedAt ?? undefined);
		for (const { categoryId } of entry.splits) dictionaries.category.encode(categoryId);

		this.ids[row] = entry._id;
		columns.kind[row] = KINDS.indexOf(entry.kind);
		columns.receipts[row] = Math.min(entry.receipts, 0xffff);
		columns.amountMinor[row] = entry.amountMinor;
		columns.currency[row] = dictionaries.currency.encode(entry.currency);
		columns.category[row] = dictionaries.category.encode(entry.categoryId);
		columns.account[row] = dictionaries.account.encode(entry.accountId);
		columns.toAccount[row] = dictionaries.account.encode(entry.toAccountId);
		columns.payee[row] = dictionaries.payee.encode(entry.payee || null);
		columns.note[row] = dictionaries.note.encode(entry.note || null);
		columns.tags[row] = dictionaries.tags.encode(toTagsText(entry.tags));
		columns.day[row] = toDayNumber(entry.spentOn);
		columns.time[row] = dictionaries.time.encode(entry.spentTime);
		columns.operation[row] = dictionaries.operation.encode(entry.operationId);
		columns.recurringRule[row] = dictionaries.recurringRule.encode(entry.recurringRuleId);
		if (this.#writeStamp(row, entry.madeAt)) flags |= ODD_STAMP;
		columns.flags[row] = flags;
	}

	/** The entry of a row. */
	read(row: number): Entry {
		const { columns, dictionaries } = this;
		const arrival = this.arrivals.get(row);
		return {
			_id: this.ids[row] ?? '',
			kind: KINDS[columns.kind[row] ?? 0] ?? 'expense',
			amountMinor: columns.amountMinor[row] ?? 0,
			currency: dictionaries.currency.decode(columns.currency[row] ?? 0) ?? '',
			toAmountMinor: arrival?.amountMinor ?? null,
			toCurrency: arrival?.currency ?? null,
			splits: this.splits.get(row) ?? [],
			categoryId: dictionaries.category.decode(columns.category[row] ?? 0),
			accountId: dictionaries.account.decode(columns.account[row] ?? 0) ?? '',
			toAccountId: dictionaries.account.decode(columns.toAccount[row] ?? 0),
			payee: dictionaries.payee.decode(columns.payee[row] ?? 0) ?? '',
			note: dictionaries.note.decode(columns.note[row] ?? 0) ?? '',
			spentOn: toCalendarDay(columns.day[row] ?? 0),
			spentTime: dictionaries.time.decode(columns.time[row] ?? 0),
			tags: fromTagsText(dictionaries.tags.decode(columns.tags[row] ?? 0)),
			receipts: columns.receipts[row] ?? 0,
			operationId: dictionaries.operation.decode(columns.operation[row] ?? 0),
			recurringRuleId: dictionaries.recurringRule.decode(columns.recurringRule[row] ?? 0),
			deletedAt: this.deletedAt.get(row) ?? null,
			madeAt: this.#readStamp(row),
			readOnly: ((columns.flags[row] ?? 0) & READ_ONLY) !== 0
		};
	}

	/** Frees a row. */
	clear(row: number): void {
		this.ids[row] = '';
		this.splits.delete(row);
		this.arrivals.delete(row);
		this.deletedAt.delete(row);
		this.oddStamps.delete(row);
	}

	/** Orders rows newest first: by day, the time on the wall, then when they were first typed. */
	compare(a: number, b: number): number {
		const { day, time, madeMs } = this.columns;
		const days = (day[b] ?? 0) - (day[a] ?? 0);
		if (days !== 0) return days;
		if (time[a] !== time[b]) {
			const { texts } = this.dictionaries.time;
			return compareTexts(texts[time[b] ?? 0] ?? '', texts[time[a] ?? 0] ?? '');
		}
		const made = (madeMs[b] ?? 0) - (madeMs[a] ?? 0);
		if (made !== 0) return made;
		return this.#compareStamps(b, a) || compareTexts(this.ids[b] ?? '', this.ids[a] ?? '');
	}

	/** Of two stamps of one millisecond. */
	#compareStamps(a: number, b: number): number {
		const { flags, madeCounter, madeBy } = this.columns;
		if ((((flags[a] ?? 0) | (flags[b] ?? 0)) & ODD_STAMP) !== 0) {
			return compareTexts(this.#readStamp(a), this.#readStamp(b));
		}
		const counters = (madeCounter[a] ?? 0) - (madeCounter[b] ?? 0);
		if (counters !== 0 || madeBy[a] === madeBy[b]) return counters;
		const { texts } = this.dictionaries.device;
		return compareTexts(texts[madeBy[a] ?? 0] ?? '', texts[madeBy[b] ?? 0] ?? '');
	}

	/** Returns whether the stamp is an unusual one. */
	#writeStamp(row: number, stamp: string): boolean {
		const { columns, dictionaries } = this;
		const isPlain = PLAIN_STAMP.test(stamp);
		const isOdd = !isPlain && stamp !== '';
		keep(this.oddStamps, row, isOdd ? stamp : undefined);
		const ms = parseInt(stamp.slice(0, 15), 10);
		columns.madeMs[row] = Number.isNaN(ms) ? -1 : ms;
		columns.madeCounter[row] = isPlain ? parseInt(stamp.slice(16, 20), 36) : 0;
		columns.madeBy[row] = dictionaries.device.encode(isPlain ? stamp.slice(21) : null);
		return isOdd;
	}

	#readStamp(row: number): string {
		const odd = this.oddStamps.get(row);
		if (odd !== undefined) return odd;
		const ms = this.columns.madeMs[row] ?? -1;
		if (ms < 0) return '';
		const counter = (this.columns.madeCounter[row] ?? 0).toString(36);
		const device = this.dictionaries.device.decode(this.columns.madeBy[row] ?? 0) ?? '';
		return `${String(ms).padStart(15, '0')}-${counter.padStart(4, '0')}-${device}`;
	}

	/** Makes room for so many rows. */
	reserve(rows: number): void {
		if (rows <= this.#capacity) return;
		let capacity = Math.max(this.#capacity, FIRST_CAPACITY);
		while (capacity < rows) capacity *= 2;
		const larger = emptyColumns(capacity);
		for (const name of COLUMN_NAMES) larger[name].set(this.columns[name]);
		this.columns = larger;
		this.#capacity = capacity;
	}
}

/** Columns of so many rows, all zero. */
export function emptyColumns(capacity: number): ColumnArrays {
	return Object.fromEntries(
		COLUMN_NAMES.map((name) => [name, new COLUMN_TYPES[name](capacity)])
	) as ColumnArrays;
}

function emptyDictionaries(): Record<DictionaryName, Dictionary> {
	return Object.fromEntries(DICTIONARY_NAMES.map((name) => [name, new Dictionary()])) as Record<
		DictionaryName,
		Dictionary
	>;
}

/** The tags of one code of the dictionary `tags`. */
export function fromTagsText(text: string | null): readonly string[] {
	return text === null ? [] : (JSON.parse(text) as string[]);
}

function toTagsText(tags: readonly string[]): string | null {
	return tags.length > 0 ? JSON.stringify(tags) : null;
}

function arrivalOf({ toAmountMinor, toCurrency }: Entry): Arrival | undefined {
	if (toAmountMinor === null && toCurrency === null) return undefined;
	return { amountMinor: toAmountMinor, currency: toCurrency };
}

/** Writes what few rows have; returns whether this one has it. */
function keep<V>(map: Map<number, V>, row: number, value: V | undefined): boolean {
	if (value !== undefined) map.set(row, value);
	else if (map.size > 0) map.delete(row);
	return value !== undefined;
}

function compareTexts(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
