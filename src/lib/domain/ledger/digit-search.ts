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
			const part = amountMinor % unit;
			return (
				holdsDigits((amountMinor - part) / unit, whole, 1) ||
				(digits > 0 && holdsDigits(part, whole, digits))
			);
		};
	}
	return (amountMinor, digits) => {
		if (digits === 0 || fraction.length > digits) return false;
		const unit = TEN[digits] ?? 1;
		const part = amountMinor % unit;
		const scale = TEN[digits - fraction.length] ?? 1;
		return (
			Math.floor(part / scale) === Number(fraction) &&
			endsWithDigits((amountMinor - part) / unit, whole, 1)
		);
	};
}

/** Whether a number, written with at least `width` digits, holds `digits` somewhere. */
function holdsDigits(number: number, digits: string, width: number): boolean {
	for (let rest = number, left = width; ; left--) {
		if (endsWithDigits(rest, digits, left)) return true;
		if (rest < 10 && left <= 1) return false;
		rest = (rest - (rest % 10)) / 10;
	}
}

function endsWithDigits(number: number, digits: string, width: number): boolean {
	const { length } = digits;
	if (length === 0) return true;
	const isLongEnough = length <= Math.max(1, width) || number >= (TEN[length - 1] ?? Infinity);
	return isLongEnough && number % (TEN[length] ?? Infinity) === Number(digits);
}
