import { expect, test } from 'vitest';
import { backupOverdue } from './backup-words.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const ago = (days: number): number => NOW - days * 86_400_000;

test.each([
	[ago(29), ago(400), false],
	[ago(31), ago(400), true],
	[undefined, ago(29), false],
	[undefined, ago(31), true],
	[undefined, undefined, true]
])('exported at %s, here since %s: overdue is %s', (exportedAt, since, overdue) => {
	expect(backupOverdue(exportedAt, since, NOW)).toBe(overdue);
});
