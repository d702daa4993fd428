import { expect, test } from 'vitest';
import { ProblemCode } from '#contract/problem.ts';
import { failureWords, waitWords } from './failure-words.ts';
import { sentence } from './messages.ts';

test.each([
	[1, '1 second'],
	[59, '59 seconds'],
	[60, '1 minute'],
	[61, '2 minutes'],
	[3600, '1 hour'],
	[3601, '2 hours']
])('%i seconds are never told shorter than they are', (seconds, words) => {
	expect(waitWords(seconds)).toBe(words);
});

test('who is told to wait is told how long, where that is known', () => {
	expect(failureWords({ problem: 'too-many-requests', waitSeconds: 700 })).toMatch(/12 minutes/);
	expect(failureWords({ problem: 'too-many-requests' })).toBe(sentence('too-many-requests'));
	expect(failureWords({ problem: 'suspended' })).toBe(sentence('suspended'));
});

test('a fault of the service’s can be quoted', () => {
	const words = failureWords({ problem: 'internal', requestId: '0123456789abcdef' });
	expect(words).toContain(sentence('internal'));
	expect(words).toContain('0123456789abcdef');
});

test.each(ProblemCode.options)('the service’s %s has a sentence of its own', (problem) => {
	expect(sentence(problem)).not.toBe(sentence('nobody knows this one'));
	expect(failureWords({ problem })).toMatch(/^[A-Z].*[.]$/);
});
