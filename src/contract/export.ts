import * as z from 'zod/mini';

/** A document as it is stored: its revision, and whatever it holds. */
export const StoredDocument = z.looseObject({ _id: z.string(), _rev: z.string() });
export type StoredDocument = z.infer<typeof StoredDocument>;

/**
 * The answer of `GET /api/export`, written with one document to a line. Several documents of one id are the edits of
 * several devices that have not been merged yet, the one that is shown first.
 */
export const LedgerExport = z.looseObject({
	/** An instant in ISO 8601. */
	exportedAt: z.string(),
	/** The ledger's id. */
	ledger: z.string(),
	documents: z.array(StoredDocument)
});
export type LedgerExport = z.infer<typeof LedgerExport>;
