import type { Operation } from '#contract/documents/operation.ts';
import type { Stamp } from '#contract/documents/stamp.ts';
import { VERSIONS } from '#contract/documents/versions.ts';
import { newDocument } from './merge.ts';

/** The name and the stamp of one deliberate step that writes many documents, before it has written any. */
export interface NewOperation {
	/** `operation:<random>`; what the step made carries it. */
	id: string;
	/** The stamp of every field that the step writes. */
	stamp: Stamp;
}

/** What a step wrote, as far as taking it back needs to know. */
export interface Step {
	/** The stamps of all fields that it wrote. */
	wrote: readonly Stamp[];
	/** The documents that it wrote; `null` = they are found by the stamps. */
	ids: readonly string[] | null;
}

/** How many documents an operation lists; those of a larger one are found by its stamps. */
export const LISTED_IDS = 1000;

/** The document that makes a step known to every device. */
export function newOperation(
	{ id, stamp }: NewOperation,
	facts: Pick<Operation, 'kind' | 'label' | 'entries' | 'undoes'> & {
		ids: readonly string[] | null;
	}
): Operation {
	const { ids, ...others } = facts;
	return newDocument<Operation>(
		{
			...others,
			_id: id,
			type: 'operation',
			version: VERSIONS.operation,
			deletedAt: null,
			wrote: [stamp],
			ids: ids && ids.length <= LISTED_IDS ? [...ids] : null,
			undoneBy: null
		},
		stamp
	);
}
