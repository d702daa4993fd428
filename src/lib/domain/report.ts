import type { CurrencyCode, MinorUnits } from '#contract/documents/money.ts';
import type { Transaction } from '#contract/documents/transaction.ts';
import type { Entry } from './ledger/entry.ts';
import { addMinor } from './money.ts';

/** What was spent, earned and moved, in one currency's minor units. */
export interface Totals {
	currency: CurrencyCode;
	count: number;
	expenseMinor: MinorUnits;
	incomeMinor: MinorUnits;
	transferMinor: MinorUnits;
}

/** One total a currency, the most used first. Amounts of different currencies are never added up. */
export function totalsByCurrency(
	entries: Iterable<Pick<Entry, 'kind' | 'amountMinor' | 'currency'>>
): Totals[] {
	const totals = new Map<CurrencyCode, Totals>();
	for (const { kind, amountMinor, currency } of entries) {
		let total = totals.get(currency);
		if (!total) {
			total = { currency, count: 0, expenseMinor: 0, incomeMinor: 0, transferMinor: 0 };
			totals.set(currency, total);
		}
		total.count += 1;
		const sum = `${kind}Minor` as const;
		total[sum] = addMinor(total[sum], amountMinor);
	}
	return [...totals.values()].sort((a, b) => b.count - a.count);
}

/** Orders entries newest first: by day, then the time on the wall, then when they were first typed. */
export function compareNewestFirst(a: Transaction, b: Transaction): number {
	if (a.spentOn !== b.spentOn) return a.spentOn < b.spentOn ? 1 : -1;
	const left = a.spentTime ?? '';
	const right = b.spentTime ?? '';
	if (left !== right) return left < right ? 1 : -1;
	// Where an entry came from is never edited: that stamp is the one of its first save.
	const leftStamp = a.stamps.operationId ?? '';
	const rightStamp = b.stamps.operationId ?? '';
	if (leftStamp !== rightStamp) return leftStamp < rightStamp ? 1 : -1;
	return a._id < b._id ? 1 : a._id > b._id ? -1 : 0;
}
