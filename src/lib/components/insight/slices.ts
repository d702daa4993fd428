import type { Category } from '#contract/documents/category.ts';
import { addMinor } from '#lib/domain/money.ts';
import type { CategorySum } from '#lib/domain/ledger/category-spending.ts';
import * as m from '#messages';

/** One category's part of the spending, with a colour no other part of the same picture has. */
export interface Slice {
	key: string;
	category: Category | undefined;
	name: string;
	amountMinor: number;
	/** 1–8, or 0 for what has no colour of its own. */
	series: number;
}

const SERIES = 8;

/**
 * The spending in at most eight coloured parts; what comes after them is one part, "5 others". A category keeps its own
 * colour unless a larger part has it already.
 */
export function toSlices(
	spending: readonly CategorySum[],
	find: (id: string | null) => Category | undefined
): Slice[] {
	const free = new Set(Array.from({ length: SERIES }, (_, index) => index + 1));
	const shown = spending.length > SERIES + 1 ? spending.slice(0, SERIES) : spending;
	const rest = spending.slice(shown.length);
	const slices = shown.map(({ categoryId, amountMinor }): Slice => {
		const category = find(categoryId);
		const name =
			category?.name ??
			(categoryId === null ? m.common_no_category() : m.common_removed_category());
		return {
			key: categoryId ?? 'none',
			category,
			name,
			amountMinor,
			series: category?.colour ?? 0
		};
	});
	for (const slice of slices) if (!free.delete(slice.series)) slice.series = 0;
	for (const slice of slices) {
		if (slice.series > 0 || !slice.category) continue;
		const [next = 0] = free;
		free.delete(next);
		slice.series = next;
	}
	if (rest.length > 0) {
		const amountMinor = rest.reduce((sum, part) => addMinor(sum, part.amountMinor), 0);
		const name = `${rest.length} others`;
		slices.push({ key: 'others', category: undefined, name, amountMinor, series: 0 });
	}
	return slices;
}

const percent = new Intl.NumberFormat(undefined, { style: 'percent' });

/** A part of the whole in a person's language: "12 %", "< 1 %". */
export function shareText(part: number, whole: number): string {
	if (whole <= 0) return '';
	const share = part / whole;
	return share > 0 && share < 0.01 ? `< ${percent.format(0.01)}` : percent.format(share);
}
