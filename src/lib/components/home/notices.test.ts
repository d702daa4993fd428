import { expect, test } from 'vitest';
import { newBudget } from '#lib/domain/budget.ts';
import { ON_THIS_DEVICE } from '#lib/sync/sync-report.ts';
import { noticesOf, stillOpen, type NoticeFacts } from './notices.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const DAY = 86_400_000;

const calm: NoticeFacts = {
	sync: { ...ON_THIS_DEVICE, lost: 0 },
	hasProfile: false,
	isDemonstration: false,
	persisted: true,
	nearlyFull: false,
	unreadable: 0,
	newer: 0,
	count: 3,
	uncategorised: 0,
	inStepAt: undefined,
	exportedAt: undefined,
	alerts: [],
	days: { from: '2026-11-01', to: '2026-11-30' },
	now: NOW
};

const said = (facts: Partial<NoticeFacts>): string[] =>
	noticesOf({ ...calm, ...facts }).map(({ text }) => text);

test('nothing is said where nothing needs anybody', () => {
	expect(said({})).toEqual([]);
	expect(said({ count: 500, hasProfile: true, persisted: false })).toEqual([]);
	expect(said({ count: 500, isDemonstration: true, persisted: false })).toEqual([]);
	expect(said({ count: 500, exportedAt: NOW - 29 * DAY })).toEqual([]);
	const waiting = { ...calm.sync, status: 'offline', unsent: 3 } as const;
	expect(said({ sync: waiting, hasProfile: true, inStepAt: NOW - 2 * DAY })).toEqual([]);
});

test.each<[Partial<NoticeFacts>, string]>([
	[{ persisted: false, count: 10 }, 'the browser may clear them'],
	[{ count: 50 }, 'There is no copy of your 50 entries but this one.'],
	[{ count: 60, exportedAt: NOW - 40 * DAY }, 'The last copy is 40 days old: 60 entries by now.'],
	[{ uncategorised: 1 }, '1 entry of 3 has no category.'],
	[{ uncategorised: 2 }, '2 entries of 3 have no category.'],
	[{ unreadable: 2 }, '2 entries cannot be read here.'],
	[{ newer: 1 }, 'A newer version of Outlay wrote 1 entry.'],
	[{ nearlyFull: true }, 'This device has little room left'],
	[
		{
			sync: { ...calm.sync, status: 'offline', unsent: 3 },
			hasProfile: true,
			inStepAt: NOW - 4 * DAY
		},
		'3 entries have waited for 4 days to be sent.'
	]
])('%o has words of its own', (facts, words) => {
	expect(said(facts)).toEqual([expect.stringContaining(words)]);
});

test('budgets lead to what was spent of them', () => {
	const alert = (categoryId: string, spentMinor: number) => ({
		name: categoryId.slice('category:'.length),
		progress: {
			budget: newBudget(
				{ categoryId, month: '2026-11', amountMinor: 1000, currency: 'EUR', rollover: false },
				'000001800000000-0000-0123456789'
			),
			amountMinor: 1000,
			carriedMinor: 0,
			spentMinor,
			leftMinor: 1000 - spentMinor
		},
		share: spentMinor / 1000,
		isOver: spentMinor > 1000
	});
	const notices = noticesOf({
		...calm,
		alerts: [alert('category:Food', 1250), alert('category:Home', 850)]
	});
	expect(notices.map(({ text }) => text)).toEqual([
		'Food: €2.50 over its budget.',
		'Home: 85% of its budget is spent, €1.50 left.'
	]);
	expect(notices[0]?.href).toBe(
		'/transactions?from=2026-11-01&to=2026-11-30&currency=EUR&kind=expense&category=category%3AFood'
	);
});

test('a dismissed notice comes back when it is about more, a fault stays', () => {
	const open = (uncategorised: number, dismissed: Record<string, number>) =>
		stillOpen(noticesOf({ ...calm, unreadable: 1, uncategorised }), dismissed).map(
			({ key }) => key
		);
	expect(open(2, {})).toEqual([undefined, 'uncategorised']);
	expect(open(2, { uncategorised: 2 })).toEqual([undefined]);
	expect(open(1, { uncategorised: 2 })).toEqual([undefined]);
	expect(open(3, { uncategorised: 2 })).toEqual([undefined, 'uncategorised']);
	// Having no other copy is said anew next month.
	const alone = { ...calm, count: 50 };
	const [notice] = noticesOf(alone);
	const dismissed = { [notice?.key ?? '']: 1 };
	expect(stillOpen(noticesOf(alone), dismissed)).toEqual([]);
	const later = { ...alone, days: { from: '2026-12-01', to: '2026-12-31' } };
	expect(stillOpen(noticesOf(later), dismissed)).toHaveLength(1);
});
