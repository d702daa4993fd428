import type { Stamp } from '#contract/documents/stamp.ts';
import { undoStep } from '#lib/domain/undo.ts';
import type { KnownDocument } from './document-codec.ts';
import type { DocumentWriter } from './document-writer.ts';

/** The documents of a step, in two lots. */
export interface WrittenDocuments {
	/** Those that still have something of the step's. */
	ids: string[];
	/** Those of which something was changed since, or that others have come to need: that stays. */
	changedSince: string[];
}

/**
 * Finds what a step wrote and what of it can be taken back. Categories and accounts that the step made
 * stay as long as an entry that stays uses them.
 *
 * @param ids where to look; `null` = everywhere.
 */
export async function findWritten(
	writer: DocumentWriter,
	wrote: ReadonlySet<Stamp>,
	ids: readonly string[] | null
): Promise<WrittenDocuments> {
	const entries: string[] = [];
	const shelves = new Map<string, KnownDocument>();
	const changedSince = new Set<string>();
	const used = new Set<string>();
	for await (const decoded of ids ? writer.readMany(ids) : writer.readAll()) {
		if (decoded.state !== 'known' || decoded.document.type === 'operation') continue;
		const { document } = decoded;
		const undo = undoStep(document, wrote, NOW);
		const goes = undo.state === 'undo' && undo.edit.changes.deletedAt === NOW;
		if (!goes && document.deletedAt === null)
			for (const id of usedBy(document)) if (id) used.add(id);
		if (undo.state === 'changed-since') changedSince.add(document._id);
		if (undo.state !== 'undo') continue;
		if (undo.changedSince) changedSince.add(document._id);
		if (goes && (document.type === 'category' || document.type === 'account')) {
			shelves.set(document._id, document);
		} else entries.push(document._id);
	}
	// A category in use keeps the one above it.
	for (const [id, shelf] of shelves) {
		if (used.has(id) && shelf.type === 'category' && shelf.parentId) used.add(shelf.parentId);
	}
	for (const id of shelves.keys()) {
		if (used.has(id)) changedSince.add(id);
		else entries.push(id);
	}
	return { ids: entries, changedSince: [...changedSince] };
}

/** What an undo would put something into the trash with, if it were carried out. */
const NOW = 'now';

function usedBy(document: KnownDocument): (string | null)[] {
	switch (document.type) {
		case 'transaction':
		case 'recurring-rule':
			return [
				document.categoryId,
				document.accountId,
				document.toAccountId,
				...document.splits.map(({ categoryId }) => categoryId)
			];
		case 'category':
			return [document.parentId];
		case 'budget':
		case 'rule':
			return [document.categoryId];
		default:
			return [];
	}
}
