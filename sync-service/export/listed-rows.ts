import { StoreUnavailable } from '#service/couch/client.ts';

/** A document of a list with `include_docs` and `conflicts`, or none where it went meanwhile. */
export interface ListedRow {
	id: string;
	doc?: ListedDocument | null;
}

export interface ListedDocument {
	_id: string;
	_rev: string;
	/** The revisions of the other leaves that are not deleted. */
	_conflicts?: string[];
	[field: string]: unknown;
}

/**
 * Takes the rows out of an answer of `_all_docs` while it is still coming, and holds one at a time. Stores write a
 * row to a line, and no JSON text has a line break within a string.
 *
 * @throws {StoreUnavailable} when the answer breaks off, or is not written in that way
 */
export async function* readListedRows(
	body: ReadableStream<Uint8Array>
): AsyncGenerator<ListedRow, void> {
	let isWhole = false;
	for await (const line of readLines(body)) {
		const text = line.trim().replace(/,$/, '');
		if (text.startsWith('{"id":')) yield parseRow(text);
		else if (text.endsWith(']}')) isWhole = true;
	}
	if (!isWhole) throw new StoreUnavailable('a list of documents broke off');
}

async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
	let line = '';
	const decoder = new TextDecoder('utf-8', { fatal: true });
	for await (const chunk of body) {
		const [first = '', ...others] = decoder.decode(chunk, { stream: true }).split('\n');
		line += first;
		for (const other of others) {
			yield line;
			line = other;
		}
	}
	yield line + decoder.decode();
}

function parseRow(text: string): ListedRow {
	try {
		return JSON.parse(text) as ListedRow;
	} catch (error) {
		throw new StoreUnavailable('a list of documents has a row that is none', { cause: error });
	}
}
