import * as z from 'zod/mini';

/** An ISO 4217 code: three capital letters. Whether the currency exists is the domain's question. */
export const CurrencyCode = z.string().check(z.regex(/^[A-Z]{3}$/, 'currency'));
export type CurrencyCode = z.infer<typeof CurrencyCode>;

/** An amount in the currency's minor units (cents, paise, yen): an integer that a double holds exactly. */
export const MinorUnits = z
	.int()
	.check(z.gte(-9_007_199_254_740_991), z.lte(9_007_199_254_740_991));
export type MinorUnits = z.infer<typeof MinorUnits>;
