import type { Account } from '#contract/documents/account.ts';
import type { Category } from '#contract/documents/category.ts';

/** Where a query looks categories up, archived ones included. */
export interface Categories {
	category(id: string | null): Pick<Category, 'name' | 'parentId'> | undefined;
}

/** Where a query looks names up. */
export interface Names extends Categories {
	account(id: string | null): Pick<Account, 'name'> | undefined;
}

/** The top-level category that a category belongs to: its parent or itself. */
export function topOf(categoryId: string | null, categories: Categories): string | null {
	return categories.category(categoryId)?.parentId ?? categoryId;
}
