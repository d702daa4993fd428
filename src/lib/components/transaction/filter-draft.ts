import { parseAmount, toInputText } from '#lib/domain/amount-text.ts';
import type { EntryFilter } from '#lib/domain/ledger/select.ts';

/** A filter as its form holds it: what is typed and chosen. `''` = does not matter. */
export interface FilterDraft {
	kind: EntryFilter['kind'] | '';
	from: string;
	to: string;
	currency: string;
	least: string;
	most: string;
	/** A category's id, or {@link NO_CATEGORY}. */
	category: string;
	account: string;
	tag: string;
	withReceipt: boolean;
}

/** Stands for entries that have none. No id is like this one. */
export const NO_CATEGORY = 'none';

/** What is wrong, by field: codes with a sentence in `messages.ts`. */
export type FilterProblems = Partial<Record<'to' | 'least' | 'most', string>>;

export function toFilterDraft(filter: EntryFilter, currency: string): FilterDraft {
	const amount = (minor: number | undefined): string =>
		minor === undefined ? '' : toInputText(minor, filter.currency ?? currency);
	return {
		kind: filter.kind ?? '',
		from: filter.from ?? '',
		to: filter.to ?? '',
		currency: filter.currency ?? '',
		least: amount(filter.fromMinor),
		most: amount(filter.toMinor),
		category: filter.uncategorised ? NO_CATEGORY : (filter.categoryId ?? ''),
		account: filter.accountId ?? '',
		tag: filter.tag ?? '',
		withReceipt: filter.withReceipt ?? false
	};
}

/**
 * The filter that the form describes, or why it is none.
 *
 * @param text the words that are searched for as well.
 * @param currency in which amounts are typed where the draft names none.
 */
export function readFilterDraft(
	draft: FilterDraft,
	text: string,
	currency: string
): { ok: true; filter: EntryFilter } | { ok: false; problems: FilterProblems } {
	const problems: FilterProblems = {};
	const readAmount = (field: 'least' | 'most'): number | undefined => {
		if (draft[field].trim() === '') return undefined;
		const amount = parseAmount(draft[field], draft.currency || currency);
		if (amount.ok) return amount.amountMinor;
		problems[field] = amount.problem;
		return undefined;
	};
	const [fromMinor, toMinor] = [readAmount('least'), readAmount('most')];
	if (fromMinor !== undefined && toMinor !== undefined && fromMinor > toMinor)
		problems.most = 'filter-amounts-crossed';
	if (draft.from && draft.to && draft.from > draft.to) problems.to = 'filter-days-crossed';
	if (Object.keys(problems).length > 0) return { ok: false, problems };
	const { kind, from, to, category, account, tag, withReceipt } = draft;
	return {
		ok: true,
		filter: {
			...(text && { text }),
			...(kind && { kind }),
			...(from && { from }),
			...(to && { to }),
			...(draft.currency && { currency: draft.currency }),
			...(fromMinor !== undefined && { fromMinor }),
			...(toMinor !== undefined && { toMinor }),
			...(category === NO_CATEGORY && { uncategorised: true }),
			...(category && category !== NO_CATEGORY && { categoryId: category }),
			...(account && { accountId: account }),
			...(tag && { tag }),
			...(withReceipt && { withReceipt })
		}
	};
}
