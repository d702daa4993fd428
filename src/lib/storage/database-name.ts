/** Databases of a ledger start with this name, so that they can be told from others of the origin. */
export const DATABASE_PREFIX = 'outlay-ledger-';
/** PouchDB puts this before the name of a database of IndexedDB. */
export const POUCH_PREFIX = '_pouch_';
