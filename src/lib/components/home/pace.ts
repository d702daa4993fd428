import type { Transaction } from '#contract/documents/transaction.ts';
import { addDays, daysIn, monthOf } from '#lib/domain/calendar-day.ts';
import { addMinor } from '#lib/domain/money.ts';

/** What was spent last month up to the same day of it; all of it, where it was a shorter month. */
export function spentUpTo(
	transactions: readonly Transaction[],
	currency: string,
	day: string
): number {
	const month = monthOf(addDays(`${monthOf(day)}-01`, -1));
	const date = Math.min(Number(day.slice(8)), daysIn(month));
	const last = `${month}-${String(date).padStart(2, '0')}`;
	let sum = 0;
	for (const { kind, currency: own, spentOn, amountMinor } of transactions) {
		if (spentOn < month) break;
		if (kind === 'expense' && own === currency && spentOn.startsWith(month) && spentOn <= last) {
			sum = addMinor(sum, amountMinor);
		}
	}
	return sum;
}
