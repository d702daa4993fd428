import * as z from 'zod/mini';
import { documentFields } from './ledger-document.ts';
import { CurrencyCode } from './money.ts';

/** What holds for the whole ledger, on every device. */
export const Preferences = z.looseObject({
	...documentFields,
	type: z.literal('preferences'),
	/** The currency a new entry starts with; `null` = as the device's language and region suggest. */
	currency: z.nullable(CurrencyCode)
});
export type Preferences = z.infer<typeof Preferences>;
