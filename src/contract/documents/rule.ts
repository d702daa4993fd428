import * as z from 'zod/mini';
import { documentFields } from './ledger-document.ts';
import { CurrencyCode, MinorUnits } from './money.ts';

/** "Always do this for such entries." The tags that it sets are fields of their own, as in a transaction. */
export const Rule = z.looseObject({
	...documentFields,
	type: z.literal('rule'),
	/** The payee it looks for, in any case; `null` = any. */
	payee: z.nullable(z.string()),
	/** Whether the payee must be just that, or have it in it. */
	match: z.enum(['exact', 'contains']),
	/** The least and the most the amount may be, in `currency`; `null` = no bound. */
	fromMinor: z.nullable(MinorUnits),
	toMinor: z.nullable(MinorUnits),
	currency: z.nullable(CurrencyCode),
	/** The category to set; `null` = leave it. */
	categoryId: z.nullable(z.string()),
	order: z.number(),
	enabled: z.boolean()
});
export type Rule = z.infer<typeof Rule>;
