import type { Account } from '#contract/documents/account.ts';
import type { Category } from '#contract/documents/category.ts';
import type { LedgerDocument } from '#contract/documents/ledger-document.ts';
import type { Preferences } from '#contract/documents/preferences.ts';
import type { Stamp } from '#contract/documents/stamp.ts';
import { VERSIONS } from '#contract/documents/versions.ts';
import { PREFERENCES_ID, ZERO_STAMP } from '#contract/documents/well-known.ts';
import { newDocument } from './merge.ts';

/** The account every ledger starts with. */
export const FIRST_ACCOUNT_ID = 'account:cash';

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

/**
 * What the app itself puts into a new ledger. Every device computes the same documents under the same
 * ids and the zero stamp, so a second device makes the same revisions and nothing is doubled; any edit by
 * a person is later than them.
 */
export function startingDocuments(): LedgerDocument[] {
	return [
		...CATEGORIES.map(([key, name, icon, colour], order) =>
			newCategory(`category:${key}`, { name, icon, colour, order, parentId: null }, ZERO_STAMP)
		),
		newAccount(FIRST_ACCOUNT_ID, { name: 'Cash', kind: 'cash', order: 0 }, ZERO_STAMP),
		newDocument<Preferences>(
			{
				_id: PREFERENCES_ID,
				type: 'preferences',
				version: VERSIONS.preferences,
				deletedAt: null,
				currency: null
			},
			ZERO_STAMP
		)
	];
}

export function newCategory(
	id: string,
	fields: Pick<Category, 'name' | 'parentId' | 'icon' | 'colour' | 'order'>,
	stamp: Stamp
): Category {
	return newDocument<Category>(
		{
			...fields,
			_id: id,
			type: 'category',
			version: VERSIONS.category,
			deletedAt: null,
			archived: false
		},
		stamp
	);
}

export function newAccount(
	id: string,
	fields: Pick<Account, 'name' | 'kind' | 'order'>,
	stamp: Stamp
): Account {
	return newDocument<Account>(
		{
			...fields,
			_id: id,
			type: 'account',
			version: VERSIONS.account,
			deletedAt: null,
			currency: null,
			openingMinor: 0,
			archived: false
		},
		stamp
	);
}
