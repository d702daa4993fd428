import { dayInColumn } from '#lib/components/calendar/day-words.ts';
import type { EntryFilter } from '#lib/domain/ledger/select.ts';
import { formatMoney } from '#lib/domain/money.ts';
import * as m from '#messages';
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
		if (from !== undefined) add(m.filter_from_day({ day: dayInColumn(from) }), 'from');
		if (to !== undefined) add(m.filter_until_day({ day: dayInColumn(to) }), 'to');
	}
	if (fromMinor !== undefined)
		add(m.filter_at_least({ amount: formatMoney(fromMinor, unit) }), 'fromMinor');
	if (toMinor !== undefined)
		add(m.filter_at_most({ amount: formatMoney(toMinor, unit) }), 'toMinor');
	if (filter.currency !== undefined) add(filter.currency, 'currency');
	if (uncategorised) add(m.common_no_category(), 'uncategorised');
	if (categoryId !== undefined)
		add(names.category(categoryId)?.name ?? m.common_unknown_category(), 'categoryId');
	if (accountId !== undefined)
		add(names.account(accountId)?.name ?? m.common_unknown_account(), 'accountId');
	if (tag !== undefined) add(`#${tag}`, 'tag');
	if (filter.withReceipt) add(m.filter_with_receipt(), 'withReceipt');
	return parts;
}
