import { expect, test } from 'vitest';
import { ZERO_STAMP } from '#contract/documents/well-known.ts';
import { newRule } from './rule.ts';
import { readRuleDraft, toRuleDraft, type RuleDraft } from './rule-draft.ts';

const EMPTY: RuleDraft = toRuleDraft({}, 'EUR', 'en');

test('a rule that is opened and saved as it stands is the same', () => {
	const fields = {
		payee: 'Bakery',
		match: 'contains',
		fromMinor: 150,
		toMinor: 2_000,
		currency: 'JPY',
		categoryId: 'category:food',
		tags: ['city', 'lunch']
	} as const;
	const rule = newRule('rule:1', fields, 1, ZERO_STAMP);
	expect(readRuleDraft(toRuleDraft(rule, 'EUR', 'en'), 'en')).toEqual({ ok: true, fields });
});

test('a rule without bounds has no currency', () => {
	const draft = { ...EMPTY, payee: ' Bakery ', tags: 'city' };
	expect(readRuleDraft(draft, 'en')).toMatchObject({
		ok: true,
		fields: { payee: 'Bakery', fromMinor: null, toMinor: null, currency: null }
	});
});

test('amounts are read as they are typed where the person lives', () => {
	const draft = { ...EMPTY, least: '1.234,50', tags: 'large' };
	expect(readRuleDraft(draft, 'de')).toMatchObject({ ok: true, fields: { fromMinor: 123_450 } });
});

test.each([
	[{ tags: 'city' }, { rule: 'no-condition' }],
	[{ payee: 'Bakery' }, { rule: 'no-effect' }],
	[{ least: 'x', most: '5', tags: 'city' }, { least: 'amount-not-a-number' }],
	[{ least: '6', most: '5', tags: 'city' }, { most: 'filter-amounts-crossed' }]
])('%o is no rule', (typed, problems) => {
	expect(readRuleDraft({ ...EMPTY, ...typed }, 'en')).toEqual({ ok: false, problems });
});
