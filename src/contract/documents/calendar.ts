import * as z from 'zod/mini';

/** A calendar day, `YYYY-MM-DD`: the day on the wall where the money was spent, in no time zone. */
export const CalendarDay = z.iso.date();
export type CalendarDay = z.infer<typeof CalendarDay>;

/** A calendar month, `YYYY-MM`. */
export const CalendarMonth = z.string().check(z.regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, 'month'));
export type CalendarMonth = z.infer<typeof CalendarMonth>;
