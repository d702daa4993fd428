import { fromTagsText } from './entry-table.ts';
import type { LedgerColumns } from './ledger-columns.ts';

/** Every tag that an entry has or had, in the order of the alphabet. */
export function knownTags({ table }: LedgerColumns): string[] {
	const tags = table.dictionaries.tags.texts.slice(1).flatMap((text) => fromTagsText(text));
	return [...new Set(tags)].sort((a, b) => a.localeCompare(b));
}

/** Every currency that an entry has or had, in the order of the alphabet. */
export function knownCurrencies({ table }: LedgerColumns): string[] {
	return table.dictionaries.currency.texts.slice(1).sort();
}
