import { expect, test } from 'vitest';
import { columnsOf } from '#tests/support/columns-of.ts';
import { categoryHabits, type Moment } from './category-habits.ts';

const MOMENT: Moment = { kind: 'expense', payee: '', minute: 8 * 60, offset: 0 };

/** Categories by weight, the heaviest first. */
function order(moment: Partial<Moment>, ...entries: Parameters<typeof columnsOf>) {
	const habits = categoryHabits(columnsOf(...entries), { ...MOMENT, ...moment });
	return [...habits].sort(([, a], [, b]) => b.weight - a.weight).map(([id]) => id);
}

const COFFEE = { categoryId: 'food', payee: 'Bakery', spentTime: '08:10:00' };
const DINNER = { categoryId: 'leisure', payee: 'Bistro', spentTime: '19:30:00' };

test('what is used at this hour comes first', () => {
	expect(order({}, COFFEE, DINNER, DINNER)).toEqual(['food', 'leisure']);
	expect(order({ minute: 20 * 60 }, COFFEE, COFFEE, DINNER)).toEqual(['leisure', 'food']);
});

test('the hour before midnight is near the one after it', () => {
	const late = { categoryId: 'leisure', spentTime: '23:50:00' };
	const noon = { categoryId: 'food', spentTime: '12:00:00' };
	expect(order({ minute: 10 }, noon, noon, late)).toEqual(['leisure', 'food']);
});

test('what was chosen for this payee comes before everything else', () => {
	expect(order({ payee: 'Bistro' }, COFFEE, COFFEE, COFFEE, DINNER)).toEqual(['leisure', 'food']);
});

test('an entry without a time counts at the hour it was typed, on the wall', () => {
	const typed = `${String(Date.UTC(2026, 10, 22, 6, 30)).padStart(15, '0')}-0000-abcdefghij`;
	const early = { categoryId: 'food', madeAt: typed };
	const imported = { categoryId: 'leisure', madeAt: typed, operationId: 'operation:1' };
	expect(order({ offset: 60 }, early, imported, imported)).toEqual(['food', 'leisure']);
	expect(order({ offset: -600 }, early, imported, imported)).toEqual(['leisure', 'food']);
});

test('what was done of late counts more than what was done long ago', () => {
	const before = Array.from({ length: 130 }, () => ({ ...COFFEE, spentOn: '2024-01-01' }));
	const lately = Array.from({ length: 100 }, () => ({ ...COFFEE, categoryId: 'new' }));
	expect(order({}, ...before, ...lately)).toEqual(['new', 'food']);
});

test('it can be explained', () => {
	const columns = columnsOf(COFFEE, COFFEE, { ...COFFEE, payee: 'Kiosk' }, DINNER, {
		...COFFEE,
		kind: 'income'
	});
	const habits = categoryHabits(columns, { ...MOMENT, payee: 'Bakery' });
	expect(habits.get('food')).toMatchObject({ uses: 3, withPayee: 2, atThisHour: 3 });
	expect(habits.get('leisure')).toMatchObject({ uses: 1, withPayee: 0, atThisHour: 0 });
});
