import { expect, test } from 'vitest';
import type { Rule } from '#contract/documents/rule.ts';
import { ZERO_STAMP } from '#contract/documents/well-known.ts';
import { applyRules, findRuleProblem, newRule, toRuleTest, type RuleFields } from './rule.ts';

const FIELDS: RuleFields = {
	payee: 'Café Zürich',
	match: 'exact',
	fromMinor: null,
	toMinor: null,
	currency: null,
	categoryId: 'category:food',
	tags: []
};
const LUNCH = {
	kind: 'expense',
	payee: 'cafe zurich ',
	amountMinor: 1250,
	currency: 'CHF'
} as const;

function aRule(changes: Partial<RuleFields> = {}, order = 0, more: Partial<Rule> = {}): Rule {
	return { ...newRule(`rule:${order}`, { ...FIELDS, ...changes }, order, ZERO_STAMP), ...more };
}

test.each([
	['the payee in another case, without accents', {}, true],
	['a part of the payee, where all of it is asked for', { payee: 'Zürich' }, false],
	['a part of the payee', { payee: 'Zürich', match: 'contains' }, true],
	['an amount within bounds', { fromMinor: 1250, toMinor: 1250, currency: 'CHF' }, true],
	['an amount above', { toMinor: 1249, currency: 'CHF' }, false],
	['an amount below', { payee: null, fromMinor: 1251, currency: 'CHF' }, false],
	['the same amount in another currency', { fromMinor: 1, currency: 'EUR' }, false]
] as const)('a rule for %s', (_, changes, fits) => {
	expect(toRuleTest(aRule(changes))(LUNCH)).toBe(fits);
});

test('a rule is not for transfers, and one that is switched off is for nothing', () => {
	expect(toRuleTest(aRule())({ ...LUNCH, kind: 'transfer' })).toBe(false);
	expect(toRuleTest(aRule({}, 0, { enabled: false }))(LUNCH)).toBe(false);
});

test('the first rule with a category decides it, and the tags of all are put on', () => {
	const rules = [
		aRule({ categoryId: 'category:leisure', tags: ['city'] }, 3),
		aRule({ categoryId: null, tags: ['lunch', 'city'] }, 1),
		aRule({}, 2),
		aRule({ categoryId: 'category:gone' }, 0, { deletedAt: '2026-11-22T00:00:00.000Z' })
	];
	expect(applyRules(rules, LUNCH)).toEqual({
		categoryId: 'category:food',
		tags: ['city', 'lunch']
	});
	expect(applyRules(rules, { ...LUNCH, payee: 'Kiosk' })).toBeUndefined();
});

test.each([
	['no-condition', { payee: ' ' }],
	['no-effect', { categoryId: null }],
	['no-currency', { fromMinor: 100 }],
	['bounds-crossed', { fromMinor: 200, toMinor: 100, currency: 'CHF' }],
	[undefined, {}],
	[undefined, { payee: null, toMinor: 100, currency: 'CHF' }]
])('%s: %o', (problem, changes) => {
	expect(findRuleProblem({ ...FIELDS, ...changes })).toBe(problem);
});
