import { canonicalJson } from './canonical.ts';
import type { TransactionDraft } from './draft.ts';

/**
 * A form on top of an entry that was changed elsewhere: what nobody has touched here follows, what was typed
 * stays. Of tags each is a field of its own.
 *
 * @param before the entry as the form stood on it.
 * @param after the entry as it stands now.
 */
export function rebaseDraft(
	draft: TransactionDraft,
	before: TransactionDraft,
	after: TransactionDraft
): TransactionDraft {
	const followed = Object.entries(after).filter(([name, value]) => {
		const field = name as keyof TransactionDraft;
		return !isSame(value, before[field]) && isSame(draft[field], before[field]);
	});
	const given = after.tags.filter((tag) => !before.tags.includes(tag));
	const taken = before.tags.filter((tag) => !after.tags.includes(tag));
	const kept = draft.tags.filter((tag) => !taken.includes(tag));
	return {
		...draft,
		...Object.fromEntries(followed),
		tags: [...new Set([...kept, ...given])]
	};
}

/** Whether two forms hold the same. */
export function isSame(a: unknown, b: unknown): boolean {
	return canonicalJson(a) === canonicalJson(b);
}
