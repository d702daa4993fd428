import type { CalendarDay, CalendarMonth } from '#contract/documents/calendar.ts';

/** A day as an integer that orders as days do: 2026-11-22 is 20261122. */
export function toDayNumber(day: CalendarDay): number {
	return Number(day.slice(0, 4)) * 10_000 + Number(day.slice(5, 7)) * 100 + Number(day.slice(8));
}

/** The day of such an integer. */
export function toCalendarDay(number: number): CalendarDay {
	const digits = String(number).padStart(8, '0');
	return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
}

/** How many months lie between the start of the year 0 and a month: neighbours differ by one. */
export function toMonthNumber(month: CalendarMonth): number {
	return Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;
}

/** The month of such a count. */
export function toCalendarMonth(number: number): CalendarMonth {
	const year = Math.floor(number / 12);
	return `${String(year).padStart(4, '0')}-${String((number % 12) + 1).padStart(2, '0')}`;
}

/** The month number of a day number. */
export function monthOfDayNumber(day: number): number {
	return Math.floor(day / 10_000) * 12 + (Math.floor(day / 100) % 100) - 1;
}
