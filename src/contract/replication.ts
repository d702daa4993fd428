/** What device and gateway agree on about `/sync/<ledger>`: bounds and names. */

/** The most documents in one `_bulk_get`, `_revs_diff` or `_bulk_docs`. */
export const BATCH_DOCUMENTS = 1000;
/** The largest body of one such request, in bytes. */
export const BATCH_BYTES = 8 * 1024 * 1024;
/** The largest single document a device may write, in bytes of JSON: Cloudant's limit is 1 MB. */
export const DOCUMENT_BYTES = 900_000;
/** The largest checkpoint document, in bytes. */
export const CHECKPOINT_BYTES = 8 * 1024;
/** The longest document id, in UTF-8 bytes. */
export const DOCUMENT_ID_BYTES = 512;
/** The most rows of one `_changes` answer where a limit is given. */
export const CHANGES_LIMIT = 1000;
/** The shortest heartbeat a client may ask for, in milliseconds. */
export const HEARTBEAT_MIN_MS = 10_000;

/**
 * A response header on everything under `/sync/<ledger>`: the ledger's incarnation, opaque. When it
 * differs from the one a replication began with, the replication must begin anew (the store was
 * restored, moved, or stopped uncleanly).
 */
export const INCARNATION_HEADER = 'outlay-incarnation';
