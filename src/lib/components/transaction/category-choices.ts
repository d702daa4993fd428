import type { Category } from '#contract/documents/category.ts';
import type { CategoryHabit } from '#lib/domain/ledger/category-habits.ts';

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

/** The few categories that are likeliest; the ledger's first ones fill up. */
export function likelyCategories(
	categories: readonly Category[],
	habits: ReadonlyMap<string, CategoryHabit>,
	count: number
): Category[] {
	return categories
		.map((category) => ({ category, weight: habits.get(category._id)?.weight ?? 0 }))
		.sort((a, b) => b.weight - a.weight)
		.slice(0, count)
		.map(({ category }) => category);
}
