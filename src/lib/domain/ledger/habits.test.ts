import { expect, test } from 'vitest';
import { columnsOf } from '#tests/support/columns-of.ts';
import { lastOfPayee, recentPayees } from './habits.ts';
import { lastDaySpent, monthsWithEntries } from './months.ts';

test('payees come in the order of their last use, each once, none of those in the trash', () => {
	const columns = columnsOf(
		{ payee: 'Kiosk', spentOn: '2026-11-01' },
		{ payee: 'Bakery', spentOn: '2026-11-03' },
		{ payee: 'Kiosk', spentOn: '2026-11-04' },
		{ spentOn: '2026-11-05' },
		{ payee: 'Gone', spentOn: '2026-11-06', deletedAt: '2026-11-07T00:00:00.000Z' }
	);
	expect(recentPayees(columns, 50)).toEqual(['Kiosk', 'Bakery']);
	expect(recentPayees(columns, 1)).toEqual(['Kiosk']);
});

test('the last entry of a payee is of the kind asked for', () => {
	const columns = columnsOf(
		{ payee: 'Kiosk', spentOn: '2026-11-01' },
		{ payee: 'Kiosk', spentOn: '2026-11-02' },
		{ payee: 'Kiosk', spentOn: '2026-11-03', kind: 'income' }
	);
	expect(lastOfPayee(columns, 'Kiosk', 'expense')?.spentOn).toBe('2026-11-02');
	expect(lastOfPayee(columns, 'Kiosk', 'transfer')).toBeUndefined();
	expect(lastOfPayee(columns, 'Nobody', 'expense')).toBeUndefined();
	expect(lastOfPayee(columns, '', 'expense')).toBeUndefined();
});

test('months with entries, the latest first, and the last day on which something was spent', () => {
	const columns = columnsOf(
		{ spentOn: '2025-12-31' },
		{ spentOn: '2026-11-01' },
		{ spentOn: '2026-11-20', kind: 'income' },
		{ spentOn: '2027-01-01' }
	);
	expect(monthsWithEntries(columns)).toEqual(['2027-01', '2026-11', '2025-12']);
	expect(lastDaySpent(columns, '2026-11-22')).toBe('2026-11-01');
	expect(lastDaySpent(columns, '2025-01-01')).toBeUndefined();
});
