import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toDecimalText } from '#lib/domain/amount-text.ts';
import { minorDigits } from '#lib/domain/currency.ts';
import { amountTest } from './digit-search.ts';

const amount = fc.oneof(
	fc.integer({ min: 0, max: 2_000 }),
	fc.integer({ min: 0, max: 10_000_000 }),
	fc.maxSafeNat(),
	fc.constantFrom(0, 1, 100, 100_100, Number.MAX_SAFE_INTEGER)
);
const currency = fc.constantFrom('EUR', 'JPY', 'KWD', 'CLF');

test('searching an amount by arithmetic finds what searching its text finds', () => {
	fc.assert(
		fc.property(amount, currency, fc.nat(20), fc.nat(20), (amountMinor, currency, from, length) => {
			const text = toDecimalText(amountMinor, currency);
			const word = text.slice(from % text.length, (from % text.length) + 1 + length);
			expect(amountTest(word)?.(amountMinor, minorDigits(currency))).toBe(true);
		}),
		{ numRuns: 2000 }
	);
	const word = fc.oneof(fc.stringMatching(/^\d{1,4}$/), fc.stringMatching(/^\d{0,3}\.\d{0,3}$/));
	fc.assert(
		fc.property(amount, currency, word, (amountMinor, currency, word) => {
			const held = toDecimalText(amountMinor, currency).includes(word);
			expect(amountTest(word)?.(amountMinor, minorDigits(currency))).toBe(held);
		}),
		{ numRuns: 5000 }
	);
});

test('what is no number is in no amount', () => {
	for (const word of ['tea', '1,5', '1.2.3', '-5', '12345678901234567']) {
		expect(amountTest(word)).toBe(undefined);
	}
});
