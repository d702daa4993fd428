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
	if (point === '') {
		return (amountMinor, digits) => {
			const unit = TEN[digits] ?? 1;
			const part = remainder(amountMinor, unit);
			return (
				holdsDigits((amountMinor - part) / unit, whole, 1) ||
				(digits > 0 && holdsDigits(part, whole, digits))
			);
		};
	}
	return (amountMinor, digits) => {
		if (digits === 0 || fraction.length > digits) return false;
		const unit = TEN[digits] ?? 1;
		const part = remainder(amountMinor, unit);
		const scale = TEN[digits - fraction.length] ?? 1;
		return (
			Math.floor(part / scale) === Number(fraction) &&
			endsWithDigits((amountMinor - part) / unit, whole)
		);
	};
}

/** Whether a number, written with at least `width` digits, holds `digits` somewhere. */
function holdsDigits(number: number, digits: string, width: number): boolean {
	const { length } = digits;
	const wanted = Number(digits);
	const modulus = TEN[length] ?? Infinity;
	const least = TEN[length - 1] ?? Infinity;
	for (let rest = number, left = width; ; left--) {
		const isLongEnough = rest >= least || length <= left || length === 1;
		if (isLongEnough && remainder(rest, modulus) === wanted) return true;
		if (rest < 10 && left <= 1) return false;
		rest = tenth(rest);
	}
}

function endsWithDigits(number: number, digits: string): boolean {
	if (digits === '') return true;
	const isLongEnough = digits.length === 1 || number >= (TEN[digits.length - 1] ?? Infinity);
	return isLongEnough && remainder(number, TEN[digits.length] ?? Infinity) === Number(digits);
}

/** Nearly all amounts fit into 32 bits, where dividing is many times faster. */
const SMALL = 0x7fffffff;

function remainder(number: number, modulus: number): number {
	return number <= SMALL && modulus <= SMALL ? (number | 0) % (modulus | 0) : number % modulus;
}

function tenth(number: number): number {
	return number <= SMALL ? ((number | 0) / 10) | 0 : (number - (number % 10)) / 10;
}
