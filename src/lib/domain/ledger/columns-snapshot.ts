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
	columns: ColumnArrays;
	/** {@link SnapshotTexts} as JSON in UTF-8: bytes are copied and summed up much faster than strings. */
	texts: Uint8Array;
	checksum: number;
}

/** All that is not in a column. */
interface SnapshotTexts {
	ids: string[];
	/** By code, from 1. */
	dictionaries: Record<DictionaryName, string[]>;
	splits: [row: number, Split[]][];
	arrivals: [row: number, Arrival][];
	deletedAt: [row: number, string][];
	oddStamps: [row: number, string][];
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
	const texts: SnapshotTexts = {
		ids: Array.from(rows, (row) => table.ids[row] ?? ''),
		dictionaries,
		splits: renumber(table.splits, rows, (splits) => [...splits]),
		arrivals: renumber(table.arrivals, rows, (arrival) => arrival),
		deletedAt: renumber(table.deletedAt, rows, (instant) => instant),
		oddStamps: renumber(table.oddStamps, rows, (stamp) => stamp)
	};
	const content = {
		format: FORMAT,
		live: live.length,
		columns,
		texts: new TextEncoder().encode(JSON.stringify(texts))
	};
	return { ...content, checksum: checksumOf(content) };
}

/** Reads a snapshot; `undefined` = anything about it is odd. */
export function readSnapshotTable(
	snapshot: unknown
): { table: EntryTable; live: number } | undefined {
	if (!isSnapshot(snapshot) || checksumOf(snapshot) !== snapshot.checksum) return undefined;
	const { live, columns } = snapshot;
	const texts = parseTexts(snapshot.texts);
	if (!texts || !isWhole(columns, live, texts)) return undefined;
	const dictionaries = Object.fromEntries(
		DICTIONARY_NAMES.map((name) => [name, new Dictionary(texts.dictionaries[name])])
	) as Record<DictionaryName, Dictionary>;
	const table = new EntryTable({ ...columns }, dictionaries, texts.ids);
	for (const [row, splits] of texts.splits) {
		table.splits.set(row, splits);
		for (const { categoryId } of splits) table.dictionaries.category.encode(categoryId);
	}
	for (const [row, arrival] of texts.arrivals) table.arrivals.set(row, arrival);
	for (const [row, instant] of texts.deletedAt) table.deletedAt.set(row, instant);
	for (const [row, stamp] of texts.oddStamps) table.oddStamps.set(row, stamp);
	return { table, live };
}

function isSnapshot(snapshot: unknown): snapshot is ColumnsSnapshot {
	if (!isRecord(snapshot) || snapshot.format !== FORMAT) return false;
	const { columns } = snapshot;
	return (
		snapshot.texts instanceof Uint8Array &&
		isRecord(columns) &&
		COLUMN_NAMES.every((name) => columns[name] instanceof COLUMN_TYPES[name])
	);
}

function parseTexts(bytes: Uint8Array): SnapshotTexts | undefined {
	let texts: unknown;
	try {
		texts = JSON.parse(new TextDecoder().decode(bytes));
	} catch {
		return undefined;
	}
	if (!isRecord(texts) || !isRecord(texts.dictionaries)) return undefined;
	const { ids, dictionaries, splits, arrivals, deletedAt, oddStamps } = texts;
	const lists = DICTIONARY_NAMES.map((name) => dictionaries[name]);
	const isWhole = [ids, splits, arrivals, deletedAt, oddStamps, ...lists].every(Array.isArray);
	return isWhole ? (texts as unknown as SnapshotTexts) : undefined;
}

/** Whether lengths agree and every code is in its dictionary. */
function isWhole(columns: ColumnArrays, live: number, texts: SnapshotTexts): boolean {
	const { ids, dictionaries, splits, arrivals, deletedAt, oddStamps } = texts;
	const rows = ids.length;
	return (
		COLUMN_NAMES.every((name) => columns[name].length === rows) &&
		CODED_COLUMNS.every((name) =>
			isBelow(columns[name], dictionaries[DICTIONARY_OF[name]].length + 1)
		) &&
		isBelow(columns.kind, KINDS.length) &&
		[...splits, ...arrivals, ...oddStamps].every(([row]) => row >= 0 && row < rows) &&
		deletedAt.every(([row], at) => row === live + at) &&
		live + deletedAt.length === rows
	);
}

/** Of all that a snapshot holds. */
export function checksumOf({ live, columns, texts }: Omit<ColumnsSnapshot, 'checksum'>): number {
	const checksum = new Checksum();
	checksum.addNumber(live);
	for (const name of COLUMN_NAMES) checksum.addArray(columns[name]);
	checksum.addArray(texts);
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

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}
