import type { Account } from '#contract/documents/account.ts';
import type { Category } from '#contract/documents/category.ts';
import type { LedgerDocument } from '#contract/documents/ledger-document.ts';
import type { Preferences } from '#contract/documents/preferences.ts';
import type { Stamp } from '#contract/documents/stamp.ts';
import { VERSIONS } from '#contract/documents/versions.ts';
import { PREFERENCES_ID, ZERO_STAMP } from '#contract/documents/well-known.ts';
import {
	EVERYDAY_CATEGORIES,
	type CategoryFields,
	type StartingCategory
} from './everyday-categories.ts';
import { newDocument } from './merge.ts';

/** The account every ledger starts with. */
export const FIRST_ACCOUNT_ID = 'account:cash';

/**
 * What the app itself puts into a new ledger. Every device computes the same documents under the same
 * ids and the zero stamp, so a second device makes the same revisions and nothing is doubled; any edit by
 * a person is later than them.
 */
export function startingDocuments(): LedgerDocument[] {
	return [
		...toCategories(EVERYDAY_CATEGORIES),
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

/** Categories of the app's own, as every device makes them. */
export function toCategories(categories: readonly StartingCategory[]): Category[] {
	return categories.map(({ _id, ...fields }) => newCategory(_id, fields, ZERO_STAMP));
}

export function newCategory(id: string, fields: CategoryFields, stamp: Stamp): Category {
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
