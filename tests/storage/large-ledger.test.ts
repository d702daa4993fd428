import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Transaction } from '#contract/documents/transaction.ts';
import { guessMapping } from '#lib/domain/import/mapping.ts';
import { planImport } from '#lib/domain/import/plan.ts';
import { readTable } from '#lib/domain/import/table.ts';
import { decodeDocument } from '#lib/storage/document-codec.ts';
import { hasHouseholdCsv, HOUSEHOLD_CSV } from '#tests/support/household.ts';
import { generateLargeLedger } from '#tests/support/large-ledger.ts';

const STAMP = '001763800000000-0000-abcdefghij';

async function readHousehold(): Promise<Transaction[]> {
	const read = readTable(await readFile(HOUSEHOLD_CSV, 'utf8'));
	if (!read.ok) throw new Error(read.problem);
	const known = {
		ids: new Set<string>(),
		trashed: new Set<string>(),
		accounts: [],
		categories: []
	};
	const plan = planImport(
		read.table,
		guessMapping(read.table),
		{ ...known, currency: 'INR' },
		{ id: 'operation:household', stamp: STAMP }
	);
	return plan.transactions;
}

/** What two ledgers are compared by; every figure is a share, or the logarithm of an amount. */
function describeLedger(transactions: readonly Transaction[]): Record<string, number> {
	const share = (is: (transaction: Transaction) => boolean) =>
		transactions.filter(is).length / transactions.length;
	const noted = transactions.map(({ payee, note }) => payee || note).filter(Boolean);
	const uses = countBy(noted);
	const perDay = countBy(transactions.map(({ spentOn }) => spentOn));
	const days = [...perDay.keys()].sort();
	const span = (Date.parse(days.at(-1)!) - Date.parse(days[0]!)) / 86_400_000 + 1;
	const categories = [...countBy(transactions.map(({ categoryId }) => categoryId)).values()];
	const accounts = [...countBy(transactions.map(({ accountId }) => accountId)).values()];
	const amounts = transactions.map(({ amountMinor }) => amountMinor).sort((a, b) => a - b);
	const logAmountAt = (place: number) => Math.log10(amounts[Math.floor(place * amounts.length)]!);
	return {
		expenses: share(({ kind }) => kind === 'expense'),
		transfers: share(({ kind }) => kind === 'transfer'),
		incomes: share(({ kind }) => kind === 'income'),
		'with a note': noted.length / transactions.length,
		'distinct notes': uses.size / noted.length,
		'notes used once': [...uses.values()].filter((count) => count === 1).length / uses.size,
		'length of a note / 100': noted.join('').length / noted.length / 100,
		'with a time': share(({ spentTime }) => spentTime !== null),
		'active days': perDay.size / span,
		'entries a day / 10': transactions.length / span / 10,
		'the busiest day / 100': Math.max(...perDay.values()) / 100,
		'in the largest category': Math.max(...categories) / transactions.length,
		'in the busiest account': Math.max(...accounts) / transactions.length,
		'amount, lowest tenth': logAmountAt(0.1),
		'amount, lower quartile': logAmountAt(0.25),
		'amount, median': logAmountAt(0.5),
		'amount, upper quartile': logAmountAt(0.75),
		'amount, highest tenth': logAmountAt(0.9)
	};
}

function countBy<T>(values: readonly T[]): Map<T, number> {
	const counts = new Map<T, number>();
	for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
	return counts;
}

test.skipIf(!hasHouseholdCsv)(
	'the generated ledger is distributed as the household ledger',
	async () => {
		const expected = describeLedger(await readHousehold());
		const made = describeLedger(generateLargeLedger(20_000).transactions);
		const off = Object.keys(expected)
			.filter(
				(name) => Math.abs(expected[name]! - made[name]!) > (name.startsWith('amount') ? 0.2 : 0.05)
			)
			.map((name) => `${name}: ${expected[name]} in the household's, ${made[name]} here`);
		expect(off).toEqual([]);
	}
);

test('the same ledger is made for the same arguments, and every document of it is sound', () => {
	const ledger = generateLargeLedger(500, { marks: { split: 0.1, tagged: 0.1 } });
	expect(generateLargeLedger(500, { marks: { split: 0.1, tagged: 0.1 } })).toEqual(ledger);
	const all = [...ledger.accounts, ...ledger.categories, ...ledger.transactions];
	expect(new Set(all.map(({ _id }) => _id)).size).toBe(all.length);
	const ids = new Set(all.map(({ _id }) => _id));
	for (const document of all) expect(decodeDocument(document).state).toBe('known');
	for (const {
		kind,
		categoryId,
		accountId,
		toAccountId,
		splits,
		amountMinor
	} of ledger.transactions) {
		expect(ids).toContain(accountId);
		if (kind === 'transfer') expect(ids).toContain(toAccountId);
		else expect(ids).toContain(categoryId);
		expect(accountId).not.toBe(toAccountId);
		if (splits.length > 0) {
			expect(splits.reduce((sum, part) => sum + part.amountMinor, 0)).toBe(amountMinor);
		}
	}
});

test('a ledger is spread over as many days as asked for', () => {
	const { transactions } = generateLargeLedger(20_000, { days: 730 });
	expect(transactions).toHaveLength(20_000);
	expect(transactions.at(-1)!.spentOn <= '2026-11-22').toBe(true);
	expect(transactions[0]!.spentOn.slice(0, 4)).toBe('2024');
});
