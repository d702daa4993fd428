import type { Category } from '#contract/documents/category.ts';

/** A top-level category with those below it. */
export interface CategoryGroup {
	top: Category;
	below: Category[];
}

export function groupCategories(categories: readonly Category[]): CategoryGroup[] {
	const tops = categories.filter(
		({ parentId }) => parentId === null || !categories.some(({ _id }) => _id === parentId)
	);
	return tops.map((top) => ({
		top,
		below: categories.filter(({ parentId }) => parentId === top._id)
	}));
}

/** The few categories that are used most; the ledger's first ones fill up. */
export function frequentCategories(
	categories: readonly Category[],
	uses: ReadonlyMap<string, number>,
	count: number
): Category[] {
	return categories
		.map((category) => ({ category, uses: uses.get(category._id) ?? 0 }))
		.sort((a, b) => b.uses - a.uses)
		.slice(0, count)
		.map(({ category }) => category);
}
