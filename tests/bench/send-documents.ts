import { randomBytes } from 'node:crypto';
import type { LedgerDocument } from '#contract/documents/ledger-document.ts';
import type { Transaction } from '#contract/documents/transaction.ts';
import { pushDocuments, signUp, type Person } from '#tests/service/people.ts';
import { generateLargeLedger } from '#tests/support/large-ledger.ts';

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

/** Somebody new with a made-up ledger in the cloud. @returns them, and their transactions. */
export async function signUpWithLedger(
	url: string,
	entries: number
): Promise<{ person: Person; transactions: Transaction[] }> {
	const person = await signUp(url);
	const { categories, accounts, transactions } = generateLargeLedger(entries);
	await sendDocuments(person, [...categories, ...accounts, ...transactions]);
	return { person, transactions };
}
