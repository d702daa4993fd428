import { expect, test } from 'vitest';
import { ZERO_STAMP } from '#contract/documents/well-known.ts';
import { changedFields, draftOf, emptyDraft, newTransaction, readDraft } from './draft.ts';
import { emptySplit } from './split-draft.ts';
import { lastWithTheRest, leftToSplit } from './split-left.ts';

const blank = emptyDraft({ currency: 'EUR', accountId: 'account:cash', spentOn: '2026-11-22' });
const parts = [emptySplit('category:food', '12'), emptySplit('category:home', '8')];

test('parts that add up to the whole are in the facts', () => {
	const read = readDraft({ ...blank, amount: '20', splits: parts }, 'en');
	expect(read).toMatchObject({
		ok: true,
		fields: {
			splits: [
				{ categoryId: 'category:food', amountMinor: 1200, note: '' },
				{ categoryId: 'category:home', amountMinor: 800, note: '' }
			]
		}
	});
});

test('parts that do not are refused, and so is one that is no amount', () => {
	const read = readDraft({ ...blank, amount: '21', splits: parts }, 'en');
	expect(read).toEqual({
		ok: false,
		problems: [{ field: 'splits', problem: 'parts-not-the-whole' }]
	});
	const odd = readDraft(
		{ ...blank, amount: '20', splits: [...parts, emptySplit(null, 'x')] },
		'en'
	);
	expect(odd).toEqual({
		ok: false,
		problems: [{ field: 'splits', part: 2, problem: 'amount-not-a-number' }]
	});
});

test('what is left goes into the last part', () => {
	const draft = { ...blank, amount: '20', splits: [...parts, emptySplit()] };
	expect(leftToSplit({ ...draft, amount: '25,50' }, 'en')).toBe(550);
	expect(lastWithTheRest({ ...draft, amount: '25,50' }, 'en')).toBe('5.50');
	expect(lastWithTheRest({ ...draft, splits: parts, amount: '19' }, 'en')).toBe('7.00');
	expect(lastWithTheRest({ ...draft, splits: parts, amount: '11' }, 'en')).toBeUndefined();
	expect(lastWithTheRest(draft, 'en')).toBeUndefined();
	expect(leftToSplit({ ...draft, amount: 'x' }, 'en')).toBeUndefined();
});

test('an edit keeps the parts, with what a newer app wrote into them', () => {
	const read = readDraft({ ...blank, amount: '20', splits: parts }, 'en');
	if (!read.ok) throw new Error('The draft should be readable');
	const splits = read.fields.splits.map((part) => ({ ...part, taxMinor: 7 }));
	const entry = newTransaction('transaction:a', { ...read.fields, splits }, ZERO_STAMP);
	const again = readDraft({ ...draftOf(entry, 'de'), note: 'x' }, 'de');
	expect(again.ok && changedFields(entry, { ...entry, ...again.fields })).toEqual({ note: 'x' });
});

test('a changed whole takes all that has to fit it along', () => {
	const before = readDraft({ ...blank, amount: '20', splits: parts }, 'en');
	const after = readDraft({ ...blank, amount: '20', splits: [] }, 'en');
	if (!before.ok || !after.ok) throw new Error('Both drafts should be readable');
	expect(Object.keys(changedFields(before.fields, after.fields)).sort()).toEqual([
		'amountMinor',
		'currency',
		'splits',
		'toAmountMinor',
		'toCurrency'
	]);
});

test('a transfer has no parts, and between two currencies an amount on each side', () => {
	const transfer = {
		...blank,
		kind: 'transfer' as const,
		amount: '20',
		toAccountId: 'account:card',
		splits: parts
	};
	expect(readDraft(transfer, 'en')).toMatchObject({
		ok: true,
		fields: { splits: [], toAmountMinor: null, toCurrency: null }
	});
	expect(readDraft({ ...transfer, toCurrency: 'JPY' }, 'en')).toEqual({
		ok: false,
		problems: [{ field: 'toAmount', problem: 'amount-missing' }]
	});
	expect(readDraft({ ...transfer, toCurrency: 'JPY', toAmount: '3200' }, 'en')).toMatchObject({
		ok: true,
		fields: { toAmountMinor: 3200, toCurrency: 'JPY' }
	});
	expect(
		readDraft({ ...transfer, kind: 'expense', toCurrency: 'JPY', toAmount: '' }, 'en')
	).toMatchObject({ ok: true, fields: { toAmountMinor: null, toCurrency: null } });
});
