import type { MinorUnits } from '#contract/documents/money.ts';

/** Whether an amount, written as a plain decimal number, holds a text. */
export type AmountTest = (amountMinor: MinorUnits, digits: number) => boolean;

const TEN = Array.from({ length: 17 }, (_, power) => 10 ** power);

/**
 * A test of amounts that says what searching `toDecimalText` would, by arithmetic: writing a hundred
 * thousand amounts out takes far longer. `undefined` = no amount holds the word.
 */
export function amountTest(word: string): AmountTest | undefined {
	const [, whole = '', point, fraction = ''] = /^(\d*)(\.?)(\d*)$/.exec(word) ?? [];
	if (whole.length + fraction.length > 16 || point === undefined) return undefined;
	const wholeDigits = toDigits(whole);
	if (point === '') {
		return (amountMinor, digits) => {
			const unit = TEN[digits] ?? 1;
			const part = remainder(amountMinor, unit);
			return (
				holdsDigits((amountMinor - part) / unit, wholeDigits, 1) ||
				(digits > 0 && holdsDigits(part, wholeDigits, digits))
			);
		};
	}
	const fractionNumber = Number(fraction);
	return (amountMinor, digits) => {
		if (digits === 0 || fraction.length > digits) return false;
		const unit = TEN[digits] ?? 1;
		const part = remainder(amountMinor, unit);
		const scale = TEN[digits - fraction.length] ?? 1;
		return (
			Math.floor(part / scale) === fractionNumber &&
			(whole === '' || endsWithDigits((amountMinor - part) / unit, wholeDigits, 1))
		);
	};
}

/** A row of digits, made ready to be looked for at the end of numbers. */
interface Digits {
	length: number;
	number: number;
	/** The power of ten whose remainder has so many digits. */
	modulus: number;
	/** The least number with so many digits. */
	least: number;
}

function toDigits(text: string): Digits {
	const { length } = text;
	return {
		length,
		number: Number(text),
		modulus: TEN[length] ?? Infinity,
		least: TEN[length - 1] ?? Infinity
	};
}

/** Whether a number, written with at least `width` digits, holds the digits somewhere. */
function holdsDigits(number: number, digits: Digits, width: number): boolean {
	for (let rest = number, left = width; ; left--) {
		if (endsWithDigits(rest, digits, left)) return true;
		if (rest < 10 && left <= 1) return false;
		rest = tenth(rest);
	}
}

function endsWithDigits(number: number, digits: Digits, width: number): boolean {
	const isLongEnough = number >= digits.least || digits.length <= width || digits.length === 1;
	return isLongEnough && remainder(number, digits.modulus) === digits.number;
}

/** Nearly all amounts fit into 32 bits, where dividing is many times faster. */
const SMALL = 0x7fffffff;

function remainder(number: number, modulus: number): number {
	return number <= SMALL && modulus <= SMALL ? (number | 0) % (modulus | 0) : number % modulus;
}

function tenth(number: number): number {
	return number <= SMALL ? ((number | 0) / 10) | 0 : (number - (number % 10)) / 10;
}
