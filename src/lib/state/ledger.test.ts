import { expect, test } from 'vitest';
import { newTransaction } from '#lib/domain/draft.ts';
import { toEntry, type Entry } from '#lib/domain/ledger/entry.ts';
import { startingDocuments } from '#lib/domain/starting-documents.ts';
import type { KnownDocument } from '#lib/storage/document-codec.ts';
import type { LedgerNews } from '#lib/storage/ledger-news.ts';
import { anExpense } from '#tests/support/an-expense.ts';
import { LedgerState } from './ledger.svelte.ts';

const STAMP = '001763800000000-0000-abcdefghij';

function news(changes: Partial<LedgerNews>): LedgerNews {
	return {
		entries: [],
		documents: [],
		purged: [],
		gone: [],
		unreadable: [],
		newer: [],
		...changes
	};
}

function entry(id: string, readOnly = false): Entry {
	return toEntry(newTransaction(`transaction:${id}`, anExpense({ payee: id }), STAMP), readOnly);
}

function openLedger(): LedgerState {
	const ledger = new LedgerState();
	ledger.show('ledger', undefined);
	ledger.take(news({ documents: startingDocuments() as KnownDocument[] }));
	return ledger;
}

test('every document is counted in one place, whatever becomes of it', () => {
	const ledger = openLedger();
	const starting = startingDocuments().length;
	ledger.take(news({ entries: [entry('a'), entry('b')], unreadable: ['transaction:c'] }));
	expect(ledger.complete(starting + 3)).toBe(true);
	expect([ledger.count, ledger.unreadable]).toEqual([2, ['transaction:c']]);

	ledger.take(news({ entries: [entry('c')], purged: ['transaction:a'] }));
	expect([ledger.count, ledger.unreadable]).toEqual([2, []]);
	expect(ledger.find('transaction:a')).toBeUndefined();
	expect(ledger.has('transaction:a')).toBe(true);
	expect(ledger.complete(starting + 3)).toBe(true);

	ledger.take(news({ entries: [entry('b', true)], newer: ['transaction:b', 'moon:d'] }));
	expect([ledger.count, ledger.newer]).toEqual([2, 2]);
	expect(ledger.find('transaction:b')?.readOnly).toBe(true);
	expect(ledger.complete(starting + 4)).toBe(true);

	ledger.take(news({ entries: [entry('b')], gone: ['moon:d'] }));
	expect([ledger.count, ledger.newer]).toEqual([2, 0]);
	expect(ledger.complete(starting + 3)).toBe(true);
});

test('a ledger of which not every document is known is not complete', () => {
	const ledger = openLedger();
	expect(ledger.complete(startingDocuments().length + 1)).toBe(false);
	expect([ledger.ready, ledger.told]).toEqual([false, false]);
	expect(ledger.complete(undefined)).toBe(true);
	expect([ledger.ready, ledger.told]).toEqual([true, true]);
});

test('an entry that did not change is the same object, one that did is another', () => {
	const ledger = openLedger();
	ledger.take(news({ entries: [entry('a'), entry('b')] }));
	const [a, b] = ['transaction:a', 'transaction:b'].map((id) => ledger.find(id));
	ledger.take(news({ entries: [{ ...entry('b'), amountMinor: 7 }] }));
	expect(ledger.find('transaction:a')).toBe(a);
	expect(ledger.find('transaction:b')).not.toBe(b);
	expect(ledger.find('transaction:b')?.amountMinor).toBe(7);
});

test('nothing of the last ledger stays when another one is shown', () => {
	const ledger = openLedger();
	ledger.take(news({ entries: [entry('a')], unreadable: ['transaction:c'] }));
	ledger.show('another', undefined);
	expect(ledger.ready).toBe(false);
	expect([ledger.size, ledger.unreadable, ledger.categories, ledger.snapshot]).toEqual([
		0,
		[],
		[],
		undefined
	]);
});
