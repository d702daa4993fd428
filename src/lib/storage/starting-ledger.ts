import { PREFERENCES_ID } from '#contract/documents/well-known.ts';
import { startingDocuments } from '#lib/domain/starting-documents.ts';
import { isMissing, type LocalDatabase } from './open-database.ts';

/**
 * Puts the starting categories, account and preferences into a database that has never had them.
 *
 * @returns whether it had never had them.
 */
export async function writeStartingDocuments(database: LocalDatabase): Promise<boolean> {
	try {
		await database.get(PREFERENCES_ID);
		return false;
	} catch (error) {
		if (!isMissing(error)) throw error;
		// One transaction of the database: all of them or none. Those that another tab or replication
		// wrote meanwhile answer with a conflict and are left as they are.
		await database.bulkDocs(startingDocuments());
		return true;
	}
}
