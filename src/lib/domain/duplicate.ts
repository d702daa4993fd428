import type { CalendarDay } from '#contract/documents/calendar.ts';
import type { OtherFields, TransactionFields } from './draft.ts';
import type { Entry } from './ledger/entry.ts';
import { tagField } from './ledger/marks.ts';

/** What is written of an entry that is made after another one: its facts and its tags. */
export type Duplicate = TransactionFields &
	Pick<OtherFields, 'toAmountMinor' | 'toCurrency' | 'splits'> & {
		[tag: `#${string}`]: boolean;
	};

/**
 * The same once more, on another day. Receipts stay with the entry that they are of, and what an import or
 * a recurring rule has to do with that entry stays there too.
 */
export function duplicateOf(entry: Entry, spentOn: CalendarDay): Duplicate {
	const { kind, amountMinor, currency, toAmountMinor, toCurrency } = entry;
	const { categoryId, accountId, toAccountId, payee, note } = entry;
	return {
		...{ kind, amountMinor, currency, toAmountMinor, toCurrency },
		...{ categoryId, accountId, toAccountId, payee, note },
		splits: entry.splits.map((split) => ({ ...split })),
		spentOn,
		...Object.fromEntries(entry.tags.map((tag) => [tagField(tag), true]))
	};
}
