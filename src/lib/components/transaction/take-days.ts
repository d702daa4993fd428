import type { Day } from '#lib/domain/report.ts';

/** The first days that together have at least `count` entries; every day in them is whole. */
export function takeDays(days: readonly Day[], count: number): readonly Day[] {
	let sum = 0;
	for (const [index, { transactions }] of days.entries()) {
		sum += transactions.length;
		if (sum >= count) return days.slice(0, index + 1);
	}
	return days;
}
