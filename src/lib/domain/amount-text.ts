import type { CurrencyCode, MinorUnits } from '#contract/documents/money.ts';
import { minorDigits } from './currency.ts';

/** Why a text is no amount. */
export type AmountProblem =
	| 'amount-missing'
	| 'amount-not-a-number'
	| 'amount-ambiguous'
	| 'amount-too-precise'
	| 'amount-too-large'
	| 'amount-negative';

export type AmountResult =
	{ ok: true; amountMinor: MinorUnits } | { ok: false; problem: AmountProblem };

/** How a locale (or a file) writes numbers. */
export interface NumberStyle {
	decimal: '.' | ',';
}

/** A number as digits and an exponent of ten: 12.50 is `{ units: 1250n, scale: 2 }`. */
interface Decimal {
	units: bigint;
	scale: number;
}

type Parsed = { ok: true; value: Decimal } | { ok: false; problem: AmountProblem };

/**
 * Reads what a person types into an amount field: `12,50`, `1.234,50`, `1,234.50`, `1,23,456`, `١٢٫٥`
 * and sums such as `12+3*2`, in minor units. Both `.` and `,` work as the decimal sign wherever only one
 * reading is possible; `1,234` or `1.234` is read as the locale writes it, and refused as ambiguous where
 * that would leave more decimals than the currency has.
 *
 * A sum is computed exactly and rounded half away from zero once, at its end.
 */
export function parseAmount(text: string, currency: CurrencyCode, locale?: string): AmountResult {
	const plain = toPlainText(text);
	if (plain === '') return { ok: false, problem: 'amount-missing' };
	const digits = minorDigits(currency);
	const style = numberStyle(locale);
	const sum = parseSum(plain, (literal) => parseNumber(literal, style, digits));
	if (!sum.ok) return sum;
	const minor = toScale(sum.value, digits);
	if (minor < 0n) return { ok: false, problem: 'amount-negative' };
	if (minor > BigInt(Number.MAX_SAFE_INTEGER)) return { ok: false, problem: 'amount-too-large' };
	return { ok: true, amountMinor: Number(minor) };
}

/** Reads one number out of a file whose style is known; a sign is allowed, sums are not. */
export function parseSigned(
	text: string,
	currency: CurrencyCode,
	style: NumberStyle
): AmountResult {
	const plain = toPlainText(text).replace(/\s/g, '');
	const [, sign, literal = ''] = /^([+-]?)(.*)$/.exec(plain) ?? [];
	if (literal === '') return { ok: false, problem: 'amount-missing' };
	const digits = minorDigits(currency);
	const number = parseNumber(literal, style, digits);
	if (!number.ok) return number;
	const minor = toScale(number.value, digits);
	if (minor > BigInt(Number.MAX_SAFE_INTEGER)) return { ok: false, problem: 'amount-too-large' };
	return { ok: true, amountMinor: sign === '-' && minor !== 0n ? -Number(minor) : Number(minor) };
}

/** The decimal sign of a locale, `.` or `,`. */
export function numberStyle(locale?: string): NumberStyle {
	const part = new Intl.NumberFormat(locale, { numberingSystem: 'latn' })
		.formatToParts(1.5)
		.find(({ type }) => type === 'decimal');
	return { decimal: part?.value === ',' ? ',' : '.' };
}

/** An amount as a person would type it in the locale, without symbol or grouping: `12.50`, `12,50`. */
export function toInputText(
	amountMinor: MinorUnits,
	currency: CurrencyCode,
	locale?: string
): string {
	return toDecimalText(amountMinor, currency).replace('.', numberStyle(locale).decimal);
}

/** An amount as a plain decimal number, exact at any size: 1250 EUR is `12.50`. */
export function toDecimalText(amountMinor: MinorUnits, currency: CurrencyCode): string {
	const digits = minorDigits(currency);
	const sign = amountMinor < 0 ? '-' : '';
	const text = String(Math.abs(amountMinor)).padStart(digits + 1, '0');
	if (digits === 0) return sign + text;
	return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** Latin digits, `.` `,` and `+ - * /` for whatever a keyboard gives; spaces are kept. */
function toPlainText(text: string): string {
	return text
		.normalize('NFKC')
		.replace(/[\u0660-\u0669\u06F0-\u06F9\u0966-\u096F\u09E6-\u09EF]/g, toLatinDigit)
		.replace(/\u066B/g, '.')
		.replace(/[\u066C'’]/g, '')
		.replace(/[×✕]/g, '*')
		.replace(/[÷]/g, '/')
		.replace(/[−–]/g, '-')
		.trim();
}

function toLatinDigit(digit: string): string {
	const code = digit.codePointAt(0) ?? 0;
	for (const zero of [0x660, 0x6f0, 0x966, 0x9e6]) {
		if (code >= zero && code <= zero + 9) return String(code - zero);
	}
	return digit;
}

function parseNumber(literal: string, style: NumberStyle, digits: number): Parsed {
	const text = literal.replace(/\s/g, '');
	if (!/^(?=[.,]*\d)[\d.,]+$/.test(text)) return { ok: false, problem: 'amount-not-a-number' };
	const separators = text.replace(/\d/g, '');
	const last = separators.at(-1);
	if (last === undefined) return { ok: true, value: { units: BigInt(text), scale: 0 } };

	// Two kinds of separator: the last one is the decimal sign and stands once, the other one groups.
	const kinds = new Set(separators);
	if (kinds.size === 2) {
		const [whole = '', fraction = '', ...rest] = text.split(last);
		if (rest.length > 0 || !isGrouped(whole)) return { ok: false, problem: 'amount-not-a-number' };
		return toDecimal(whole, fraction, digits);
	}
	// The same separator twice can only group.
	if (separators.length > 1) {
		if (!isGrouped(text)) return { ok: false, problem: 'amount-not-a-number' };
		return toDecimal(text, '', digits);
	}
	const [whole = '', fraction = ''] = text.split(last);
	const groups = fraction.length === 3 && /^[1-9]\d{0,2}$/.test(whole);
	if (!groups) return toDecimal(whole, fraction, digits);
	// `1.234`: a thousand and more, or one and a bit? The locale decides, unless its reading is impossible.
	if (last !== style.decimal || digits === 0) return toDecimal(text, '', digits);
	if (digits >= 3) return toDecimal(whole, fraction, digits);
	return { ok: false, problem: 'amount-ambiguous' };
}

/** Groups of three, or of two before the last three as in India: `1,234,567`, `12,34,567`. */
function isGrouped(text: string): boolean {
	return /^\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*$|^\d{1,2}(?:([.,])\d{2})+\2\d{3}$|^\d+$/.test(text);
}

function toDecimal(whole: string, fraction: string, digits: number): Parsed {
	const trimmed = fraction.replace(/0+$/, '');
	if (trimmed.length > digits) return { ok: false, problem: 'amount-too-precise' };
	const units = BigInt((whole.replace(/[.,]/g, '') || '0') + trimmed);
	return { ok: true, value: { units, scale: trimmed.length } };
}

/** `a + b * c - d / e`, the usual precedence, no brackets. */
function parseSum(text: string, parseLiteral: (literal: string) => Parsed): Parsed {
	const tokens = text.split(/([+\-*/])/).map((token) => token.trim());
	// A leading sign belongs to the first number; a trailing operator is one still being typed.
	if (tokens[0] === '' && (tokens[1] === '-' || tokens[1] === '+')) tokens[0] = '0';
	while (tokens.length > 1 && tokens.at(-1) === '') tokens.splice(-2);
	const first = parseLiteral(tokens[0] ?? '');
	if (!first.ok) return first;
	let sum: Fraction = { over: 0n, under: 1n };
	let term = toFraction(first.value);
	for (let at = 1; at < tokens.length; at += 2) {
		const next = parseLiteral(tokens[at + 1] ?? '');
		if (!next.ok) return next;
		const operand = toFraction(next.value);
		const operator = tokens[at];
		if (operator === '*') term = multiply(term, operand);
		else if (operator === '/') {
			if (operand.over === 0n) return { ok: false, problem: 'amount-not-a-number' };
			term = multiply(term, { over: operand.under, under: operand.over });
		} else {
			sum = add(sum, term);
			term = operator === '-' ? { over: -operand.over, under: operand.under } : operand;
		}
	}
	const total = add(sum, term);
	// Enough digits to round once, correctly, to any currency's minor unit.
	return {
		ok: true,
		value: { units: roundedQuotient(total.over * 10n ** 9n, total.under), scale: 9 }
	};
}

interface Fraction {
	over: bigint;
	under: bigint;
}

function toFraction({ units, scale }: Decimal): Fraction {
	return { over: units, under: 10n ** BigInt(scale) };
}

function add(a: Fraction, b: Fraction): Fraction {
	return { over: a.over * b.under + b.over * a.under, under: a.under * b.under };
}

function multiply(a: Fraction, b: Fraction): Fraction {
	return { over: a.over * b.over, under: a.under * b.under };
}

function toScale({ units, scale }: Decimal, digits: number): bigint {
	return scale <= digits
		? units * 10n ** BigInt(digits - scale)
		: roundedQuotient(units, 10n ** BigInt(scale - digits));
}

/** Half away from zero. */
function roundedQuotient(over: bigint, under: bigint): bigint {
	const negative = over < 0n !== under < 0n;
	const a = over < 0n ? -over : over;
	const b = under < 0n ? -under : under;
	const quotient = (2n * a + b) / (2n * b);
	return negative ? -quotient : quotient;
}
