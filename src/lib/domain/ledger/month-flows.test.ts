import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyLedger } from '#tests/support/any-entry.ts';
import { flowsByMonth } from './month-flows.ts';

test('income against expense, month by month across the turn of the year', () => {
	fc.assert(
		fc.property(anyLedger, ({ columns, live }) => {
			const months = ['2024-11', '2024-12', '2025-01', '2025-02'];
			const sum = (month: string, kind: string) =>
				live
					.filter((entry) => entry.spentOn.startsWith(month) && entry.currency === 'EUR')
					.filter((entry) => entry.kind === kind)
					.reduce((total, { amountMinor }) => total + amountMinor, 0);
			expect(flowsByMonth(columns, { until: '2025-02', months: 4 }, 'EUR')).toEqual(
				months.map((month) => ({
					month,
					incomeMinor: sum(month, 'income'),
					expenseMinor: sum(month, 'expense')
				}))
			);
		})
	);
});
