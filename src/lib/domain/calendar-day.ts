import type { CalendarDay } from '#contract/documents/calendar.ts';

const SHAPE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The day on the wall where this device is. */
export function today(now: Date = new Date()): CalendarDay {
	return toDay(now.getFullYear(), now.getMonth() + 1, now.getDate()) ?? '1970-01-01';
}

/** A day from its parts, `month` from 1; `undefined` where the calendar has no such day. */
export function toDay(year: number, month: number, day: number): CalendarDay | undefined {
	if (year < 1 || year > 9999) return undefined;
	const date = new Date(0);
	date.setUTCFullYear(year, month - 1, day);
	if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
	return date.toISOString().slice(0, 10);
}

/** Whether the text is a day that exists. */
export function isDay(text: string): text is CalendarDay {
	const match = SHAPE.exec(text);
	return match !== null && toDay(Number(match[1]), Number(match[2]), Number(match[3])) === text;
}

/** The day `days` later (or earlier, if negative). */
export function addDays(day: CalendarDay, days: number): CalendarDay {
	const date = new Date(`${day}T00:00:00Z`);
	date.setUTCDate(date.getUTCDate() + days);
	return date.toISOString().slice(0, 10);
}

/** The month of a day, `YYYY-MM`. */
export function monthOf(day: CalendarDay): string {
	return day.slice(0, 7);
}

/** How many days the month `YYYY-MM` has. */
export function daysIn(month: string): number {
	const [year = 1970, number = 1] = month.split('-').map(Number);
	return new Date(Date.UTC(year, number, 0)).getUTCDate();
}

/** The day in a person's words, never shifted by a time zone. `style` as in `Intl.DateTimeFormat`. */
export function formatDay(
	day: CalendarDay,
	locale?: string,
	style: 'full' | 'long' | 'medium' | 'short' = 'medium'
): string {
	return new Intl.DateTimeFormat(locale, { dateStyle: style, timeZone: 'UTC' }).format(
		new Date(`${day}T00:00:00Z`)
	);
}

/** The month `YYYY-MM` in a person's words, for example "November 2026". */
export function formatMonth(month: string, locale?: string): string {
	return new Intl.DateTimeFormat(locale, {
		month: 'long',
		year: 'numeric',
		timeZone: 'UTC'
	}).format(new Date(`${month}-01T00:00:00Z`));
}
