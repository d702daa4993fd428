import { expect, test } from 'vitest';
import { agoWords, untilWords } from './moment-words.ts';

const now = Date.parse('2026-11-22T12:00:00Z');

test.each([
	['2026-11-22T11:59:59Z', 'a few minutes ago'],
	['2026-11-22T12:00:30Z', 'a few minutes ago'],
	['2026-11-22T11:20:00Z', '40 minutes ago'],
	['2026-11-22T06:30:00Z', '5 hours ago'],
	['2026-11-21T11:00:00Z', 'yesterday'],
	['2026-11-10T11:00:00Z', '12 days ago'],
	['never', 'at an unknown time']
])('%s was %s', (instant, words) => {
	expect(agoWords(instant, now)).toBe(words);
});

test('what is long ago has its day and year', () => {
	expect(agoWords('2025-03-01T11:00:00Z', now)).toMatch(/2025/);
});

test.each([
	['2026-12-06T11:59:00Z', 'in 13 days'],
	['2026-11-22T13:30:00Z', 'in 2 hours'],
	['2026-11-22T11:59:00Z', 'no longer']
])('%s holds %s', (instant, words) => {
	expect(untilWords(instant, now)).toBe(words);
});
