import { expect, test } from 'vitest';
import type { Transaction } from '#contract/documents/transaction.ts';
import { newTransaction } from './draft.ts';
import { compareNewestFirst, totalsByCurrency } from './report.ts';

const STAMP = '001763800000000-0000-abcdefghij';

function entry(fields: Partial<Transaction>): Transaction {
	const facts = {
		kind: 'expense' as const,
		amountMinor: 100,
		currency: 'EUR',
		categoryId: null,
		accountId: 'account:cash',
		toAccountId: null,
		payee: '',
		note: '',
		spentOn: '2026-11-22'
	};
	const { _id = 'transaction:a', ...changes } = fields;
	return newTransaction(_id, { ...facts, ...changes }, STAMP);
}

test('amounts of different currencies are never added up', () => {
	const totals = totalsByCurrency([
		entry({}),
		entry({ kind: 'income', amountMinor: 500 }),
		entry({ currency: 'JPY', amountMinor: 7 })
	]);
	expect(totals).toEqual([
		{ currency: 'EUR', count: 2, expenseMinor: 100, incomeMinor: 500, transferMinor: 0 },
		{ currency: 'JPY', count: 1, expenseMinor: 7, incomeMinor: 0, transferMinor: 0 }
	]);
});

test('a sum that a double cannot hold is refused, not rounded', () => {
	const huge = entry({ amountMinor: Number.MAX_SAFE_INTEGER });
	expect(() => totalsByCurrency([huge, huge])).toThrow(RangeError);
});

test('entries are listed newest first', () => {
	const entries = [
		entry({ _id: 'transaction:1', spentOn: '2026-11-20' }),
		entry({ _id: 'transaction:2', spentTime: '08:00:00' }),
		entry({ _id: 'transaction:3', spentTime: '09:00:00' })
	].sort(compareNewestFirst);
	expect(entries.map(({ _id }) => _id)).toEqual([
		'transaction:3',
		'transaction:2',
		'transaction:1'
	]);
});
