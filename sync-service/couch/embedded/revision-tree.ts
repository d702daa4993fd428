type Branch = [hash: string, options: { status?: string; deleted?: boolean }, children: Branch[]];

/** A document's history as PouchDB keeps it: one root, or several after replication from afar. */
export type RevisionTree = { pos: number; ids: Branch }[];

interface Revision {
	rev: string;
	generation: number;
	parent: string | undefined;
	isLeaf: boolean;
	isDeleted: boolean;
}

/** Every revision of the tree, by its `_rev`; parents before children. */
export function toRevisions(tree: RevisionTree): Map<string, Revision> {
	const revisions = new Map<string, Revision>();
	const open = tree.map(({ pos, ids }) => ({ generation: pos, branch: ids, parent: '' }));
	// The list grows while it is walked.
	for (const { generation, branch, parent } of open) {
		const [hash, options, children] = branch;
		const rev = `${generation}-${hash}`;
		revisions.set(rev, {
			rev,
			generation,
			parent: parent || undefined,
			isLeaf: children.length === 0,
			isDeleted: options.deleted === true
		});
		for (const child of children) {
			open.push({ generation: generation + 1, branch: child, parent: rev });
		}
	}
	return revisions;
}

/** All leaves, deleted ones included, the winner first by CouchDB's rule: not deleted, longest, greatest hash. */
export function toLeaves(tree: RevisionTree): string[] {
	return [...toRevisions(tree).values()]
		.filter(({ isLeaf }) => isLeaf)
		.sort(
			(a, b) =>
				Number(a.isDeleted) - Number(b.isDeleted) ||
				b.generation - a.generation ||
				(a.rev < b.rev ? 1 : -1)
		)
		.map(({ rev }) => rev);
}

/** The leaves that came of `rev`: itself when nothing did, none when the tree never held it. */
export function toLatest(tree: RevisionTree, rev: string): string[] {
	const revisions = toRevisions(tree);
	if (!revisions.has(rev)) return [];
	return toLeaves(tree).filter((leaf) => {
		let at: string | undefined = leaf;
		while (at !== undefined && at !== rev) at = revisions.get(at)?.parent;
		return at === rev;
	});
}

/** Which of `revs` the tree never held, and the leaves that one of them may descend from. */
export function toMissing(
	tree: RevisionTree | undefined,
	revs: string[]
): { missing: string[]; possibleAncestors: string[] } {
	const revisions = toRevisions(tree ?? []);
	const missing = revs.filter((rev) => !revisions.has(rev));
	const newest = Math.max(0, ...missing.map((rev) => Number.parseInt(rev, 10)));
	const possibleAncestors = [...revisions.values()]
		.filter(({ isLeaf, generation }) => isLeaf && generation < newest)
		.map(({ rev }) => rev);
	return { missing, possibleAncestors };
}
