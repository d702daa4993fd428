import { expect, test } from 'vitest';
import { ZERO_STAMP } from '#contract/documents/well-known.ts';
import { newRule, type RuleFields } from '#lib/domain/rule.ts';
import { columnsOf } from '#tests/support/columns-of.ts';
import { previewRule } from './rule-entries.ts';

const FIELDS: RuleFields = {
	payee: 'bakery',
	match: 'exact',
	fromMinor: null,
	toMinor: null,
	currency: null,
	categoryId: 'category:food',
	tags: []
};

/** The ids of what a rule would change in a ledger of entries with this payee. */
function preview(changes: Partial<RuleFields>, ...entries: Parameters<typeof columnsOf>) {
	const columns = columnsOf(...entries);
	const { open, otherwise, same } = previewRule(
		columns,
		newRule('rule:1', { ...FIELDS, ...changes }, 0, ZERO_STAMP)
	);
	const toIds = (rows: number[]) => rows.map((row) => columns.entryAt(row)._id).sort();
	return { open: toIds(open), otherwise: toIds(otherwise), same };
}

test('entries without a category, with another one and with that one are told apart', () => {
	const found = preview(
		{},
		{ payee: 'Bakery' },
		{ payee: 'Bakery', categoryId: 'category:gifts' },
		{ payee: 'BAKERY', categoryId: 'category:food' },
		{ payee: 'Bakery on the corner' },
		{ payee: 'Bakery', deletedAt: '2026-11-22T00:00:00.000Z' }
	);
	expect(found).toEqual({ open: ['transaction:0'], otherwise: ['transaction:1'], same: 1 });
});

test('transfers, split entries and those of a newer version are left alone', () => {
	const part = { categoryId: 'category:gifts', amountMinor: 100, note: '' };
	const found = preview(
		{},
		{ payee: 'Bakery', kind: 'transfer', toAccountId: 'account:bank' },
		{ payee: 'Bakery', splits: [part] },
		{ payee: 'Bakery', readOnly: true }
	);
	expect(found).toEqual({ open: [], otherwise: [], same: 0 });
});

test('a rule that only tags looks for entries without the tag', () => {
	const found = preview(
		{ categoryId: null, tags: ['treat'] },
		{ payee: 'Bakery', categoryId: 'category:gifts', tags: ['treat', 'work'] },
		{ payee: 'Bakery', categoryId: 'category:gifts', tags: ['work'] }
	);
	expect(found).toEqual({ open: ['transaction:1'], otherwise: [], same: 1 });
});

test('bounds are looked at in their currency', () => {
	const found = preview(
		{ payee: null, fromMinor: 500, currency: 'EUR' },
		{ amountMinor: 500 },
		{ amountMinor: 499 },
		{ amountMinor: 500, currency: 'USD' }
	);
	expect(found).toEqual({ open: ['transaction:0'], otherwise: [], same: 0 });
});
