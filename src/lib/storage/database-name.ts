/** Databases of a ledger start with this name, so that they can be told from others of the origin. */
export const DATABASE_PREFIX = 'outlay-ledger-';
