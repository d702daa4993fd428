import * as z from 'zod/mini';
import { CalendarMonth } from './calendar.ts';
import { documentFields } from './ledger-document.ts';
import { CurrencyCode, MinorUnits } from './money.ts';

/**
 * What may be spent in a category (and those below it) in a month. The id is computed from category and
 * month: two devices that set the same budget edit the same document.
 */
export const Budget = z.looseObject({
	...documentFields,
	type: z.literal('budget'),
	/** `null` = everything that is spent. */
	categoryId: z.nullable(z.string()),
	month: CalendarMonth,
	/** `null` = no budget for this month. */
	amountMinor: z.nullable(MinorUnits.check(z.gte(0))),
	currency: CurrencyCode,
	/** Whether what is left (or overdrawn) goes over into the next month. */
	rollover: z.boolean()
});
export type Budget = z.infer<typeof Budget>;
