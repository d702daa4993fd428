import type { CalendarDay } from '#contract/documents/calendar.ts';
import { toFilterAddress } from '#lib/domain/ledger/filter-address.ts';
import type { Slice } from './slices.ts';

/**
 * Where the entries of a part of the spending are listed; several categories together have no such place.
 *
 * @param currency of the spending, where there is another one.
 */
export function sliceAddress(
	{ key, category }: Pick<Slice, 'key' | 'category'>,
	days: { from: CalendarDay; to: CalendarDay },
	currency: string | undefined
): string | undefined {
	const isNone = key === 'none';
	if (!isNone && category === undefined) return undefined;
	const which = isNone ? { uncategorised: true } : { categoryId: key };
	return `/transactions?${toFilterAddress({ kind: 'expense', ...days, ...which, ...(currency && { currency }) })}`;
}
