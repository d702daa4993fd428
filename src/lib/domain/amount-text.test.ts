import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAmount, parseSigned, toDecimalText, toInputText } from './amount-text.ts';

describe('parseAmount', () => {
	test.each([
		['12', 'EUR', 'en', 1200],
		['12,50', 'EUR', 'en', 1250],
		['12.50', 'EUR', 'de', 1250],
		['1.234,50', 'EUR', 'en', 123450],
		['1,234.50', 'EUR', 'de', 123450],
		['1,234', 'EUR', 'en', 123400],
		['1.234', 'EUR', 'de', 123400],
		['1,23,456.78', 'INR', 'en-IN', 12345678],
		['1 234,50', 'EUR', 'fr', 123450],
		["1'234.50", 'CHF', 'de-CH', 123450],
		['١٢٫٥', 'EUR', 'ar', 1250],
		['.5', 'EUR', 'en', 50],
		['5.', 'EUR', 'en', 500],
		['12+3*2', 'EUR', 'en', 1800],
		['10 / 3', 'EUR', 'en', 333],
		['20/3+20/3+20/3', 'EUR', 'en', 2000],
		['12×3−4', 'EUR', 'en', 3200],
		['12+', 'EUR', 'en', 1200],
		['0,1+0,2', 'EUR', 'de', 30],
		['100', 'JPY', 'ja', 100],
		['1.500', 'JPY', 'ja', 1500],
		['1.234', 'KWD', 'en', 1234],
		['12.50000', 'EUR', 'en', 1250],
		['90071992547409.91', 'EUR', 'en', 9007199254740991]
	])('reads %s %s in %s', (text, currency, locale, amountMinor) => {
		expect(parseAmount(text, currency, locale)).toEqual({ ok: true, amountMinor });
	});

	test.each([
		['', 'EUR', 'en', 'amount-missing'],
		['   ', 'EUR', 'en', 'amount-missing'],
		['milk', 'EUR', 'en', 'amount-not-a-number'],
		['1.2.3', 'EUR', 'en', 'amount-not-a-number'],
		['1,2,3.4,5', 'EUR', 'en', 'amount-not-a-number'],
		['12/0', 'EUR', 'en', 'amount-not-a-number'],
		['1e5', 'EUR', 'en', 'amount-not-a-number'],
		['1.234', 'EUR', 'en', 'amount-ambiguous'],
		['1,234', 'EUR', 'de', 'amount-ambiguous'],
		['0.125', 'EUR', 'en', 'amount-too-precise'],
		['12.5', 'JPY', 'ja', 'amount-too-precise'],
		['3-5', 'EUR', 'en', 'amount-negative'],
		['90071992547409.92', 'EUR', 'en', 'amount-too-large']
	])('refuses %s %s in %s', (text, currency, locale, problem) => {
		expect(parseAmount(text, currency, locale)).toEqual({ ok: false, problem });
	});

	test('what is shown for editing reads back as the same amount', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
				fc.constantFrom('EUR', 'JPY', 'KWD', 'INR'),
				fc.constantFrom('en', 'de', 'fr', 'ar', 'hi', 'ja'),
				(amountMinor, currency, locale) => {
					const text = toInputText(amountMinor, currency, locale);
					expect(parseAmount(text, currency, locale)).toEqual({ ok: true, amountMinor });
				}
			)
		);
	});
});

test('a file’s numbers are read in the file’s style', () => {
	expect(parseSigned('-110,70', 'EUR', { decimal: ',' })).toEqual({
		ok: true,
		amountMinor: -11070
	});
	expect(parseSigned('−110.7', 'EUR', { decimal: '.' })).toEqual({ ok: true, amountMinor: -11070 });
	expect(parseSigned('510.85', 'INR', { decimal: '.' })).toEqual({ ok: true, amountMinor: 51085 });
	expect(parseSigned('', 'INR', { decimal: '.' }).ok).toBe(false);
});

test('minor units as decimal text', () => {
	expect(toDecimalText(5, 'EUR')).toBe('0.05');
	expect(toDecimalText(-5, 'KWD')).toBe('-0.005');
	expect(toDecimalText(500, 'JPY')).toBe('500');
});
