import { expect, test } from 'vitest';
import { guessCurrency } from './currency.ts';

test.each([
	['en-IN', 'Europe/Berlin', 'INR'],
	['de-CH', undefined, 'CHF'],
	['hi', 'Asia/Calcutta', 'INR'],
	['en', 'Europe/Berlin', 'EUR'],
	['en', 'Asia/Tokyo', 'JPY'],
	['ja', 'UTC', 'JPY'],
	['en', 'Etc/Unknown', 'USD'],
	['C', 'Asia/Calcutta', 'INR'],
	['C', undefined, 'USD'],
	[undefined, undefined, 'USD']
])('%s at %s: %s', (locale, timeZone, currency) => {
	expect(guessCurrency(locale, timeZone)).toBe(currency);
});
