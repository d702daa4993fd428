import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Slots } from './slots.ts';

test('an entry keeps its element, and another one takes over what is free', () => {
	const slots = new Slots();
	expect(slots.assign(['a', 'b', 'c'])).toEqual([0, 1, 2]);
	expect(slots.assign(['c', 'd', 'e'])).toEqual([2, 1, 0]);
	expect(slots.assign(['e'])).toEqual([0]);
	expect(slots.size).toBe(1);
});

test('what is kept is taken over by the next entries, and waits where it was', () => {
	const slots = new Slots();
	slots.assign(['a', 'b', 'c', 'd']);
	expect(slots.assign(['c', 'e'], true)).toEqual([2, 3]);
	expect(slots.order).toEqual([0, 1, 2, 3]);
	expect(slots.assign(['c', 'e', 'f'])).toEqual([2, 3, 1]);
	expect(slots.order).toEqual([2, 3, 1]);
});

test('an entry takes a free element that stands where it belongs', () => {
	const slots = new Slots();
	slots.assign(['a', 'b', 'c', 'd', 'e', 'f']);
	expect(slots.assign(['g', 'c', 'h', 'f'], true)).toEqual([0, 2, 3, 5]);
	expect(slots.order).toEqual([0, 1, 2, 3, 4, 5]);
	// Where there is none, the last free one moves.
	expect(slots.assign(['i', 'g', 'c', 'h', 'f'], true)).toEqual([4, 0, 2, 3, 5]);
	expect(slots.order).toEqual([4, 0, 1, 2, 3, 5]);
});

test('no two entries ever share an element, and none is made while one is free', () => {
	const ids = fc.uniqueArray(
		fc.nat({ max: 30 }).map((at) => `transaction:${at}`),
		{ maxLength: 12 }
	);
	fc.assert(
		fc.property(fc.array(ids, { maxLength: 8 }), (lists) => {
			const slots = new Slots();
			let before: number[] = [];
			let most = 0;
			for (const list of lists) {
				const given = slots.assign(list);
				expect(slots.order).toEqual(given);
				expect(new Set(given).size).toBe(list.length);
				const made = given.filter((slot) => !before.includes(slot));
				expect(made.length).toBe(Math.max(0, list.length - before.length));
				before = given;
				most = Math.max(most, list.length);
			}
			expect(slots.size).toBe(before.length);
		})
	);
});

test('elements stand in the order of their entries, the spare ones among them', () => {
	const ids = fc.shuffledSubarray(Array.from({ length: 12 }, (_, at) => `transaction:${at}`));
	fc.assert(
		fc.property(fc.array(fc.tuple(ids, fc.boolean()), { maxLength: 8 }), (lists) => {
			const slots = new Slots();
			for (const [list, keep] of lists) {
				const before = slots.order;
				const given = slots.assign(list, keep);
				expect(slots.order.filter((slot) => given.includes(slot))).toEqual(given);
				expect(new Set(slots.order).size).toBe(slots.size);
				if (keep) expect(slots.order).toEqual(expect.arrayContaining([...before]));
			}
		})
	);
});
