import fc from 'fast-check';
import type { Entry } from '#lib/domain/ledger/entry.ts';
import { LedgerColumns, type DayRange } from '#lib/domain/ledger/ledger-columns.ts';
import type { SearchNames } from '#lib/domain/ledger/word-test.ts';

const CATEGORIES = [
	'category:food',
	'category:snacks',
	'category:travel',
	'category:gone'
] as const;
const ACCOUNTS = ['account:cash', 'account:bank', 'account:gone'] as const;

/** Days, most of them so few that entries collide. */
const day = fc.oneof(
	{
		weight: 3,
		arbitrary: fc.constantFrom('2024-10-31', '2024-12-01', '2024-12-31', '2025-01-01', '2025-01-31')
	},
	{
		weight: 1,
		arbitrary: fc
			.tuple(
				fc.integer({ min: 2024, max: 2026 }),
				fc.integer({ min: 1, max: 12 }),
				fc.integer({ min: 1, max: 28 })
			)
			.map((parts) => parts.map((part) => String(part).padStart(2, '0')).join('-'))
	}
);
const stamp = fc
	.tuple(
		fc.integer({ min: 1_763_800_000_000, max: 1_763_800_000_003 }),
		fc.constantFrom('0000', '000a', 'zzzz'),
		fc.constantFrom('abcdefghij', 'zyxwvutsrq')
	)
	.map(([ms, counter, device]) => `${String(ms).padStart(15, '0')}-${counter}-${device}`);
const madeAt = fc.oneof(
	{ weight: 8, arbitrary: stamp },
	{ weight: 1, arbitrary: stamp.map((of) => `000000000000000-${of}`) },
	{ weight: 1, arbitrary: fc.constantFrom('', '000000000000000-0000-0000000000') }
);
const amount = fc.oneof(
	fc.integer({ min: 0, max: 500_000 }),
	fc.integer({ min: 0, max: 90_000_000_000_000 })
);

/** Any entry that a ledger can hold; ids are few, so that entries replace each other. */
export const anyEntry: fc.Arbitrary<Entry> = fc
	.record({
		_id: fc.integer({ min: 0, max: 60 }).map((number) => `transaction:${number}`),
		kind: fc.constantFrom('expense', 'expense', 'income', 'transfer'),
		amountMinor: amount,
		currency: fc.constantFrom('EUR', 'EUR', 'JPY', 'KWD'),
		arrival: fc.option(
			fc.record({ amount: fc.option(amount), currency: fc.option(fc.constantFrom('USD', 'EUR')) }),
			{ freq: 2 }
		),
		splitAt: fc.option(
			fc.array(
				fc.record({
					categoryId: fc.option(fc.constantFrom(...CATEGORIES)),
					note: fc.constantFrom('', 'Äpfel', 'tea')
				}),
				{ minLength: 2, maxLength: 3 }
			),
			{ freq: 4 }
		),
		categoryId: fc.option(fc.constantFrom(...CATEGORIES)),
		accountId: fc.constantFrom(...ACCOUNTS),
		toAccountId: fc.constantFrom(...ACCOUNTS),
		payee: fc.constantFrom('', 'Bakery', 'Café Zoë', 'ΣΟΦΟΣ'),
		note: fc.constantFrom('', 'two teas', 'Train, 2 places', 'crème brûlée'),
		spentOn: day,
		spentTime: fc.constantFrom(null, '08:00:00', '12:30', '23:59:59.5'),
		tags: fc
			.uniqueArray(fc.constantFrom('holiday', 'Büro', 'a"b'), { maxLength: 3 })
			.map((tags) => tags.sort()),
		receipts: fc.constantFrom(0, 0, 1, 3),
		operationId: fc.constantFrom(null, 'operation:a', 'operation:b'),
		recurringRuleId: fc.constantFrom(null, 'recurring-rule:a'),
		deletedAt: fc.constantFrom(
			null,
			null,
			null,
			'2026-11-22T17:11:00.000Z',
			'2026-11-23T08:00:00.000Z'
		),
		madeAt,
		readOnly: fc.boolean()
	})
	.map(({ arrival, splitAt, ...facts }) => {
		const isTransfer = facts.kind === 'transfer';
		return {
			...facts,
			kind: facts.kind as Entry['kind'],
			toAmountMinor: (isTransfer && arrival?.amount) || null,
			toCurrency: (isTransfer && arrival?.currency) || null,
			splits: isTransfer ? [] : toSplits(splitAt ?? [], facts.amountMinor),
			categoryId: isTransfer ? null : facts.categoryId,
			toAccountId: isTransfer ? facts.toAccountId : null
		};
	});

/** The parts add up to the amount. */
function toSplits(
	parts: { categoryId: string | null; note: string }[],
	amountMinor: number
): Entry['splits'] {
	const share = Math.floor(amountMinor / Math.max(1, parts.length));
	return parts.map((part, at) => ({
		...part,
		amountMinor: at === 0 ? amountMinor - share * (parts.length - 1) : share
	}));
}

/** Any ledger as columns, with its entries that are not in the trash, newest first, as objects. */
export const anyLedger: fc.Arbitrary<{ columns: LedgerColumns; live: Entry[] }> = fc
	.array(anyEntry, { maxLength: 60 })
	.map((entries) => {
		const columns = LedgerColumns.empty();
		columns.put(entries);
		return { columns, live: columns.slice(0, Infinity) };
	});

/** Any range of days, with no bound or one or two. */
export const anyRange: fc.Arbitrary<DayRange> = fc
	.record({ from: fc.option(day), to: fc.option(day) })
	.map(({ from, to }) => ({ ...(from && { from }), ...(to && { to }) }));

/** Whether a day is in a range, as texts compare. */
export function isWithin({ spentOn }: Entry, { from = '', to = '9999-99-99' }: DayRange): boolean {
	return from <= spentOn && spentOn <= to;
}

const NAMES: Readonly<Record<string, { name: string; parentId: string | null }>> = {
	'category:food': { name: 'Food', parentId: null },
	'category:snacks': { name: 'Süßes', parentId: 'category:food' },
	'category:travel': { name: 'Travel', parentId: null },
	'account:cash': { name: 'Cash', parentId: null },
	'account:bank': { name: 'Bänk 1', parentId: null }
};

/** The names of what entries refer to; two ids have no document. */
export const someNames: SearchNames = {
	category: (id) => NAMES[id ?? ''],
	account: (id) => NAMES[id ?? ''],
	kindNames: { expense: 'Expense', income: 'Income', transfer: 'Transfer' }
};

/** The top-level category of a category. */
export function topCategory(id: string | null): string | null {
	return NAMES[id ?? '']?.parentId ?? id;
}

/** An entry part by part; one that is not split is one part. */
export function partsOf(entry: Entry): { categoryId: string | null; amountMinor: number }[] {
	return entry.splits.length > 0 ? [...entry.splits] : [entry];
}
