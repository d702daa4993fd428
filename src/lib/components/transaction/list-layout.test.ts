import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ListLayout } from './list-layout.ts';

const SIZES = { entry: 62, day: 40.5 };

/** A list of days with so many entries each. */
function layoutOf(days: readonly number[]): ListLayout {
	const starts = days.map((_, at) => days.slice(0, at).reduce((sum, count) => sum + count, 0));
	const count = days.reduce((sum, entries) => sum + entries, 0);
	return new ListLayout(
		Uint32Array.from({ length: count }, (_, at) => at),
		Uint32Array.from(starts),
		SIZES
	);
}

const someDays = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 30 });

test('every entry stands under the one before, and the heading of a day above its first', () => {
	fc.assert(
		fc.property(someDays, (days) => {
			const layout = layoutOf(days);
			let top = 0;
			let place = 0;
			for (const [day, entries] of days.entries()) {
				expect(layout.placesOf(day)).toEqual({ from: place, to: place + entries });
				for (let nth = 0; nth < entries; nth++, place++) {
					const size = SIZES.entry + (nth === 0 ? SIZES.day : 0);
					expect(layout.dayAt(place)).toBe(day);
					expect(layout.topOf(place)).toBe(top);
					expect(layout.placeAt(top)).toBe(place);
					expect(layout.placeAt(top + size - 1)).toBe(place);
					top += size;
					expect(layout.endOf(place)).toBe(top);
				}
			}
			expect(layout.height).toBe(top);
			expect(layout.placeAt(-100)).toBe(0);
			expect(layout.placeAt(top + 100)).toBe(place - 1);
		})
	);
});

test('an empty list has no height', () => {
	expect(layoutOf([]).height).toBe(0);
	expect(ListLayout.NONE.height).toBe(0);
});
