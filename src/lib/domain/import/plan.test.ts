import { expect, test } from 'vitest';
import { startingDocuments } from '#lib/domain/starting-documents.ts';
import type { Account } from '#contract/documents/account.ts';
import type { Category } from '#contract/documents/category.ts';
import { guessMapping } from './mapping.ts';
import { planImport, type ImportPlan } from './plan.ts';
import { readTable } from './table.ts';

const OPERATION = { id: 'operation:test', stamp: '001763800000000-0000-abcdefghij' };
const starting = startingDocuments();
const EMPTY = {
	ids: new Set(starting.map(({ _id }) => _id)),
	trashed: new Set<string>(),
	accounts: starting.filter(({ type }) => type === 'account') as Account[],
	categories: starting.filter(({ type }) => type === 'category') as Category[],
	currency: 'EUR'
};

function plan(csv: string, target = EMPTY): ImportPlan {
	const read = readTable(csv);
	if (!read.ok) throw new Error(read.problem);
	return planImport(read.table, guessMapping(read.table), target, OPERATION);
}

const HOUSEHOLD = `Date,Mode,Category,Subcategory,Note,Amount,Income/Expense,Currency
20/09/2025 12:04:08,Cash,Food,snacks,"Idli, medu vada",30,Expense,INR
12/9/2025,Bank 1,Salary,,September ,70255.5,Income,INR
7/9/2025,Bank 1,Recurring Deposit,,,1000,Transfer-Out,INR
7/9/2025,Cash,Food,,Tea,6.75,Expense,INR
7/9/2025,Cash,Food,,Tea,6.75,Expense,INR
`;

test('a household file is understood without help', () => {
	const result = plan(HOUSEHOLD);
	expect(result.sums).toEqual([
		{ kind: 'expense', currency: 'INR', count: 3, totalMinor: 4350 },
		{ kind: 'income', currency: 'INR', count: 1, totalMinor: 7_025_550 },
		{ kind: 'transfer', currency: 'INR', count: 1, totalMinor: 100_000 }
	]);
	expect(result).toMatchObject({
		firstDay: '2025-09-07',
		lastDay: '2025-09-20',
		fresh: 5,
		repeats: 1,
		present: 0,
		unreadable: []
	});
	const [snack, , transfer] = result.transactions;
	expect(snack).toMatchObject({
		spentOn: '2025-09-20',
		spentTime: '12:04:08',
		note: 'Idli, medu vada',
		accountId: 'account:cash'
	});
	expect(transfer?.categoryId).toBeNull();
	expect(transfer?.toAccountId).toMatch(/^account:/);
});

test('exact repeats are kept, and the same file adds nothing a second time', () => {
	const first = plan(HOUSEHOLD);
	const ids = new Set(first.transactions.map(({ _id }) => _id));
	expect(ids.size).toBe(5);
	const again = plan(HOUSEHOLD, {
		...EMPTY,
		ids: new Set([...EMPTY.ids, ...first.documents.map(({ _id }) => _id)])
	});
	expect(again).toMatchObject({ fresh: 0, present: 5, documents: [] });
});

test('entries in the trash are neither new nor revived, but named', () => {
	const { documents, transactions } = plan(HOUSEHOLD);
	const [gone] = transactions;
	const again = plan(HOUSEHOLD, {
		...EMPTY,
		ids: new Set([...EMPTY.ids, ...documents.map(({ _id }) => _id)]),
		trashed: new Set([gone!._id])
	});
	expect(again).toMatchObject({ fresh: 0, present: 5, trashed: [gone!._id] });
});

test('a category that stands already is used, whatever its case', () => {
	const { documents } = plan(HOUSEHOLD);
	const names = documents.flatMap((document) => ('name' in document ? [document.name] : []));
	expect(names).toEqual(['snacks', 'Bank 1', 'Recurring Deposit']);
});

test('rows that cannot be read are named, the others are kept', () => {
	const result = plan(`Date,Amount,Type,Account,Category,Note
31/02/2025,5,Expense,Cash,Food,
13/02/2025,five,Expense,Cash,Food,
13/02/2025,5,Gift,Cash,Food,
13/02/2025,5,Transfer,Cash,,
13/02/2025,5,Expense,Cash,Food,ok
`);
	expect(result.unreadable).toEqual([
		{ number: 2, problem: 'row-date' },
		{ number: 3, problem: 'row-amount' },
		{ number: 4, problem: 'row-kind' },
		{ number: 5, problem: 'row-other-account' }
	]);
	expect(result.fresh).toBe(1);
});

test('month-first dates and semicolons are recognised, and a decimal comma', () => {
	const result = plan('Date;Amount;Description\n12/31/2025;-12,50;Bread\n01/02/2026;100,00;Pay\n');
	expect(
		result.transactions.map(({ spentOn, kind, amountMinor }) => [spentOn, kind, amountMinor])
	).toEqual([
		['2025-12-31', 'expense', 1250],
		['2026-01-02', 'income', 10_000]
	]);
});

test.each([
	['', 'file-empty'],
	['a\0b', 'file-not-text'],
	['just some words\nand more', 'file-no-columns']
])('a file that is no table gets a reason', (text, problem) => {
	expect(readTable(text)).toEqual({ ok: false, problem });
});
