import * as z from 'zod/mini';
import { Instant, PastValue } from './ledger-document.ts';
import { Stamp } from './stamp.ts';

/**
 * What is left of a document that was deleted for good. Never `_deleted`: a tombstone of the database
 * would be revived by anything that is put over it, without a conflict.
 */
export const Stub = z.looseObject({
	_id: z.string(),
	_rev: z.optional(z.string()),
	type: z.string(),
	/** When it was emptied. */
	purged: Instant,
	/** Group → the stamp up to which its values are gone. A later one is an edit that came too late. */
	stamps: z.record(z.string(), Stamp),
	/** Edits that came too late, kept so that they are not lost without a trace. Absent = none. */
	history: z.optional(z.array(PastValue))
});
export type Stub = z.infer<typeof Stub>;
