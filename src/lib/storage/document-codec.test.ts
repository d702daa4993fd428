import { describe, expect, test } from 'vitest';
import type { LedgerDocument } from '#contract/documents/ledger-document.ts';
import { VERSIONS, type DocumentType } from '#contract/documents/versions.ts';
import { isStub, type AnyDocument } from '#lib/domain/document-state.ts';
import { applyChanges, merge, newDocument } from '#lib/domain/merge.ts';
import { toStub } from '#lib/domain/purge.ts';
import { createClock } from '#lib/domain/stamp.ts';
import { decodeDocument } from './document-codec.ts';

const ENTRY = {
	kind: 'transfer',
	amountMinor: 12_050,
	currency: 'EUR',
	toAmountMinor: 1_090_000,
	toCurrency: 'INR',
	splits: [],
	categoryId: null,
	accountId: 'account:cash',
	toAccountId: 'account:bank',
	payee: '',
	note: ''
};

/** Every kind of document as it is made, and an edit that each of two devices might make of it. */
const KINDS: Record<DocumentType, [facts: object, a: object, b: object]> = {
	transaction: [
		{
			...ENTRY,
			spentOn: '2026-02-28',
			spentTime: null,
			operationId: null,
			recurringRuleId: null,
			dueOn: null
		},
		{ note: 'exchange', '#trip': true },
		{ toAmountMinor: 1_100_000, 'receipt:00ff': { name: 'a.pdf', mediaType: 'x/y', bytes: 9 } }
	],
	category: [
		{
			name: 'Trains',
			parentId: 'category:transport',
			icon: 'train',
			colour: 3,
			order: 1,
			archived: false
		},
		{ name: 'Rail' },
		{ archived: true }
	],
	account: [
		{ name: 'Card', kind: 'card', currency: 'KWD', openingMinor: -5, order: 1, archived: false },
		{ name: 'Credit card' },
		{ openingMinor: -1005 }
	],
	budget: [
		{
			categoryId: 'category:food',
			month: '2026-11',
			amountMinor: 40_000,
			currency: 'EUR',
			rollover: false
		},
		{ amountMinor: 45_000 },
		{ rollover: true }
	],
	'recurring-rule': [
		{ ...ENTRY, startsOn: '2026-01-31', unit: 'month', interval: 1, endsOn: null, paused: false },
		{ 'skip:2026-02-28': true },
		{ paused: true }
	],
	rule: [
		{
			payee: 'Bakery',
			match: 'contains',
			fromMinor: null,
			toMinor: null,
			currency: null,
			categoryId: 'category:food',
			order: 1,
			enabled: true,
			'#treat': true
		},
		{ fromMinor: 100, currency: 'EUR' },
		{ enabled: false }
	],
	preferences: [{ currency: null }, { currency: 'JPY' }, { aFieldOfLater: 1 }],
	operation: [
		{
			kind: 'import',
			label: 'bank.csv',
			wrote: ['001763800000000-0000-abcdefghij'],
			ids: null,
			entries: 3,
			undoes: null,
			undoneBy: null
		},
		{ undoneBy: 'operation:x' },
		{ label: 'Bank' }
	]
};

describe.each(Object.entries(KINDS))('%s', (type, [facts, ofA, ofB]) => {
	const [a, b] = ['aaaaaaaaaa', 'bbbbbbbbbb'].map((id) => createClock(id, () => 1_763_800_000_000));
	const document = newDocument<LedgerDocument>(
		{ ...facts, _id: `${type}:1`, type, version: VERSIONS[type as DocumentType], deletedAt: null },
		a!.next()
	);
	const onA = applyChanges(document, { ...ofA }, a!.next());
	b!.observe(document.stamps.deletedAt ?? '');
	const onB = applyChanges(document, { ...ofB }, b!.next());

	test('is read as it was written', () => {
		expect(decodeDocument(document)).toEqual({ state: 'known', document });
	});

	test('an edit on each device survives on both', () => {
		const merged = merge(onA, onB);
		expect(merged).toMatchObject({ ...ofA, ...ofB });
		expect(merge(onB, onA)).toEqual(merged);
		expect(decodeDocument(merged).state).toBe('known');
	});

	test('the trash, a restore, and a stub that no late edit revives', () => {
		const deletedAt = '2026-11-01T00:00:00.000Z';
		const trashed = { ...applyChanges(merge(onA, onB), { deletedAt }, a!.next()), deletedAt };
		expect(decodeDocument(trashed).state).toBe('known');
		const restored = applyChanges<LedgerDocument>(trashed, { deletedAt: null }, a!.next());
		expect(decodeDocument(restored)).toMatchObject({ state: 'known', document: ofA });
		const stub: AnyDocument = toStub(trashed, new Date('2027-01-01'));
		expect(decodeDocument(stub).state).toBe('purged');
		expect(isStub(merge<AnyDocument>(applyChanges(onA, { note: 'late' }, b!.next()), stub))).toBe(
			true
		);
	});

	test('what one of its fields may not hold makes it unreadable, and nothing throws', () => {
		for (const field of Object.keys(facts)) {
			const broken = { ...document, [field]: { not: 'this' } };
			if (field.startsWith('#')) continue;
			expect(decodeDocument(broken)).toMatchObject({ state: 'unreadable', id: `${type}:1` });
		}
	});
});

test('an old document that is broken is set aside, not migrated into something else', () => {
	const old = {
		_id: 'transaction:1',
		type: 'transaction',
		version: 1,
		stamps: {},
		deletedAt: null
	};
	for (const history of [[null], [7], ['x'], [{ field: 'amountMinor', value: null }], {}]) {
		expect(decodeDocument({ ...old, history }).state).toBe('unreadable');
	}
	for (const version of [0, -1, 0.5, '1', null, NaN]) {
		expect(decodeDocument({ ...old, version }).state).toBe('unreadable');
	}
});

test('whatever else lies in a database is set aside', () => {
	for (const raw of [null, undefined, 7, 'text', [], {}, { _id: 'x' }, { purged: true }]) {
		expect(decodeDocument(raw).state).toBe('unreadable');
	}
});
