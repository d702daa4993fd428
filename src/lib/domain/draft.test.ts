import { expect, test } from 'vitest';
import { changedFields, draftOf, emptyDraft, newTransaction, readDraft } from './draft.ts';
import { ZERO_STAMP } from '#contract/documents/well-known.ts';

const blank = emptyDraft({ currency: 'EUR', accountId: 'account:cash', spentOn: '2026-11-22' });

test('a filled form becomes facts', () => {
	const result = readDraft({ ...blank, amount: '12+3', payee: ' Bakery ' }, 'en');
	expect(result).toMatchObject({ ok: true, fields: { amountMinor: 1500, payee: 'Bakery' } });
});

test('everything wrong is said at once', () => {
	const result = readDraft(
		{ ...blank, amount: 'x', spentOn: '2026-02-30', kind: 'transfer' },
		'en'
	);
	expect(result).toEqual({
		ok: false,
		problems: [
			{ field: 'amount', problem: 'amount-not-a-number' },
			{ field: 'spentOn', problem: 'date-missing' },
			{ field: 'toAccountId', problem: 'account-missing' }
		]
	});
});

test('nothing, zero and more than can be summed are no amounts', () => {
	for (const [amount, problem] of [
		['', 'amount-missing'],
		['0', 'amount-zero'],
		['1000000000000.01', 'amount-too-large']
	] as const) {
		expect(readDraft({ ...blank, amount }, 'en')).toEqual({
			ok: false,
			problems: [{ field: 'amount', problem }]
		});
	}
});

test('an entry opened and saved untouched has no changed fields', () => {
	const read = readDraft({ ...blank, amount: '12.50', payee: 'Bakery' }, 'en');
	if (!read.ok) throw new Error('The draft should be readable');
	const entry = newTransaction('transaction:a', read.fields, ZERO_STAMP);
	const again = readDraft(draftOf(entry, 'de'), 'de');
	expect(again.ok && changedFields(entry, again.fields)).toEqual({});
});

test('only what the form changed is written, and all that has to fit it', () => {
	const before = readDraft({ ...blank, amount: '12.50' }, 'en');
	const after = readDraft({ ...blank, amount: '13', note: 'x' }, 'en');
	if (!before.ok || !after.ok) throw new Error('Both drafts should be readable');
	expect(changedFields(before.fields, after.fields)).toEqual({
		amountMinor: 1300,
		currency: 'EUR',
		toAmountMinor: null,
		toCurrency: null,
		splits: [],
		note: 'x'
	});
});
