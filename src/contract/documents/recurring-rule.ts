import * as z from 'zod/mini';
import { CalendarDay } from './calendar.ts';
import { documentFields } from './ledger-document.ts';
import { entryFields } from './transaction.ts';

/**
 * An entry that comes again. Tags are fields of their own, as in a transaction; so are the days that are
 * left out: `skip:2026-01-31: true`.
 */
export const RecurringRule = z.looseObject({
	...documentFields,
	type: z.literal('recurring-rule'),
	...entryFields,
	/** The first day. Its day of the month is the one asked for; shorter months take their last. */
	startsOn: CalendarDay,
	unit: z.enum(['day', 'week', 'month', 'year']),
	/** Every so many units. */
	interval: z.int().check(z.gte(1)),
	/** The last day on which it can fall; `null` = no end. */
	endsOn: z.nullable(CalendarDay),
	paused: z.boolean()
});
export type RecurringRule = z.infer<typeof RecurringRule>;
