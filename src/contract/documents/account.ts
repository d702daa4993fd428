import * as z from 'zod/mini';
import { documentFields } from './ledger-document.ts';
import { CurrencyCode, MinorUnits } from './money.ts';

/** Where money sits: a purse, a bank account, a card. (What one signs in with is the *profile*.) */
export const Account = z.looseObject({
	...documentFields,
	type: z.literal('account'),
	name: z.string(),
	kind: z.enum(['cash', 'bank', 'card', 'other']),
	/** `null` = the ledger's own currency. */
	currency: z.nullable(CurrencyCode),
	openingMinor: MinorUnits,
	order: z.number(),
	archived: z.boolean()
});
export type Account = z.infer<typeof Account>;
