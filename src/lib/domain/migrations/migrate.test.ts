import { expect, test } from 'vitest';
import { decodeDocument } from '#lib/storage/document-codec.ts';
import { applyChanges, merge } from '#lib/domain/merge.ts';
import { migrate } from './migrate.ts';

const [STAMP, EDIT, LATER] = ['1', '2', '3'].map((ms) => `00176380000000${ms}-0000-abcdefghij`) as [
	string,
	string,
	string
];

/** A transaction as version 1 of the app wrote it, after one edit of its amount. */
const VERSION_1 = {
	_id: 'transaction:0123456789abcdefghijklmnop',
	_rev: '2-9b1d7a4ea1f1c7d9c4be3c8ea8f0a5c1',
	type: 'transaction',
	version: 1,
	accountId: 'account:cash',
	amountMinor: 1300,
	currency: 'EUR',
	categoryId: 'category:food',
	deletedAt: null,
	kind: 'expense',
	toAccountId: null,
	note: '',
	operationId: null,
	payee: 'Bakery',
	spentOn: '2026-11-22',
	spentTime: null,
	stamps: {
		accountId: STAMP,
		amountMinor: EDIT,
		categoryId: STAMP,
		deletedAt: STAMP,
		kind: STAMP,
		note: STAMP,
		operationId: STAMP,
		payee: STAMP,
		spentOn: STAMP
	},
	history: [{ field: 'amountMinor', value: { amountMinor: 1250, currency: 'EUR' }, stamp: STAMP }]
};

const MONEY = { currency: 'EUR', toAmountMinor: null, toCurrency: null, splits: [] };

test('a transaction of version 1 is read in the shape of today, with every fact and stamp it had', () => {
	const decoded = decodeDocument(VERSION_1);
	expect(decoded).toMatchObject({
		state: 'known',
		document: {
			...VERSION_1,
			...MONEY,
			version: 2,
			recurringRuleId: null,
			dueOn: null,
			history: [{ field: 'amountMinor', value: { ...MONEY, amountMinor: 1250 }, stamp: STAMP }]
		}
	});
});

test('an edit made in version 1 and one made in today’s both survive', () => {
	const now = migrate(VERSION_1) as never;
	const edited = applyChanges(now, { '#trip': true, note: 'here' }, LATER);
	const elsewhere = migrate({
		...VERSION_1,
		payee: 'Baker',
		stamps: { ...VERSION_1.stamps, payee: EDIT }
	}) as never;
	expect(merge(edited, elsewhere)).toMatchObject({ note: 'here', payee: 'Baker', '#trip': true });
});

test('what a newer version wrote is not migrated; what of it is understood can be shown', () => {
	const newer = { ...VERSION_1, ...MONEY, recurringRuleId: null, dueOn: null, version: 99 };
	expect(migrate(newer)).toBe(newer);
	expect(decodeDocument(newer)).toMatchObject({ state: 'newer', shown: { payee: 'Bakery' } });
	const strange = { ...newer, payee: { name: 'Bakery' } };
	expect(decodeDocument(strange)).toMatchObject({ state: 'newer', shown: undefined });
	const unknown = { ...VERSION_1, type: 'dream' };
	expect(decodeDocument(unknown)).toMatchObject({ state: 'newer', shown: undefined });
});

test('types cannot be confused with what every object has', () => {
	for (const type of ['constructor', '__proto__', 'toString']) {
		expect(decodeDocument({ ...VERSION_1, type }).state).toBe('newer');
	}
});
