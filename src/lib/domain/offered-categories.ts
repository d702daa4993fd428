import type { Category } from '#contract/documents/category.ts';
import { isComputed, latestStamp } from './stamp.ts';

/**
 * The categories that a person can choose from. Of those that the app itself made, a set may have been chosen: the
 * others are left out as long as nobody uses them and nobody has edited them. Nothing is written for it, so that
 * two devices that know the same offer the same, whatever either did before.
 *
 * @param chosen the ids of the set; `null` or `undefined` = the top-level ones.
 * @param used the ids of categories in use; asked for only where it matters.
 */
export function offeredCategories(
	categories: readonly Category[],
	chosen: readonly string[] | null | undefined,
	used: () => readonly string[]
): readonly Category[] {
	const waiting = categories.filter(
		({ _id, parentId, stamps }) =>
			isComputed(latestStamp(stamps)) && !(chosen ? chosen.includes(_id) : parentId === null)
	);
	if (waiting.length === 0) return categories;
	const inUse = new Set(used());
	const left = new Set(waiting.filter(({ _id }) => !inUse.has(_id)));
	const parents = new Set(
		categories.filter((category) => !left.has(category)).map(({ parentId }) => parentId)
	);
	return categories.filter((category) => !left.has(category) || parents.has(category._id));
}
