import { expect, test } from 'vitest';
import { estimateStrength, partsOf } from './estimate-strength.ts';

const email = 'maria.hoffmann@example.org';

test.each([
	['password1', 0],
	['Qwertyuiop', 0],
	['aaaaaaaaaaaa', 0],
	['maria.hoffmann', 0]
])('%s is guessed at once, and why is said', (password, most) => {
	const { score, advice } = estimateStrength(password, partsOf(email));
	expect(score).toBeLessThanOrEqual(most);
	expect(advice).not.toBe('');
});

test('the email in a password is named as the reason', () => {
	expect(estimateStrength('maria.hoffmann1', partsOf(email)).advice).toMatch(/email/);
});

test.each(['heron lamp 41 sideways', 'x7#Qv!m2Lr9$'])('%s is strong', (password) => {
	expect(estimateStrength(password, partsOf(email))).toEqual({ score: 4, advice: '' });
});

test('parts of what is no email yet are nothing or little', () => {
	expect(partsOf('')).toEqual([]);
	expect(partsOf('mar')).toEqual(['mar', 'mar']);
});
