import { expect, test } from 'vitest';
import { whyFilledIn, whyFirst } from './habit-words.ts';

const HABIT = { weight: 1, uses: 9, withPayee: 7, atThisHour: 4 };

test('a payee explains more than the hour, and the hour more than the number', () => {
	const first = { name: 'Groceries', habit: HABIT, payee: 'Lidl' };
	expect(whyFirst(first)).toBe('Groceries comes first: you chose it 7 times for Lidl.');
	expect(whyFirst({ ...first, payee: '' })).toBe(
		'Groceries comes first: you chose it 9 times lately, 4 of them at about this time of day.'
	);
	expect(whyFirst({ ...first, habit: { ...HABIT, withPayee: 0, atThisHour: 1 } })).toBe(
		'Groceries comes first: you chose it 9 times lately.'
	);
	expect(whyFirst({ ...first, habit: { ...HABIT, withPayee: 1 } })).toContain('once for Lidl');
});

test('without habits nothing is claimed', () => {
	expect(whyFirst({ name: 'Food', habit: undefined, payee: '' })).toContain('You have not used');
});

test('what was filled in names the rule, or the last time', () => {
	expect(whyFilledIn('rule', 'Fun', 'Lidl')).toBe('A rule of yours chose Fun for Lidl.');
	expect(whyFilledIn('last', 'Fun', 'Lidl')).toContain('the last time');
});
