import type { Transaction } from '#contract/documents/transaction.ts';
import { addDays, daysIn, monthOf } from '#lib/domain/calendar-day.ts';
import { addMinor } from '#lib/domain/money.ts';

/** What was spent last month in all, and up to the same day of it (its last one, where it was shorter). */
export function lastMonthSpent(
	transactions: readonly Transaction[],
	currency: string,
	day: string
): { allMinor: number; byNowMinor: number } {
	const month = monthOf(addDays(`${monthOf(day)}-01`, -1));
	const date = Math.min(Number(day.slice(8)), daysIn(month));
	const byNow = `${month}-${String(date).padStart(2, '0')}`;
	let allMinor = 0;
	let byNowMinor = 0;
	for (const { kind, currency: own, spentOn, amountMinor } of transactions) {
		// Newest first: what follows is older still.
		if (spentOn < month) break;
		if (kind !== 'expense' || own !== currency || !spentOn.startsWith(month)) continue;
		allMinor = addMinor(allMinor, amountMinor);
		if (spentOn <= byNow) byNowMinor = addMinor(byNowMinor, amountMinor);
	}
	return { allMinor, byNowMinor };
}
