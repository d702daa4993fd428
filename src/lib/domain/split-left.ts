import type { MinorUnits } from '#contract/documents/money.ts';
import { parseAmount, toInputText } from './amount-text.ts';
import type { SplitWhole } from './split-draft.ts';

/**
 * What of the whole is in no part yet, in minor units; below zero = the parts are more than the whole. A
 * part with nothing in it counts as nothing. `undefined` = an amount cannot be read.
 */
export function leftToSplit(
	{ amount, currency, splits }: SplitWhole,
	locale?: string
): MinorUnits | undefined {
	const whole = parseAmount(amount, currency, locale);
	if (!whole.ok) return undefined;
	let left = whole.amountMinor;
	for (const part of splits) {
		if (part.amount.trim() === '') continue;
		const read = parseAmount(part.amount, currency, locale);
		if (!read.ok) return undefined;
		left -= read.amountMinor;
	}
	return left;
}

/** The last part's amount with what is left put into it; `undefined` = that is not possible. */
export function lastWithTheRest(whole: SplitWhole, locale?: string): string | undefined {
	const left = leftToSplit(whole, locale);
	const last = whole.splits.at(-1);
	if (left === undefined || left === 0 || !last) return undefined;
	const read = parseAmount(last.amount, whole.currency, locale);
	const amountMinor = (read.ok ? read.amountMinor : 0) + left;
	return amountMinor < 0 ? undefined : toInputText(amountMinor, whole.currency, locale);
}
