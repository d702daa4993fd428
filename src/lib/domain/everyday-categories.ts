import type { Category } from '#contract/documents/category.ts';

/** What a category of the app's own says. */
export type CategoryFields = Pick<Category, 'name' | 'parentId' | 'icon' | 'colour' | 'order'>;

/** One with its computed id. */
export type StartingCategory = CategoryFields & Pick<Category, '_id'>;

const CATEGORIES: readonly [key: string, name: string, icon: string, colour: number][] = [
	['food', 'Food', 'utensils', 1],
	['groceries', 'Groceries', 'shopping-basket', 2],
	['transport', 'Transport', 'bus', 3],
	['home', 'Home', 'house', 4],
	['health', 'Health', 'heart-pulse', 5],
	['shopping', 'Shopping', 'shopping-bag', 6],
	['leisure', 'Leisure', 'party-popper', 7],
	['education', 'Education', 'book-open', 8],
	['gifts', 'Gifts', 'gift', 0],
	['salary', 'Salary', 'banknote', 0],
	['other', 'Other', 'circle-dot', 0]
];

/** The categories that every ledger starts with. More of the app's own: `category-sets.ts`. */
export const EVERYDAY_CATEGORIES: readonly StartingCategory[] = CATEGORIES.map(
	([key, name, icon, colour], order) => ({
		_id: `category:${key}`,
		name,
		parentId: null,
		icon,
		colour,
		order
	})
);
