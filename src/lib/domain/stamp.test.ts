import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Stamp } from '#contract/documents/stamp.ts';
import { ZERO_STAMP } from '#contract/documents/well-known.ts';
import { createClock, isComputed, latestStamp, readStamp } from './stamp.ts';

const DEVICE = 'abcdefghij';

test('stamps only rise, however the clock jumps', () => {
	fc.assert(
		fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 2 }), (instants) => {
			let at = 0;
			const clock = createClock(DEVICE, () => instants[at++] ?? 0);
			const stamps = instants.map(() => clock.next());
			expect([...stamps].sort()).toEqual(stamps);
			expect(new Set(stamps).size).toBe(stamps.length);
			for (const stamp of stamps) expect(Stamp.parse(stamp)).toBe(stamp);
		})
	);
});

test('a stamp is later than one seen from a device whose clock runs a day ahead', () => {
	const ahead = createClock('zzzzzzzzzz', () => 86_400_000).next();
	const clock = createClock(DEVICE, () => 1000);
	clock.observe(ahead);
	expect(clock.next() > ahead).toBe(true);
});

test('more edits in one millisecond than the counter holds still rise', () => {
	const clock = createClock(DEVICE, () => 5);
	clock.observe(`${'5'.padStart(15, '0')}-zzzz-${DEVICE}`);
	const next = clock.next();
	expect(readStamp(next)).toMatchObject({ ms: 6, counter: 0 });
});

test('what the app computes sorts below what anybody types', () => {
	const typed = createClock('0000000000', () => 1).next();
	const ofARule = `000000000000000-${typed}`;
	expect(Stamp.parse(ofARule)).toBe(ofARule);
	expect(isComputed(ZERO_STAMP)).toBe(true);
	expect(isComputed(ofARule)).toBe(true);
	expect([typed, ofARule, ZERO_STAMP].sort()).toEqual([ZERO_STAMP, ofARule, typed]);
});

test('the latest stamp of a document', () => {
	expect(latestStamp({ a: ZERO_STAMP, b: '000000000000002-0000-abcdefghij' })).toBe(
		'000000000000002-0000-abcdefghij'
	);
	expect(latestStamp({})).toBe('');
});

test('two tabs of one device that write in the same millisecond make different stamps', () => {
	const now = (): number => 1_763_800_000_000;
	const [a, b] = [createClock('abcdefghij', now, 5), createClock('abcdefghij', now, 70_000)];
	const stamps = [a.next(), b.next(), a.next(), b.next()];
	expect(new Set(stamps).size).toBe(4);
	for (const stamp of stamps) expect(Stamp.safeParse(stamp).success).toBe(true);
});

test('nor do two tabs that go on from a stamp of the future that both have seen', () => {
	const now = (): number => 1_763_800_000_000;
	const ahead = createClock('bcdefghijk', () => now() + 86_400_000).next();
	const tabs = [5, 70_000].map((first) => createClock('abcdefghij', now, first));
	const stamps = tabs.map((tab) => {
		tab.observe(ahead);
		return tab.next();
	});
	expect(stamps[0]).not.toBe(stamps[1]);
	for (const stamp of stamps) expect(stamp > ahead).toBe(true);
});
