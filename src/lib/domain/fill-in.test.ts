import { expect, test } from 'vitest';
import { ZERO_STAMP } from '#contract/documents/well-known.ts';
import type { Category } from '#contract/documents/category.ts';
import { columnsOf } from '#tests/support/columns-of.ts';
import { emptyDraft, type TransactionDraft } from './draft.ts';
import { fillIn } from './fill-in.ts';
import { newRule } from './rule.ts';
import { newCategory } from './starting-documents.ts';

const KNOWN = new Map<string, Category>(
	['category:food', 'category:fun'].map((id, order) => [
		id,
		newCategory(id, { name: id, icon: '', colour: 0, order, parentId: null }, ZERO_STAMP)
	])
);

const columns = columnsOf(
	{ payee: 'Kiosk', amountMinor: 250, categoryId: 'category:food', spentOn: '2026-11-01' },
	{ payee: 'Abroad', amountMinor: 900, currency: 'USD', spentOn: '2026-11-02' },
	{ payee: 'Old place', amountMinor: 100, categoryId: 'category:gone', spentOn: '2026-11-03' },
	{
		payee: 'Market',
		amountMinor: 700,
		spentOn: '2026-11-04',
		splits: [
			{ categoryId: 'category:food', amountMinor: 300, note: '' },
			{ categoryId: 'category:fun', amountMinor: 400, note: '' }
		]
	}
);

const memory = { rules: [], columns, category: (id: string) => KNOWN.get(id) };

function aDraft(changes: Partial<TransactionDraft>): TransactionDraft {
	const blank = emptyDraft({ currency: 'EUR', accountId: 'account:cash', spentOn: '2026-11-23' });
	return { ...blank, ...changes };
}

test('a payee fills in its last category and amount, as the person would type it', () => {
	const draft = aDraft({ payee: 'Kiosk' });
	const { fields, filled } = fillIn(draft, {}, memory, 'de');
	expect(fields).toEqual({ amount: '2,50', categoryId: 'category:food', tags: [] });
	expect(filled).toEqual({ amount: '2,50', categoryId: 'category:food', by: 'last' });
});

test('what was typed stays; what an earlier payee filled in goes with it', () => {
	const typed = aDraft({ payee: 'Kiosk', amount: '3', categoryId: 'category:fun' });
	expect(fillIn(typed, {}, memory, 'en').filled).toEqual({});
	expect(fillIn(typed, {}, memory, 'en').fields).toMatchObject({ amount: '3' });

	const before = { amount: '2.50', categoryId: 'category:food' };
	const other = aDraft({ payee: 'Nobody', ...before });
	expect(fillIn(other, before, memory, 'en').fields).toEqual({
		amount: '',
		categoryId: null,
		tags: []
	});
	expect(fillIn({ ...other, payee: '', amount: '4' }, before, memory, 'en').fields).toMatchObject({
		amount: '4',
		categoryId: null
	});
});

test('another currency, a category that is gone and a split entry fill in nothing of theirs', () => {
	expect(fillIn(aDraft({ payee: 'Abroad' }), {}, memory, 'en').filled).toEqual({});
	expect(fillIn(aDraft({ payee: 'Old place' }), {}, memory, 'en').filled).toEqual({
		amount: '1.00'
	});
	expect(fillIn(aDraft({ payee: 'Market' }), {}, memory, 'en').filled).toEqual({});
	const transfer = aDraft({ payee: 'Kiosk', kind: 'transfer' });
	expect(fillIn(transfer, {}, memory, 'en').filled).toEqual({});
});

test('a rule goes before what was done the last time, and puts its tags on', () => {
	const rule = newRule(
		'rule:a',
		{
			...{ payee: 'kiosk', match: 'exact', fromMinor: null, toMinor: null, currency: null },
			...{ categoryId: 'category:fun', tags: ['work'] }
		},
		1,
		ZERO_STAMP
	);
	const ruled = { ...memory, rules: [rule] };
	const { fields, filled } = fillIn(aDraft({ payee: 'Kiosk' }), {}, ruled, 'en');
	expect(fields).toEqual({ amount: '2.50', categoryId: 'category:fun', tags: ['work'] });
	expect(filled.by).toBe('rule');
	const next = fillIn(aDraft({ ...fields, payee: 'Nobody' }), filled, ruled, 'en');
	expect(next.fields).toEqual({ amount: '', categoryId: null, tags: [] });
	const own = aDraft({ payee: 'Kiosk', tags: ['mine'] });
	expect(fillIn(own, {}, ruled, 'en').fields.tags).toEqual(['mine']);
});
