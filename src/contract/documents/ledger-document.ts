import * as z from 'zod/mini';
import { Stamp } from './stamp.ts';

/** A value that a later edit took the place of, kept so that it can be brought back. */
export const PastValue = z.looseObject({
	/** The group's name: the key under which `stamps` holds its stamp. */
	field: z.string(),
	/** The fields of the group, as they were. A field that was absent is absent here. */
	value: z.record(z.string(), z.unknown()),
	stamp: Stamp,
	/** Of a value that an undo had put back: the stamp that it had before. */
	origin: z.optional(Stamp)
});
export type PastValue = z.infer<typeof PastValue>;

/** An instant as ISO 8601 in UTC, for example `2026-11-22T17:11:00.000Z`. */
export const Instant = z.iso.datetime();
export type Instant = z.infer<typeof Instant>;

/**
 * What every document of a ledger has. `_id` is `<type>:<random>` or `<type>:<hash>` and holds no
 * editable fact. Documents are flat; schemas are loose, so that fields of a newer version survive
 * parse, merge and save in an older app.
 */
export const documentFields = {
	_id: z.string(),
	_rev: z.optional(z.string()),
	/** The version of the document's shape. A device that knows only lower ones must not write it. */
	version: z.int().check(z.gte(1)),
	/** Group name → the stamp of its last edit. */
	stamps: z.record(z.string(), Stamp),
	/** Past values, latest stamp first, capped. Absent = none. */
	history: z.optional(z.array(PastValue)),
	/** Since when the entry is in the trash; `null` = it is not. Deleting is an edit like any other. */
	deletedAt: z.nullable(Instant),
	/** All fields as they were at the last restore: see `restored`. */
	kept: z.optional(z.record(z.string(), z.unknown())),
	/** Of groups whose value an undo put back: the stamp that the value had before. */
	origins: z.optional(z.record(z.string(), Stamp)),
	/** When the document was last taken out of the trash: an earlier trash can no longer purge it. */
	restored: z.optional(Stamp),
	/** Of a restored document that had been purged elsewhere: the stamps up to which values are gone. */
	erased: z.optional(z.record(z.string(), Stamp))
};

/** The least that can be said of any document of a ledger, whatever its type and version. */
export const LedgerDocument = z.looseObject({ ...documentFields, type: z.string() });
export type LedgerDocument = z.infer<typeof LedgerDocument>;
