import type { LocalDatabase } from './open-database.ts';

/** The id that PouchDB gave a database when it was made: of two databases under one name, they differ. */
export function readDatabaseId(database: LocalDatabase): Promise<string> {
	// Public, and missing in the types.
	return (database as LocalDatabase & { id(): Promise<string> }).id();
}
