import { expect, test } from 'vitest';
import type { EntryFilter } from '#lib/domain/ledger/select.ts';
import { readFilterDraft, toFilterDraft } from './filter-draft.ts';

const empty = toFilterDraft({}, 'EUR');

test.each<EntryFilter>([
	{},
	{ text: 'lunch', kind: 'income', from: '2026-11-01', to: '2026-11-01' },
	{ fromMinor: 0, toMinor: 1250, categoryId: 'category:a', accountId: 'account:a' },
	{ currency: 'JPY', fromMinor: 500 },
	{ uncategorised: true, tag: 'work', withReceipt: true }
])('%o comes back from its form', (filter) => {
	const { text = '' } = filter;
	const read = readFilterDraft(toFilterDraft(filter, 'EUR'), text, 'EUR');
	expect(read).toEqual({ ok: true, filter });
});

test('amounts are read as in any amount field', () => {
	const read = readFilterDraft({ ...empty, least: '10+2,50' }, '', 'EUR');
	expect(read).toEqual({ ok: true, filter: { fromMinor: 1250 } });
});

test('each mistake is said at its field', () => {
	const crossed = { from: '2026-11-02', to: '2026-11-01', least: '5', most: '4' };
	expect(readFilterDraft({ ...empty, ...crossed }, '', 'EUR')).toEqual({
		ok: false,
		problems: { to: 'filter-days-crossed', most: 'filter-amounts-crossed' }
	});
	expect(readFilterDraft({ ...empty, least: 'much' }, '', 'EUR')).toEqual({
		ok: false,
		problems: { least: 'amount-not-a-number' }
	});
});
