import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { toEntry } from '#lib/domain/ledger/entry.ts';
import { LedgerColumns } from '#lib/domain/ledger/ledger-columns.ts';
import { someNames } from '#tests/support/any-entry.ts';
import { generateLargeLedger } from '#tests/support/large-ledger.ts';
import { FoundRows } from './found-rows.svelte.ts';

const columns = LedgerColumns.empty();
columns.put(generateLargeLedger(100).transactions.map((one) => toEntry(one)));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What a person sees who has the whole list before them. */
function openList(): FoundRows {
	const search = new FoundRows();
	search.follow(columns, {}, someNames);
	expect(search.found.rows).toHaveLength(100);
	return search;
}

test('a search begins when nobody has typed for a while, a space included', () => {
	const search = openList();
	for (const text of ['f', 'fo', 'foo', 'food', 'food ', 'food  ']) {
		search.follow(columns, { text }, someNames);
		vi.advanceTimersByTime(150);
		expect(search.found.address).toBe('');
	}
	vi.advanceTimersByTime(200);
	expect(search.found.address).toBe('text=food');
	search.stop();
});

test('a ledger that goes on changing does not put the search off', () => {
	const search = openList();
	const filter = { text: 'food' };
	for (let change = 0; change < 10; change++) {
		search.follow(columns, filter, someNames);
		vi.advanceTimersByTime(50);
	}
	expect(search.found.address).toBe('text=food');
	search.stop();
});
