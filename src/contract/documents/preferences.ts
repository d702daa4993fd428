import * as z from 'zod/mini';
import { documentFields } from './ledger-document.ts';
import { CurrencyCode } from './money.ts';

/** A filter of the list under a name. */
export const SavedFilter = z.looseObject({
	name: z.string(),
	/** What the address of the list says for it. */
	query: z.string()
});
export type SavedFilter = z.infer<typeof SavedFilter>;

/**
 * What holds for the whole ledger, on every device.
 *
 * Saved filters are fields of their own, so that those which two devices save at the same time both stay:
 * `filter:<random>` with a {@link SavedFilter} (`null` = removed).
 */
export const Preferences = z.looseObject({
	...documentFields,
	type: z.literal('preferences'),
	/** The currency a new entry starts with; `null` = as the device's language and region suggest. */
	currency: z.nullable(CurrencyCode),
	/**
	 * Which of the categories that the app itself makes are offered, by their ids; absent or `null` = the top-level
	 * ones. What is used or was edited is offered in any case.
	 */
	startingCategories: z.optional(z.nullable(z.array(z.string())))
});
export type Preferences = z.infer<typeof Preferences>;
