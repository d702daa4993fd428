import type { CalendarDay } from '#contract/documents/calendar.ts';
import { toDay } from '#lib/domain/calendar-day.ts';

/** The order in which a file writes day, month and year. */
export type DateOrder = 'dmy' | 'mdy' | 'ymd';

export interface FileDate {
	day: CalendarDay;
	/** `HH:MM:SS`, or `null` where the file has none. */
	time: string | null;
}

const SHAPE =
	/^(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(am|pm)?.*)?$/i;

/** Reads a date such as `20/09/2025 12:04:08`, `7.9.2025` or `2025-09-20`; `undefined` if it is none. */
export function readFileDate(text: string, order: DateOrder): FileDate | undefined {
	const match = SHAPE.exec(text.trim());
	if (!match) return undefined;
	const [, first = '', second = '', third = ''] = match;
	const [year, month, day] =
		order === 'ymd' || first.length === 4
			? [first, second, third]
			: order === 'dmy'
				? [third, second, first]
				: [third, first, second];
	const found = toDay(fullYear(year), Number(month), Number(day));
	if (!found) return undefined;
	const time = readTime(match[4], match[5], match[6], match[7]);
	return time === undefined ? undefined : { day: found, time };
}

/** Two-digit years are of this century: an expense tracker has no others. */
function fullYear(text: string): number {
	return text.length <= 2 ? 2000 + Number(text) : Number(text);
}

function readTime(
	hourText: string | undefined,
	minute: string | undefined,
	second: string | undefined,
	half: string | undefined
): string | null | undefined {
	if (hourText === undefined || minute === undefined) return null;
	let hour = Number(hourText);
	if (half) hour = (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
	if (hour > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) return undefined;
	return `${String(hour).padStart(2, '0')}:${minute}:${second ?? '00'}`;
}

/**
 * The one order in which most of a column's dates exist, and whether another one reads as many: a file
 * of days up to the 12th alone says nothing.
 */
export function guessDateOrder(texts: readonly string[]): { order: DateOrder; certain: boolean } {
	const readable = (order: DateOrder): number =>
		texts.filter((text) => readFileDate(text, order) !== undefined).length;
	const counts = (['dmy', 'mdy', 'ymd'] as const).map((order) => ({
		order,
		count: readable(order)
	}));
	counts.sort((a, b) => b.count - a.count);
	const [best, next] = counts;
	return {
		order: best?.order ?? 'dmy',
		certain: best !== undefined && best.count > (next?.count ?? 0)
	};
}
