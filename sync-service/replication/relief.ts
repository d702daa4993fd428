import { makesRoom } from '#contract/documents/makes-room.ts';

/** A document in a `_bulk_docs`, as far as it is looked at. */
export interface Copy {
	_id: string;
	_rev: string;
	_revisions?: { start: number; ids: string[] };
	[field: string]: unknown;
}

/** What the store says of revisions it is asked for, by id: CouchDB's `_revs_diff`. */
export type Missing = Record<string, { missing: string[]; possible_ancestors?: string[] }>;

/**
 * Whether every one of these documents may be written to a ledger that is full: those that trash, purge or
 * remove, by their form; all others only in the place of a revision that is there, as merges and edits are.
 * What makes no document more is none too much; a new one is, and so is another branch of an old one.
 *
 * The form is all that is looked at in a document, so what is disguised as trash passes too: how much of that
 * may come is bounded by `Room`.
 */
export async function relieves(
	docs: readonly Copy[],
	askMissing: (revisions: Record<string, string[]>) => Promise<Missing>
): Promise<boolean> {
	const others = docs.filter((document) => !makesRoom(document));
	if (others.length === 0) return true;
	const revisions: Record<string, string[]> = Object.create(null);
	for (const { _id, _rev } of others) (revisions[_id] ??= []).push(_rev);
	const answer = await askMissing(revisions);
	return others.every((document) => takesAPlace(document, answer));
}

function takesAPlace({ _id, _rev, _revisions }: Copy, answer: Missing): boolean {
	const found = Object.hasOwn(answer, _id) ? answer[_id] : undefined;
	// It is there already.
	if (!found?.missing.includes(_rev)) return true;
	const { start, ids } = _revisions ?? { start: 0, ids: [] };
	const before = new Set(ids.slice(1).map((id, at) => `${start - 1 - at}-${id}`));
	return (found.possible_ancestors ?? []).some((leaf) => before.has(leaf));
}
