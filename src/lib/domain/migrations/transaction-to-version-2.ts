import type { RawDocument } from './migrate.ts';

const MONEY = { toAmountMinor: null, toCurrency: null, splits: [] };

/**
 * Version 2 has splits, a transfer's amount on the other side, and the recurring rule an entry came from.
 * The money group's past values get the new fields too: brought back, they must be whole.
 */
export function transactionToVersion2(before: RawDocument): RawDocument {
	const after: Record<string, unknown> = {
		...MONEY,
		recurringRuleId: null,
		dueOn: null,
		...before
	};
	if (Array.isArray(before.history)) {
		// Not checked yet: whatever else stands there is left as it is.
		after.history = before.history.map((past: RawDocument | null) =>
			past?.field === 'amountMinor'
				? { ...past, value: { ...MONEY, ...(past.value as RawDocument) } }
				: past
		);
	}
	return after;
}
