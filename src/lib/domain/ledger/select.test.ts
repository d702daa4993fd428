import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toDecimalText } from '#lib/domain/amount-text.ts';
import { generateLargeLedger } from '#tests/support/large-ledger.ts';
import { anyLedger, anyRange, isWithin, partsOf, someNames } from '#tests/support/any-entry.ts';
import { prepare } from './prepare.ts';
import { toEntry, type Entry } from './entry.ts';
import { LedgerColumns } from './ledger-columns.ts';
import { select, selectInSteps, type EntryFilter } from './select.ts';

const { category, account, kindNames } = someNames;

/** All that a person could look an entry up by, in one folded text. */
function textOf(entry: Entry): string {
	const categories = partsOf(entry)
		.concat(entry)
		.flatMap(({ categoryId }) => [
			category(categoryId),
			category(category(categoryId)?.parentId ?? null)
		]);
	const ends = [entry.accountId, entry.toAccountId].map((id) => account(id)?.name ?? '?');
	return [
		entry.payee,
		entry.note,
		...entry.tags,
		...categories.map((found) => found?.name),
		entry.kind === 'transfer' ? ends.join(' → ') : account(entry.accountId)?.name,
		kindNames[entry.kind],
		entry.spentOn,
		toDecimalText(entry.amountMinor, entry.currency),
		entry.toAmountMinor !== null &&
			toDecimalText(entry.toAmountMinor, entry.toCurrency ?? entry.currency),
		...entry.splits.map(({ note }) => note)
	]
		.filter((text) => typeof text === 'string')
		.join('\n')
		.normalize('NFD')
		.replace(/\p{M}/gu, '')
		.toLowerCase();
}

function passes(entry: Entry, filter: EntryFilter): boolean {
	const words = (filter.text ?? '')
		.normalize('NFD')
		.replace(/\p{M}/gu, '')
		.toLowerCase()
		.split(/\s+/);
	const inCategory = ({ categoryId }: { categoryId: string | null }) =>
		categoryId !== null &&
		(categoryId === filter.categoryId || category(categoryId)?.parentId === filter.categoryId);
	return (
		words.every((word) => textOf(entry).includes(word)) &&
		isWithin(entry, filter) &&
		entry.amountMinor >= (filter.fromMinor ?? 0) &&
		entry.amountMinor <= (filter.toMinor ?? Infinity) &&
		(!filter.kind || entry.kind === filter.kind) &&
		(!filter.categoryId || partsOf(entry).some(inCategory)) &&
		(!filter.uncategorised ||
			(entry.kind !== 'transfer' &&
				partsOf(entry).some(({ categoryId }) => categoryId === null))) &&
		(!filter.currency || entry.currency === filter.currency) &&
		(!filter.accountId || [entry.accountId, entry.toAccountId].includes(filter.accountId)) &&
		(!filter.tag || entry.tags.includes(filter.tag)) &&
		(!filter.withReceipt || entry.receipts > 0)
	);
}

const TEXTS = [
	...[
		'',
		' ',
		'cafe',
		'CAFÉ zoe',
		'zzz',
		'σοφος',
		'a',
		'e b',
		'food',
		'sußes',
		'bank → cash',
		'→',
		'?'
	],
	...[
		'transfer',
		'expense 2',
		'2025-0',
		'-1',
		'1',
		'00',
		'.',
		'.5',
		'5.0',
		'12',
		'buro',
		'a"b',
		'apfel',
		'two tea'
	]
];

const anyFilter: fc.Arbitrary<EntryFilter> = fc
	.tuple(
		anyRange,
		fc.record(
			{
				text: fc.constantFrom(...TEXTS),
				fromMinor: fc.integer({ min: 0, max: 400_000 }),
				toMinor: fc.integer({ min: 0, max: 90_000_000_000_000 }),
				kind: fc.constantFrom('expense', 'income', 'transfer'),
				categoryId: fc.constantFrom('category:food', 'category:snacks', 'category:unheard-of'),
				uncategorised: fc.boolean(),
				currency: fc.constantFrom('EUR', 'JPY', 'XAU'),
				accountId: fc.constantFrom('account:cash', 'account:gone', 'account:unheard-of'),
				tag: fc.constantFrom('holiday', 'a"b', 'unheard-of'),
				withReceipt: fc.boolean()
			},
			{ requiredKeys: [] }
		)
	)
	.map(([range, rest]) => ({ ...range, ...rest }) as EntryFilter);

function idsAt(columns: LedgerColumns, rows: Uint32Array): string[] {
	return Array.from(rows, (row) => columns.entryAt(row)._id);
}

test('a filter selects the entries that pass it one by one, newest first', () => {
	fc.assert(
		fc.property(anyLedger, anyFilter, ({ columns, live }, filter) => {
			const expected = live.filter((entry) => passes(entry, filter)).map(({ _id }) => _id);
			expect(idsAt(columns, select(columns, filter, someNames))).toEqual(expected);
		}),
		{ numRuns: 500 }
	);
});

test('every single word is found where the text of an entry holds it', () => {
	fc.assert(
		fc.property(anyLedger, ({ columns, live }) => {
			for (const text of TEXTS) {
				const expected = live.filter((entry) => passes(entry, { text })).map(({ _id }) => _id);
				expect(idsAt(columns, select(columns, { text }, someNames))).toEqual(expected);
			}
		}),
		{ numRuns: 60 }
	);
});

test('what was written after a first search is found by the next', () => {
	fc.assert(
		fc.property(anyLedger, anyLedger, ({ columns, live }, later) => {
			select(columns, { text: 'tea' }, someNames);
			columns.put(later.live.map((entry) => ({ ...entry, note: `${entry.note} Ünlike` })));
			const changed = new Set(later.live.map(({ _id }) => _id));
			const found = idsAt(columns, select(columns, { text: 'unlike' }, someNames));
			expect(new Set(found)).toEqual(changed);
			expect(columns.count).toBe(new Set([...live.map(({ _id }) => _id), ...changed]).size);
		})
	);
});

test('every single criterion selects what it says', () => {
	const filters: EntryFilter[] = [
		{ categoryId: 'category:food' },
		{ categoryId: 'category:snacks' },
		{ uncategorised: true },
		{ accountId: 'account:bank' },
		{ tag: 'holiday' },
		{ withReceipt: true },
		{ kind: 'transfer' },
		{ fromMinor: 100_000 },
		{ toMinor: 100_000 }
	];
	fc.assert(
		fc.property(anyLedger, ({ columns, live }) => {
			for (const filter of filters) {
				const expected = live.filter((entry) => passes(entry, filter)).map(({ _id }) => _id);
				expect(idsAt(columns, select(columns, filter, someNames))).toEqual(expected);
			}
		})
	);
});

test('what was prepared step by step is what a search would have made', () => {
	fc.assert(
		fc.property(anyLedger, anyFilter, ({ columns, live }, filter) => {
			for (const _ of prepare(columns));
			const expected = live.filter((entry) => passes(entry, filter)).map(({ _id }) => _id);
			expect(idsAt(columns, select(columns, filter, someNames))).toEqual(expected);
		})
	);
});

test('a large ledger is searched in many steps, with the same result', () => {
	const entries = generateLargeLedger(20_000).transactions.map((document) => toEntry(document));
	const columns = LedgerColumns.empty();
	columns.put(entries);
	const [first] = entries;
	const filter = { text: `${first?.note.split(' ')[0] ?? ''} 1`, fromMinor: 1000 };
	const steps = [...selectInSteps(columns, filter, someNames)];
	expect(steps.length).toBeGreaterThan(3);
	const found = Array.from(select(columns, filter, someNames), (row) => columns.entryAt(row)._id);
	const expected = columns
		.slice(0, columns.count)
		.filter((entry) => passes(entry, filter))
		.map(({ _id }) => _id);
	expect(expected.length).toBeGreaterThan(0);
	expect(found).toEqual(expected);
});
