import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFilterAddress, toFilterAddress } from './filter-address.ts';
import type { EntryFilter } from './select.ts';

const text = fc
	.string({ minLength: 1, unit: 'grapheme' })
	.filter((words) => words.trim() === words);
const day = fc
	.date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
	.map((date) => date.toISOString().slice(0, 10));

const filters: fc.Arbitrary<EntryFilter> = fc
	.record(
		{
			text,
			from: day,
			to: day,
			fromMinor: fc.maxSafeNat(),
			toMinor: fc.maxSafeNat(),
			currency: fc.stringMatching(/^[A-Z]{3}$/),
			kind: fc.constantFrom('expense', 'income', 'transfer'),
			categoryId: text.filter((id) => id !== 'none'),
			accountId: text,
			tag: text,
			withReceipt: fc.constant(true)
		},
		{ requiredKeys: [] }
	)
	.chain((filter) =>
		fc.constantFrom<EntryFilter>(
			filter as EntryFilter,
			(({ categoryId: _, ...rest }) => ({ ...rest, uncategorised: true }))(filter) as EntryFilter
		)
	);

test('every filter comes back from its address', () => {
	fc.assert(
		fc.property(filters, (filter) => {
			expect(readFilterAddress(toFilterAddress(filter))).toEqual(filter);
		})
	);
});

test('the same filter has one address, and none has none', () => {
	expect(toFilterAddress({ tag: 'a', text: ' lunch ' })).toBe('text=lunch&tag=a');
	expect(toFilterAddress({ text: 'lunch', tag: 'a' })).toBe('text=lunch&tag=a');
	expect(toFilterAddress({ text: '  ' })).toBe('');
});

test.each([
	'from=2026-02-30',
	'to=yesterday',
	'least=-5',
	'most=12,50',
	'most=99999999999999999',
	'kind=gift',
	'currency=euro',
	'category=',
	'receipt=no',
	'else=1'
])('%s is left out, and the rest is read', (part) => {
	expect(readFilterAddress(`${part}&tag=a`)).toEqual({ tag: 'a' });
});
