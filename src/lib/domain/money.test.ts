import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAmount, toDecimalText } from './amount-text.ts';
import { addMinor, formatMoney } from './money.ts';

const LARGEST = Number.MAX_SAFE_INTEGER;

test('sums are exact up to 9·10¹⁵, and beyond that there is none', () => {
	fc.assert(
		fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), (a, b) => {
			const sum = BigInt(a) + BigInt(b);
			const isExact = sum <= BigInt(LARGEST) && sum >= -BigInt(LARGEST);
			if (isExact) expect(BigInt(addMinor(a, b))).toBe(sum);
			else expect(() => addMinor(a, b)).toThrow(RangeError);
		})
	);
});

test.each([
	['JPY', 9_007_199_254_740_991, '¥9,007,199,254,740,991'],
	['EUR', 9_007_199_254_740_991, '€90,071,992,547,409.91'],
	['KWD', 9_007_199_254_740_991, 'KWD 9,007,199,254,740.991'],
	['JPY', 5, '¥5'],
	['EUR', -5, '-€0.05'],
	['KWD', 5, 'KWD 0.005']
])('%s %d is written to the last digit: %s', (currency, minor, text) => {
	expect(formatMoney(minor, currency, 'en').replaceAll('\u00a0', ' ')).toBe(text);
});

test('every amount that can be kept is read back from its own digits', () => {
	fc.assert(
		fc.property(fc.nat(LARGEST), fc.constantFrom('JPY', 'EUR', 'KWD'), (minor, currency) => {
			const read = parseAmount(toDecimalText(minor, currency), currency, 'en');
			expect(read).toMatchObject({ ok: true, amountMinor: minor });
		})
	);
});
