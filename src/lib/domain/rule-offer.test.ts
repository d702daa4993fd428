import { expect, test } from 'vitest';
import { ZERO_STAMP } from '#contract/documents/well-known.ts';
import { anExpense } from '#tests/support/an-expense.ts';
import { newRule, type RuleFields } from './rule.ts';
import { ruleToOffer, toRuleAddress } from './rule-offer.ts';

const FIELDS = { ...anExpense(), toAmountMinor: null, toCurrency: null, splits: [] };
const CHANGES = { categoryId: 'category:food', '#work': true, '#late': false };
const OFFER = { payee: 'Bakery', categoryId: 'category:food', tags: ['work'] };

function ruleFor(changes: Partial<RuleFields>) {
	const fields = { payee: 'Bakery', match: 'exact', fromMinor: null, toMinor: null } as const;
	return newRule(
		'rule:a',
		{ ...fields, currency: null, categoryId: null, tags: [], ...changes },
		1,
		ZERO_STAMP
	);
}

test('a category and the tags that were put on are offered', () => {
	expect(ruleToOffer([], FIELDS, CHANGES)).toEqual(OFFER);
	expect(ruleToOffer([], FIELDS, { note: 'x', '#late': false })).toBeUndefined();
	expect(ruleToOffer([], FIELDS, { categoryId: null })).toBeUndefined();
});

test('what a rule does or decides already is not', () => {
	const rules = [ruleFor({ categoryId: 'category:other' })];
	expect(ruleToOffer(rules, FIELDS, CHANGES)).toEqual({ ...OFFER, categoryId: null });
	const both = [ruleFor({ categoryId: 'category:food', tags: ['work'] })];
	expect(ruleToOffer(both, FIELDS, CHANGES)).toBeUndefined();
	expect(ruleToOffer([ruleFor({ payee: 'Kiosk', tags: ['work'] })], FIELDS, CHANGES)).toEqual(
		OFFER
	);
});

test('what no rule can be for gets no offer', () => {
	expect(ruleToOffer([], { ...FIELDS, payee: '' }, CHANGES)).toBeUndefined();
	expect(ruleToOffer([], { ...FIELDS, kind: 'transfer' }, CHANGES)).toBeUndefined();
	const splits = [{ categoryId: null, amountMinor: 1250, note: '' }];
	expect(ruleToOffer([], { ...FIELDS, splits }, CHANGES)).toBeUndefined();
});

test('its address survives every payee', () => {
	const address = toRuleAddress({ ...OFFER, payee: 'A & B #1 = “ü”', tags: ['a b', 'c&d'] });
	const asked = new URLSearchParams(new URL(address, 'http://localhost').hash.slice(1));
	expect(asked.get('payee')).toBe('A & B #1 = “ü”');
	expect(asked.get('category')).toBe('category:food');
	expect(asked.getAll('tag')).toEqual(['a b', 'c&d']);
});
