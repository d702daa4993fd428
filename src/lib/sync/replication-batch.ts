/** Fewer, larger requests than PouchDB's own: replication is latency times requests. */
export const BATCH = { batch_size: 500, batches_limit: 4 };
