import type { Split } from '#contract/documents/transaction.ts';
import { Checksum } from './checksum.ts';
import { Dictionary, NONE } from './dictionary.ts';
import {
	CODED_COLUMNS,
	COLUMN_NAMES,
	COLUMN_TYPES,
	DICTIONARY_NAMES,
	DICTIONARY_OF,
	EntryTable,
	KINDS,
	type Arrival,
	type ColumnArrays,
	type DictionaryName
} from './entry-table.ts';

/** Raised whenever the snapshot's shape or meaning changes: an older one is then made anew. */
const FORMAT = 1;

/** A ledger's entries as they are kept on the device. Rows that are not in the trash come first, newest first. */
export interface ColumnsSnapshot {
	format: number;
	/** How many rows are not in the trash. */
	live: number;
	ids: string[];
	columns: ColumnArrays;
	dictionaries: Record<DictionaryName, string[]>;
	splits: [row: number, Split[]][];
	arrivals: [row: number, Arrival][];
	deletedAt: [row: number, string][];
	oddStamps: [row: number, string][];
	checksum: number;
}

/** Writes the given rows of a table down, with no text that none of them uses. */
export function writeSnapshotTable(
	table: EntryTable,
	live: Uint32Array,
	trash: readonly number[]
): ColumnsSnapshot {
	const rows = new Uint32Array(live.length + trash.length);
	rows.set(live);
	rows.set(trash, live.length);
	const columns = Object.fromEntries(
		COLUMN_NAMES.map((name) => [name, gather(table.columns[name], rows)])
	) as ColumnArrays;
	const dictionaries = Object.fromEntries(
		DICTIONARY_NAMES.map((name) => [name, compact(name, table.dictionaries[name], columns)])
	) as Record<DictionaryName, string[]>;
	const content = {
		format: FORMAT,
		live: live.length,
		ids: Array.from(rows, (row) => table.ids[row] ?? ''),
		columns,
		dictionaries,
		splits: renumber(table.splits, rows, (splits) => [...splits]),
		arrivals: renumber(table.arrivals, rows, (arrival) => arrival),
		deletedAt: renumber(table.deletedAt, rows, (instant) => instant),
		oddStamps: renumber(table.oddStamps, rows, (stamp) => stamp)
	};
	return { ...content, checksum: checksumOf(content) };
}

/** Reads a snapshot; `undefined` = anything about it is odd. */
export function readSnapshotTable(
	snapshot: unknown
): { table: EntryTable; live: number } | undefined {
	if (!isWhole(snapshot) || checksumOf(snapshot) !== snapshot.checksum) return undefined;
	const { ids, live, columns } = snapshot;
	const dictionaries: Partial<Record<DictionaryName, Dictionary>> = {};
	for (const name of DICTIONARY_NAMES) {
		const dictionary = Dictionary.of(snapshot.dictionaries[name]);
		if (!dictionary) return undefined;
		dictionaries[name] = dictionary;
	}
	const table = new EntryTable({ ...columns }, dictionaries as Record<DictionaryName, Dictionary>);
	for (const id of ids) table.ids.push(id);
	for (const [row, splits] of snapshot.splits) {
		table.splits.set(row, splits);
		for (const { categoryId } of splits) table.dictionaries.category.encode(categoryId);
	}
	for (const [row, arrival] of snapshot.arrivals) table.arrivals.set(row, arrival);
	for (const [row, instant] of snapshot.deletedAt) table.deletedAt.set(row, instant);
	for (const [row, stamp] of snapshot.oddStamps) table.oddStamps.set(row, stamp);
	return { table, live };
}

/** Whether lengths agree and every code is in its dictionary. */
function isWhole(snapshot: unknown): snapshot is ColumnsSnapshot {
	if (!isRecord(snapshot) || snapshot.format !== FORMAT) return false;
	const { ids, live, columns, dictionaries } = snapshot as Partial<ColumnsSnapshot>;
	if (!Array.isArray(ids) || !isRecord(columns) || !isRecord(dictionaries)) return false;
	const rows = ids.length;
	for (const name of COLUMN_NAMES) {
		const column: unknown = columns[name];
		if (!(column instanceof COLUMN_TYPES[name]) || column.length !== rows) return false;
	}
	for (const name of DICTIONARY_NAMES) {
		const texts: unknown = dictionaries[name];
		if (!Array.isArray(texts) || texts.some((text) => typeof text !== 'string')) return false;
	}
	for (const name of CODED_COLUMNS) {
		if (!isBelow(columns[name], dictionaries[DICTIONARY_OF[name]].length + 1)) return false;
	}
	if (!isBelow(columns.kind, KINDS.length)) return false;
	for (const name of ['splits', 'arrivals', 'deletedAt', 'oddStamps'] as const) {
		const pairs: unknown = snapshot[name];
		if (!Array.isArray(pairs)) return false;
		if (!pairs.every((pair) => Array.isArray(pair) && isRow(pair[0], rows))) return false;
	}
	const { deletedAt } = snapshot as unknown as ColumnsSnapshot;
	return (
		live === rows - deletedAt.length &&
		deletedAt.every(([row]) => row >= live) &&
		new Set(deletedAt.map(([row]) => row)).size === deletedAt.length
	);
}

function checksumOf(snapshot: Omit<ColumnsSnapshot, 'checksum'>): number {
	const checksum = new Checksum();
	checksum.addNumber(snapshot.live);
	checksum.addTexts(snapshot.ids);
	for (const name of COLUMN_NAMES) checksum.addArray(snapshot.columns[name]);
	for (const name of DICTIONARY_NAMES) checksum.addTexts(snapshot.dictionaries[name]);
	const { splits, arrivals, deletedAt, oddStamps } = snapshot;
	checksum.addTexts([JSON.stringify([splits, arrivals, deletedAt, oddStamps])]);
	return checksum.value;
}

function gather(column: ColumnArrays[keyof ColumnArrays], rows: Uint32Array): typeof column {
	const gathered = new (column.constructor as new (length: number) => typeof column)(rows.length);
	for (let at = 0; at < rows.length; at++) gathered[at] = column[rows[at] ?? 0] ?? 0;
	return gathered;
}

/** Leaves out what no row uses, renumbers the codes in the columns, and returns the texts by code - 1. */
function compact(name: DictionaryName, dictionary: Dictionary, columns: ColumnArrays): string[] {
	const texts: string[] = [];
	const codes = new Uint32Array(dictionary.texts.length);
	for (const column of CODED_COLUMNS) {
		if (DICTIONARY_OF[column] !== name) continue;
		const array = columns[column];
		for (let at = 0; at < array.length; at++) {
			const old = array[at] ?? NONE;
			if (old === NONE) continue;
			codes[old] ||= texts.push(dictionary.texts[old] ?? '');
			array[at] = codes[old] ?? NONE;
		}
	}
	return texts;
}

function renumber<V, W>(
	map: ReadonlyMap<number, V>,
	rows: Uint32Array,
	copy: (value: V) => W
): [row: number, W][] {
	const pairs: [row: number, W][] = [];
	if (map.size === 0) return pairs;
	for (const [at, row] of rows.entries()) {
		const value = map.get(row);
		if (value !== undefined) pairs.push([at, copy(value)]);
	}
	return pairs;
}

function isBelow(column: ColumnArrays[keyof ColumnArrays], limit: number): boolean {
	for (let at = 0; at < column.length; at++) if ((column[at] ?? 0) >= limit) return false;
	return true;
}

function isRow(row: unknown, rows: number): boolean {
	return Number.isInteger(row) && (row as number) >= 0 && (row as number) < rows;
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}
