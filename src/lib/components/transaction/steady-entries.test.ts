import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Entry } from '#lib/domain/ledger/entry.ts';
import { takeOver } from './steady-entries.svelte.ts';

function entries(...days: number[]): Entry[] {
	return [...days]
		.sort((a, b) => b - a)
		.map((day) => ({ _id: `transaction:${day}`, spentOn: String(day).padStart(4, '0') }) as Entry);
}

test('one new entry among many is taken over at once', () => {
	const drawn = entries(1, 2, 3);
	const wanted = entries(1, 2, 3, 4);
	expect(takeOver(drawn, wanted, 2)).toEqual({ drawn: wanted, isAll: true });
});

test('many new entries come from the top, and what stood there moves down', () => {
	const { drawn, isAll } = takeOver(entries(1, 2), entries(1, 2, 7, 8, 9), 2);
	expect(isAll).toBe(false);
	expect(drawn).toEqual(entries(1, 2, 8, 9));
});

test('whatever is drawn, a few steps lead to what is wanted, in order and each entry once', () => {
	const days = fc.uniqueArray(fc.nat({ max: 60 }), { maxLength: 40 });
	fc.assert(
		fc.property(days, days, fc.integer({ min: 1, max: 9 }), (from, to, most) => {
			const wanted = entries(...to);
			let drawn: readonly Entry[] = entries(...from);
			for (let steps = 0; ; steps++) {
				expect(steps).toBeLessThanOrEqual(Math.ceil(to.length / most));
				const before = new Set(drawn.map(({ _id }) => _id));
				const next = takeOver(drawn, wanted, most);
				drawn = next.drawn;
				expect(drawn.filter(({ _id }) => !before.has(_id)).length).toBeLessThanOrEqual(most);
				expect(drawn.map(({ spentOn }) => spentOn)).toEqual(
					[...new Set(drawn.map(({ spentOn }) => spentOn))].sort().reverse()
				);
				if (next.isAll) break;
			}
			expect(drawn).toEqual(wanted);
		})
	);
});
