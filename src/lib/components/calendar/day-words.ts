import { addDays } from '#lib/domain/calendar-day.ts';
import * as m from '#messages';

const formats = new Map<string, Intl.DateTimeFormat>();

function format(key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
	let known = formats.get(key);
	if (!known) {
		known = new Intl.DateTimeFormat(undefined, { ...options, timeZone: 'UTC' });
		formats.set(key, known);
	}
	return known;
}

/** "Today", "Yesterday", "Tue 17 Nov", and with its year once that is another one. */
export function dayName(day: string, now: string | undefined): string {
	if (day === now) return m.common_today();
	if (now && day === addDays(now, -1)) return m.common_yesterday();
	if (now && day === addDays(now, 1)) return m.common_tomorrow();
	const date = new Date(`${day}T00:00:00Z`);
	return now?.slice(0, 4) === day.slice(0, 4)
		? format('near', { weekday: 'short', day: 'numeric', month: 'short' }).format(date)
		: format('far', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }).format(
				date
			);
}

/** A day for a column of days: short, always with its year. */
export function dayInColumn(day: string): string {
	return format('column', { day: '2-digit', month: 'short', year: 'numeric' }).format(
		new Date(`${day}T00:00:00Z`)
	);
}

/** "November", and with its year once that is another one. */
export function monthName(month: string, now: string | undefined): string {
	const date = new Date(`${month}-01T00:00:00Z`);
	return now?.slice(0, 4) === month.slice(0, 4)
		? format('month', { month: 'long' }).format(date)
		: format('month-year', { month: 'long', year: 'numeric' }).format(date);
}

/** An instant as a day and a time on this device's wall. */
export function momentName(ms: number): string {
	return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(ms);
}
