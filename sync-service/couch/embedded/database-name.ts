/** The longest folder name, in bytes: file systems stop at 255, CouchDB at 238. */
const FOLDER_NAME_BYTES = 238;

/** CouchDB's rule for database names. */
export function isDatabaseName(name: string): boolean {
	return /^[a-z][a-z0-9_$()+/-]*$/.test(name) && toFolderName(name).length <= FOLDER_NAME_BYTES;
}

/** One folder per database, none inside another's: the slash is written as `%2F`. */
export function toFolderName(name: string): string {
	return encodeURIComponent(name);
}

/** The database a folder belongs to; `undefined` for a folder that is none of ours. */
export function findDatabaseName(folder: string): string | undefined {
	let name;
	try {
		name = decodeURIComponent(folder);
	} catch {
		return undefined;
	}
	return isDatabaseName(name) && toFolderName(name) === folder ? name : undefined;
}
