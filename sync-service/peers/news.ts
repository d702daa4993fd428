import * as z from 'zod';

/** How many ids one call carries at most, and one kind of them. */
export const NEWS_MOST = 1_000;
/** The largest body of a call, in bytes: so many ids at their longest. */
export const NEWS_BYTES = 256 * 1024;

/** Ids of ledgers and accounts, keys of credentials. */
const Ids = z
	.array(z.string().regex(/^[A-Za-z0-9_-]{1,128}$/))
	.max(NEWS_MOST)
	.default([]);

/** What a process tells the others. A kind that is unknown here is news for newer processes: it is left out. */
export const News = z.object({
	/** The process that tells it. */
	from: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
	/** Ledgers that were written to. */
	written: Ids,
	/** Keys of credentials that are over. */
	ended: Ids,
	/** Accounts of which everything that is believed must be asked for anew. */
	recheck: Ids,
	/** Ledgers whose rows have changed. */
	forget: Ids
});
export type News = z.infer<typeof News>;

export type NewsKind = Exclude<keyof News, 'from'>;

/** A ledger's row is forgotten before anybody is made to ask for it. */
export const NEWS_KINDS: readonly NewsKind[] = ['forget', 'ended', 'recheck', 'written'];
