import type { Budget } from '#contract/documents/budget.ts';
import type { Stamp } from '#contract/documents/stamp.ts';
import { VERSIONS } from '#contract/documents/versions.ts';
import { computedId } from './document-id.ts';
import { newDocument } from './merge.ts';

/** A budget of a category, or of everything, in a month. Whoever sets one for the same makes the same document. */
export function newBudget(
	fields: Pick<Budget, 'categoryId' | 'month' | 'amountMinor' | 'currency' | 'rollover'>,
	stamp: Stamp
): Budget {
	return newDocument<Budget>(
		{
			...fields,
			_id: computedId('budget', fields.categoryId ?? '', fields.month),
			type: 'budget',
			version: VERSIONS.budget,
			deletedAt: null
		},
		stamp
	);
}
