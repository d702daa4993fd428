import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Slots } from './slots.ts';

test('an entry keeps its element, and another one takes over what is free', () => {
	const slots = new Slots();
	expect(slots.assign(['a', 'b', 'c'])).toEqual([0, 1, 2]);
	expect(slots.assign(['c', 'd', 'e'])).toEqual([2, 0, 1]);
	expect(slots.assign(['e'])).toEqual([1]);
	expect(slots.size).toBe(1);
});

test('what is kept is taken over by the next entries', () => {
	const slots = new Slots();
	slots.assign(['a', 'b', 'c', 'd']);
	expect(slots.assign(['c', 'e'], true)).toEqual([2, 0]);
	expect(slots.spare).toEqual([1, 3]);
	expect(slots.size).toBe(4);
	expect(slots.assign(['c', 'e', 'f'])).toEqual([2, 0, 1]);
	expect(slots.size).toBe(3);
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
