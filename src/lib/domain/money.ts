import type { CurrencyCode, MinorUnits } from '#contract/documents/money.ts';
import { toDecimalText } from './amount-text.ts';
import { minorDigits } from './currency.ts';

/**
 * The sum of two amounts of one currency.
 *
 * @throws RangeError beyond what a double holds exactly (9·10¹⁵): a wrong sum is worse than none.
 */
export function addMinor(a: MinorUnits, b: MinorUnits): MinorUnits {
	const sum = a + b;
	if (!Number.isSafeInteger(sum)) throw new RangeError(`The sum of ${a} and ${b} is not exact`);
	return sum;
}

/** An amount in a person's language, exact at any size: `€12.50`, `12,50 €`, `₹ 1,23,456.00`. */
export function formatMoney(
	amountMinor: MinorUnits,
	currency: CurrencyCode,
	locale?: string
): string {
	// A decimal text is formatted digit by digit; a number would be rounded to a double first.
	return formatter(currency, locale).format(toDecimalText(amountMinor, currency) as `${number}`);
}

/** The same in its parts, so that the symbol can be set smaller than the digits. */
export interface MoneyParts {
	readonly symbol: string;
	readonly digits: string;
	readonly symbolFirst: boolean;
	readonly negative: boolean;
}

/** The parts of late: a list that is drawn again asks for the same amounts. */
const known = new Map<string, MoneyParts>();
const KNOWN = 500;

export function formatMoneyParts(
	amountMinor: MinorUnits,
	currency: CurrencyCode,
	locale?: string
): MoneyParts {
	const key = `${amountMinor} ${currency} ${locale ?? ''}`;
	let parts = known.get(key);
	if (!parts) {
		parts = toParts(amountMinor, currency, locale);
		if (known.size >= KNOWN) known.clear();
		known.set(key, parts);
	}
	return parts;
}

function toParts(
	amountMinor: MinorUnits,
	currency: CurrencyCode,
	locale: string | undefined
): MoneyParts {
	const parts = formatter(currency, locale).formatToParts(
		toDecimalText(Math.abs(amountMinor), currency) as `${number}`
	);
	const symbolAt = parts.findIndex(({ type }) => type === 'currency');
	return {
		symbol: parts[symbolAt]?.value ?? currency,
		digits: parts
			.filter(({ type }) => ['integer', 'group', 'decimal', 'fraction'].includes(type))
			.map(({ value }) => value)
			.join(''),
		symbolFirst: symbolAt <= parts.findIndex(({ type }) => type === 'integer'),
		negative: amountMinor < 0
	};
}

const formatters = new Map<string, Intl.NumberFormat>();

function formatter(currency: CurrencyCode, locale: string | undefined): Intl.NumberFormat {
	const key = `${locale ?? ''} ${currency}`;
	let format = formatters.get(key);
	if (!format) {
		const digits = minorDigits(currency);
		format = new Intl.NumberFormat(locale, {
			style: 'currency',
			currency,
			currencyDisplay: 'narrowSymbol',
			minimumFractionDigits: digits,
			maximumFractionDigits: digits
		});
		formatters.set(key, format);
	}
	return format;
}
