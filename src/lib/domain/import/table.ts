import Papa from 'papaparse';

/** A file of rows and columns, as texts. */
export interface Table {
	columns: string[];
	rows: TableRow[];
}

export interface TableRow {
	/** Where the row stands, the header being row 1. */
	number: number;
	cells: string[];
}

export type TableResult = { ok: true; table: Table } | { ok: false; problem: TableProblem };

/** Why a file is no table. Each code has a sentence in `messages.ts`. */
export type TableProblem = 'file-empty' | 'file-not-text' | 'file-no-columns';

/** Reads comma-, semicolon- or tab-separated text whose first row names the columns. */
export function readTable(text: string): TableResult {
	if (text.includes('\0')) return { ok: false, problem: 'file-not-text' };
	const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
	const { data } = Papa.parse<string[]>(plain, { skipEmptyLines: false });
	const [columns, ...rest] = data;
	if (!columns || plain.trim() === '') return { ok: false, problem: 'file-empty' };
	if (columns.length < 2) return { ok: false, problem: 'file-no-columns' };
	const rows = rest
		.map((cells, index) => ({ number: index + 2, cells: cells.map((cell) => cell.trim()) }))
		.filter(({ cells }) => cells.some((cell) => cell !== ''));
	return { ok: true, table: { columns: columns.map((name) => name.trim()), rows } };
}
