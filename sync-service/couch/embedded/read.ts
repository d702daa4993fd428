import {
	findRevisionTree,
	isMissing,
	isPouchProblem,
	type Pouch,
	type StoredDocument
} from '#service/couch/embedded/pouch.ts';
import { toLatest, toLeaves } from '#service/couch/embedded/revision-tree.ts';

/** A revision, or the one that was asked for and is not there. */
export type Reading = { ok: StoredDocument } | { missing: string; reason: string };

/** The winner; `missing` where there is none, or the winner is a deletion. */
export async function readWinner(
	pouch: Pouch,
	id: string,
	options: { revs?: boolean; conflicts?: boolean }
): Promise<Reading> {
	try {
		return { ok: await pouch.get(id, options) };
	} catch (error) {
		if (!isMissing(error)) throw error;
		const reason = isPouchProblem(error) ? (error.reason ?? error.message) : 'missing';
		return { missing: '', reason: reason === 'deleted' ? 'deleted' : 'missing' };
	}
}

/**
 * The named revisions, or with `latest` the leaves that came of them, each once. To be run alone with
 * the database: a write after the history was read may compact the leaf that it named.
 *
 * Not through PouchDB's own `latest`: it ends the process over a revision that it does not know.
 */
export async function readRevisions(
	pouch: Pouch,
	id: string,
	revs: string[],
	options: { revs?: boolean; latest?: boolean }
): Promise<Reading[]> {
	const tree = await findRevisionTree(pouch, id);
	if (!tree) return revs.map(toMissingRevision);
	const wanted = revs.flatMap((rev) => {
		if (!options.latest) return [rev];
		const latest = toLatest(tree, rev);
		return latest.length ? latest : [rev];
	});
	return Promise.all(
		[...new Set(wanted)].map(async (rev): Promise<Reading> => {
			try {
				return { ok: await pouch.get(id, { rev, revs: options.revs }) };
			} catch (error) {
				if (isMissing(error)) return toMissingRevision(rev);
				throw error;
			}
		})
	);
}

/** Every leaf, deleted ones too; `undefined` where there never was a document. Alone, as above. */
export async function readLeaves(
	pouch: Pouch,
	id: string,
	options: { revs?: boolean }
): Promise<Reading[] | undefined> {
	const tree = await findRevisionTree(pouch, id);
	if (!tree) return undefined;
	return readRevisions(pouch, id, toLeaves(tree), options);
}

function toMissingRevision(rev: string): Reading {
	return { missing: rev, reason: 'missing' };
}
