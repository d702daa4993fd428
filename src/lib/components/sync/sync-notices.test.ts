import { expect, test } from 'vitest';
import type { SyncState } from '#lib/state/sync.svelte.ts';
import { ON_THIS_DEVICE } from '#lib/sync/sync-report.ts';
import { syncNotices } from './sync-notices.ts';

const said = (state: Partial<SyncState>): string[] =>
	syncNotices({ ...ON_THIS_DEVICE, lost: 0, ...state }).map(({ text }) => text);

test('nothing is said where nothing is wrong', () => {
	expect(said({ status: 'up-to-date' })).toEqual([]);
	expect(said({ status: 'offline', unsent: 3 })).toEqual([]);
});

test.each([
	[12, '12 minutes ahead'],
	[-90, '90 minutes behind'],
	[-180, '3 hours behind'],
	[4320, '3 days ahead']
])('a clock that is %i minutes ahead is "%s"', (clockAhead, words) => {
	expect(said({ status: 'up-to-date', clockAhead })).toEqual([
		`This device’s clock is ${words}. Set it right: of two edits the later one counts.`
	]);
});

test.each([
	[{ status: 'signed-out', unsent: 2 }, 'Sign in again: 2 entries wait here to be sent.'],
	[{ status: 'suspended' }, 'This account is suspended.'],
	[{ status: 'cloud-full', unsent: 1 }, '1 entry on this device alone'],
	[{ status: 'device-full' }, 'This device has no room left.'],
	[{ status: 'needs-you', refused: 1 }, 'The cloud would not take 1 entry.'],
	[{ status: 'up-to-date', lost: 2 }, '2 entries that were not in the cloud yet are lost']
] as const)('%o has words of its own', (state, words) => {
	expect(said(state as Partial<SyncState>)).toEqual([expect.stringContaining(words)]);
});
