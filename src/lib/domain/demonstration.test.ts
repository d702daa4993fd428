import { expect, test } from 'vitest';
import { Budget } from '#contract/documents/budget.ts';
import { Account } from '#contract/documents/account.ts';
import { Transaction } from '#contract/documents/transaction.ts';
import { addDays } from './calendar-day.ts';
import { demonstrationDocuments } from './demonstration.ts';
import { startingDocuments } from './starting-documents.ts';

const facts = {
	today: '2026-11-23',
	time: '12:00:00',
	currency: 'EUR',
	stamp: '000001800000000-0000-0123456789',
	seed: 1
};

const schemas = { account: Account, budget: Budget, transaction: Transaction };

test('a made-up year is a sound ledger that ends now', () => {
	const documents = demonstrationDocuments(facts);
	expect(demonstrationDocuments(facts)).toEqual(documents);
	expect(new Set(documents.map(({ _id }) => _id)).size).toBe(documents.length);
	const known = new Set([...startingDocuments(), ...documents].map(({ _id }) => _id));
	for (const document of documents) {
		expect(schemas[document.type].parse(document)).toEqual(document);
		if (document.type !== 'account' && document.categoryId)
			expect(known).toContain(document.categoryId);
	}
	const entries = documents.filter((each): each is Transaction => each.type === 'transaction');
	expect(entries.length).toBeGreaterThan(500);
	expect(entries.length).toBeLessThan(900);
	for (const { spentOn, spentTime, accountId } of entries) {
		expect(known).toContain(accountId);
		expect(spentOn >= addDays(facts.today, -364) && spentOn <= facts.today).toBe(true);
		if (spentOn === facts.today) expect((spentTime ?? '') <= facts.time).toBe(true);
	}
});

test.each([
	['EUR', 500, 5],
	['INR', 100_00, 100],
	['JPY', 600, 10],
	['KWD', 1_000, 50],
	['IDR', 1_000_000, 10_000]
])('amounts in %s are what things cost there', (currency, least, step) => {
	const entries = demonstrationDocuments({ ...facts, currency }).filter(
		(each): each is Transaction => each.type === 'transaction'
	);
	const groceries = entries
		.filter(({ categoryId }) => categoryId === 'category:groceries')
		.map(({ amountMinor }) => amountMinor)
		.sort((a, b) => a - b);
	const median = groceries[groceries.length >> 1] ?? 0;
	expect(median).toBeGreaterThan(least);
	expect(median).toBeLessThan(least * 20);
	for (const { amountMinor } of entries) expect(amountMinor % step).toBe(0);
});
