import { NONE } from './dictionary.ts';
import { fromTagsText } from './entry-table.ts';
import type { LedgerColumns } from './ledger-columns.ts';

/** Every tag that an entry has or had, in the order of the alphabet. */
export function knownTags({ table }: LedgerColumns): string[] {
	const tags = table.dictionaries.tags.texts.slice(1).flatMap((text) => fromTagsText(text));
	return [...new Set(tags)].sort((a, b) => a.localeCompare(b));
}

/** The tags that entries in these rows have, in the order of the alphabet. */
export function tagsIn({ table }: LedgerColumns, rows: Iterable<number>): string[] {
	const codes = new Set<number>();
	for (const row of rows) codes.add(table.columns.tags[row] ?? NONE);
	const tags = [...codes].flatMap((code) => fromTagsText(table.dictionaries.tags.decode(code)));
	return [...new Set(tags)].sort((a, b) => a.localeCompare(b));
}

/** Every currency that an entry has or had, in the order of the alphabet. */
export function knownCurrencies({ table }: LedgerColumns): string[] {
	return table.dictionaries.currency.texts.slice(1).sort();
}
