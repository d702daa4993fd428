import { DICTIONARY_NAMES } from './entry-table.ts';
import { foldedTextsOf } from './folded-texts.ts';
import type { LedgerColumns } from './ledger-columns.ts';

/** How many texts one step folds: about a millisecond's work. */
const TEXTS = 2_000;

/**
 * Makes ahead what the first write and the first search would have to wait for. Every step takes a few
 * milliseconds at 100,000 entries: whoever takes them lets the page breathe in between.
 */
export function* prepare(columns: LedgerColumns): Generator<void, void> {
	const { table } = columns;
	const { dictionaries } = table;
	columns.has('');
	yield;
	table.reserve(table.ids.length + 1);
	yield;
	for (const name of DICTIONARY_NAMES) {
		dictionaries[name].find('?');
		yield;
	}
	for (const dictionary of [dictionaries.payee, dictionaries.note]) {
		while (!foldedTextsOf(dictionary).catchUp(TEXTS)) yield;
	}
}
