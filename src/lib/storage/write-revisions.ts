import type { LocalDatabase, StoredDocument } from './open-database.ts';

/**
 * Writes documents under the revisions they already have, all of them or none.
 *
 * @throws when the database would not take one.
 */
export async function writeRevisions(
	database: LocalDatabase,
	documents: readonly StoredDocument[]
): Promise<void> {
	// Of a document that is written well the database says nothing.
	const failures = (await database.bulkDocs([...documents], { new_edits: false })) as unknown[];
	const [failure] = failures;
	if (failure === undefined) return;
	throw new Error('The device would not take a revision', { cause: failure });
}
