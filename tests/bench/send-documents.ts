import { randomBytes } from 'node:crypto';
import type { LedgerDocument } from '#contract/documents/ledger-document.ts';
import { pushDocuments, type Person } from '#tests/service/people.ts';

const BATCH = 500;

/** Sends documents as another device's replication does, in batches. */
export async function sendDocuments(person: Person, all: readonly LedgerDocument[]): Promise<void> {
	for (let at = 0; at < all.length; at += BATCH) {
		const revised = all.slice(at, at + BATCH).map((document) => {
			const hash = randomBytes(16).toString('hex');
			return { ...document, _rev: `1-${hash}`, _revisions: { start: 1, ids: [hash] } };
		});
		await pushDocuments(person, ...revised);
	}
}
