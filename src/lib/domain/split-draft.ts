import type { CurrencyCode, MinorUnits } from '#contract/documents/money.ts';
import type { Split } from '#contract/documents/transaction.ts';
import { parseAmount, toInputText, type AmountProblem } from './amount-text.ts';

/** One part of an entry as a form holds it. */
export interface SplitDraft {
	categoryId: string | null;
	/** As it was typed. */
	amount: string;
	note: string;
	/** What a newer app wrote beside: it goes along. */
	rest: Record<string, unknown>;
}

export type SplitProblem = AmountProblem | 'parts-not-the-whole';

/** What the parts are of, as far as they ask. */
export interface SplitWhole {
	amount: string;
	currency: CurrencyCode;
	splits: readonly SplitDraft[];
}

export function emptySplit(categoryId: string | null = null, amount = ''): SplitDraft {
	return { categoryId, amount, note: '', rest: {} };
}

export function splitDraftOf(split: Split, currency: CurrencyCode, locale?: string): SplitDraft {
	const { categoryId, amountMinor, note, ...rest } = split;
	return { categoryId, amount: toInputText(amountMinor, currency, locale), note, rest };
}

/**
 * The parts, or what is wrong with them.
 *
 * @param wholeMinor what they have to add up to; `undefined` = that cannot be read itself.
 */
export function readSplits(
	{ currency, splits }: SplitWhole,
	wholeMinor: MinorUnits | undefined,
	locale?: string
): Split[] | { problems: { field: 'splits'; part?: number; problem: SplitProblem }[] } {
	const problems: { field: 'splits'; part?: number; problem: SplitProblem }[] = [];
	const parts: Split[] = [];
	for (const [part, { categoryId, amount, note, rest }] of splits.entries()) {
		const read = parseAmount(amount, currency, locale);
		if (read.ok)
			parts.push({ ...rest, categoryId, amountMinor: read.amountMinor, note: note.trim() });
		else problems.push({ field: 'splits', part, problem: read.problem });
	}
	if (problems.length > 0) return { problems };
	const sum = parts.reduce((total, { amountMinor }) => total + amountMinor, 0);
	if (parts.length > 0 && wholeMinor !== undefined && sum !== wholeMinor) {
		return { problems: [{ field: 'splits', problem: 'parts-not-the-whole' }] };
	}
	return parts;
}
