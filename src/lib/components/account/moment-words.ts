import { dayInColumn } from '#lib/components/calendar/day-words.ts';
import * as m from '#messages';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** What the service notes is not exact: it is written a few times an hour. */
const NOTED_EVERY = 20 * MINUTE;

/**
 * How long ago something was, in relative words: "3 hours ago", "yesterday"; a day with its year once that is
 * long ago.
 *
 * @param instant in ISO 8601.
 * @param now in milliseconds since the Unix epoch.
 */
export function agoWords(instant: string, now: number): string {
	const ago = now - Date.parse(instant);
	if (Number.isNaN(ago)) return m.common_unknown_time();
	if (ago < NOTED_EVERY) return m.common_minutes_ago();
	if (ago > 60 * DAY) return dayInColumn(instant.slice(0, 10));
	const words = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
	if (ago < HOUR) return words.format(-Math.floor(ago / MINUTE), 'minute');
	if (ago < DAY) return words.format(-Math.floor(ago / HOUR), 'hour');
	return words.format(-Math.floor(ago / DAY), 'day');
}

/** How long something still holds: "in 13 days", "in 5 hours", "no longer". */
export function untilWords(instant: string, now: number): string {
	const left = Date.parse(instant) - now;
	if (!(left > 0)) return m.common_no_longer();
	const words = new Intl.RelativeTimeFormat(undefined, { numeric: 'always' });
	if (left < DAY) return words.format(Math.ceil(left / HOUR), 'hour');
	return words.format(Math.floor(left / DAY), 'day');
}
