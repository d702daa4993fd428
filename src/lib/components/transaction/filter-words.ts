import { dayInColumn } from '#lib/components/calendar/day-words.ts';
import type { EntryFilter } from '#lib/domain/ledger/select.ts';
import { formatMoney } from '#lib/domain/money.ts';
import { kindNames, type Names } from './transaction-words.ts';

/** One thing a filter asks for, the words typed into the search aside. */
export interface FilterPart {
	words: string;
	/** The filter, but for this. */
	without: EntryFilter;
}

/** @param currency in which amounts are said where the filter names none; it compares them in whatever an entry has. */
export function toFilterParts(filter: EntryFilter, names: Names, currency: string): FilterPart[] {
	const { from, to, fromMinor, toMinor, kind, categoryId, uncategorised, accountId, tag } = filter;
	const unit = filter.currency ?? currency;
	const parts: FilterPart[] = [];
	const add = (words: string, ...keys: (keyof EntryFilter)[]): void => {
		const rest = Object.entries(filter).filter(([key]) => !keys.includes(key as keyof EntryFilter));
		parts.push({ words, without: Object.fromEntries(rest) });
	};
	if (kind) add(kindNames[kind], 'kind');
	if (from !== undefined && from === to) add(dayInColumn(from), 'from', 'to');
	else {
		if (from !== undefined) add(`From ${dayInColumn(from)}`, 'from');
		if (to !== undefined) add(`Until ${dayInColumn(to)}`, 'to');
	}
	if (fromMinor !== undefined) add(`At least ${formatMoney(fromMinor, unit)}`, 'fromMinor');
	if (toMinor !== undefined) add(`At most ${formatMoney(toMinor, unit)}`, 'toMinor');
	if (filter.currency !== undefined) add(filter.currency, 'currency');
	if (uncategorised) add('No category', 'uncategorised');
	if (categoryId !== undefined)
		add(names.category(categoryId)?.name ?? 'An unknown category', 'categoryId');
	if (accountId !== undefined)
		add(names.account(accountId)?.name ?? 'An unknown account', 'accountId');
	if (tag !== undefined) add(`#${tag}`, 'tag');
	if (filter.withReceipt) add('With a receipt', 'withReceipt');
	return parts;
}
