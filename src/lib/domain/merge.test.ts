import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Transaction } from '#contract/documents/transaction.ts';
import { anExpense } from '#tests/support/an-expense.ts';
import { canonicalJson } from './canonical.ts';
import { newTransaction } from './draft.ts';
import { HISTORY_LENGTH, isStub, type AnyDocument } from './document-state.ts';
import { tagsOf } from './ledger/marks.ts';
import { applyChanges, merge } from './merge.ts';
import { toStub } from './purge.ts';
import { createClock } from './stamp.ts';

const FIELDS = anExpense();
const START = Date.UTC(2026, 10, 22);
const first = newTransaction('transaction:a', FIELDS, stamp(0, 'aaaaaaaaaa'));

function stamp(ms: number, device: string): string {
	return createClock(device, () => START + ms).next();
}

function trash(
	document: Transaction,
	ms: number,
	device: string
): Transaction & { deletedAt: string } {
	const deletedAt = '2026-11-22T10:00:00.000Z';
	return { ...applyChanges(document, { deletedAt }, stamp(ms, device)), deletedAt };
}

/** Documents that real edits lead to: some edits of the first version, at a few instants, on three devices. */
const edited: fc.Arbitrary<Transaction> = fc
	.array(
		fc.record({
			ms: fc.integer({ min: 0, max: 4 }),
			device: fc.constantFrom('aaaaaaaaaa', 'bbbbbbbbbb', 'cccccccccc'),
			changes: fc.oneof(
				fc.record({ amountMinor: fc.integer({ min: 1, max: 3 }) }),
				fc.record({ currency: fc.constantFrom('EUR', 'INR') }),
				fc.record({ payee: fc.constantFrom('Bakery', 'Baker', 'Café') }),
				fc.record({ deletedAt: fc.constantFrom(null, '2026-11-22T10:00:00.000Z') }),
				fc.record({ aFieldOfANewerVersion: fc.integer({ min: 0, max: 2 }) })
			)
		}),
		{ maxLength: 30 }
	)
	.map((edits) =>
		edits.reduce(
			(document, { changes, ms, device }) => applyChanges(document, changes, stamp(ms, device)),
			first
		)
	);

const PURGED_AT = new Date(START + 40 * 86_400_000);

/** The same, some of them deleted for good after they were put into the trash. */
const editedOrPurged: fc.Arbitrary<AnyDocument> = fc
	.tuple(edited, fc.boolean())
	.map(([document, purge]) =>
		purge && document.deletedAt !== null
			? toStub({ ...document, deletedAt: document.deletedAt }, PURGED_AT)
			: document
	);

describe('merge', () => {
	test('does not depend on the order', () => {
		fc.assert(
			fc.property(editedOrPurged, editedOrPurged, (a, b) => {
				expect(JSON.stringify(merge(a, b))).toBe(JSON.stringify(merge(b, a)));
			})
		);
	});

	// On a busy machine two thousand groupings take longer than a test usually may.
	test('does not depend on the grouping', { timeout: 30_000 }, () => {
		fc.assert(
			fc.property(editedOrPurged, editedOrPurged, editedOrPurged, (a, b, c) => {
				expect(canonicalJson(merge(merge(a, b), c))).toBe(canonicalJson(merge(a, merge(b, c))));
			}),
			{ numRuns: 2000 }
		);
	});

	test('merging again changes nothing', () => {
		fc.assert(
			fc.property(editedOrPurged, editedOrPurged, (a, b) => {
				const merged = merge(a, b);
				expect(merge(merged, a)).toEqual(merged);
				expect(merge(merged, merged)).toEqual(merged);
			})
		);
	});

	test('keeps every value of either side, shown or in the history', () => {
		fc.assert(
			fc.property(edited, edited, (a, b) => {
				const merged = merge(a, b);
				for (const side of [a, b]) {
					const kept = [merged.payee, ...(merged.history ?? []).map(({ value }) => value.payee)];
					expect(kept).toContain(side.payee);
				}
			})
		);
	});

	test('an edit to different fields on each device survives on both', () => {
		const a = applyChanges(first, { amountMinor: 1300 }, stamp(1, 'aaaaaaaaaa'));
		const b = applyChanges(first, { note: 'with coffee' }, stamp(2, 'bbbbbbbbbb'));
		expect(merge(a, b)).toMatchObject({ amountMinor: 1300, note: 'with coffee' });
	});

	test('of two edits to one field the later wins and the other stays in the history', () => {
		const a = applyChanges(first, { amountMinor: 1300 }, stamp(1, 'aaaaaaaaaa'));
		const b = applyChanges(first, { amountMinor: 1400 }, stamp(2, 'bbbbbbbbbb'));
		const merged = merge(a, b);
		expect(merged.amountMinor).toBe(1400);
		const money = { currency: 'EUR', toAmountMinor: null, toCurrency: null, splits: [] };
		expect(merged.history?.map(({ value }) => value)).toEqual([
			{ ...money, amountMinor: 1300 },
			{ ...money, amountMinor: 1250 }
		]);
	});

	test('amount and currency win or lose together', () => {
		const a = applyChanges(first, { amountMinor: 100_000 }, stamp(1, 'aaaaaaaaaa'));
		const b = applyChanges(first, { currency: 'INR' }, stamp(2, 'bbbbbbbbbb'));
		expect(merge(a, b)).toMatchObject({ amountMinor: 1250, currency: 'INR' });
	});

	test('a field that this version does not know survives', () => {
		const newer = {
			...first,
			mood: 'happy',
			stamps: { ...first.stamps, mood: stamp(1, 'bbbbbbbbbb') }
		};
		const a = applyChanges(first, { note: 'x' }, stamp(2, 'aaaaaaaaaa'));
		expect(merge(a, newer)).toMatchObject({ mood: 'happy', note: 'x' });
	});

	test('the history is capped, and what it drops is the oldest', () => {
		let document = first;
		for (let ms = 1; ms <= HISTORY_LENGTH + 5; ms++) {
			document = applyChanges(document, { amountMinor: 1250 + ms }, stamp(ms, 'aaaaaaaaaa'));
		}
		expect(document.history).toHaveLength(HISTORY_LENGTH);
		expect(document.history?.[0]?.value.amountMinor).toBe(1250 + HISTORY_LENGTH + 4);
	});

	test('tags that two devices add at the same time both stay', () => {
		const a = applyChanges(first, { '#holiday': true }, stamp(1, 'aaaaaaaaaa'));
		const b = applyChanges(first, { '#work': true }, stamp(1, 'bbbbbbbbbb'));
		expect(tagsOf(merge(a, b))).toEqual(['holiday', 'work']);
	});
});

describe('what was deleted for good', () => {
	const trashed = trash(first, 1, 'aaaaaaaaaa');
	const stub: AnyDocument = toStub(trashed, PURGED_AT);

	test('is a stub: no value is left, and every device makes the same', () => {
		expect(stub).toEqual({
			_id: first._id,
			type: 'transaction',
			purged: '2026-12-22T10:00:00.000Z',
			stamps: trashed.stamps
		});
		expect(toStub(trashed, new Date(PURGED_AT.getTime() + 5))).toEqual(stub);
	});

	test('stays so when an old copy, an import or a late edit comes along', () => {
		const late = applyChanges(first, { note: 'late' }, stamp(9, 'bbbbbbbbbb'));
		const imported = newTransaction(first._id, FIELDS, stamp(9, 'cccccccccc'));
		for (const other of [first, trashed, late, imported]) {
			expect(isStub(merge<AnyDocument>(stub, other))).toBe(true);
			expect(isStub(merge<AnyDocument>(other, stub))).toBe(true);
		}
		expect(merge<AnyDocument>(late, stub).history).toEqual([
			{ field: 'note', value: { note: 'late' }, stamp: stamp(9, 'bbbbbbbbbb') }
		]);
		expect(merge<AnyDocument>(stub, first)).toEqual(stub);
	});

	test('comes back whole with a restore that did not know of it', () => {
		const restored = applyChanges(trashed, { deletedAt: null }, stamp(9, 'bbbbbbbbbb'));
		const merged = merge<AnyDocument>(stub, restored);
		expect(merged).toMatchObject({ ...FIELDS, deletedAt: null });
		expect(Transaction.parse(merged)).toBeTruthy();
		// And goes again only if it is put into the trash again.
		expect(merge(merged, stub)).toEqual(merged);
		const again = trash(merged as Transaction, 12, 'aaaaaaaaaa');
		expect(Transaction.parse(again)).toMatchObject(FIELDS);
		expect(isStub(merge<AnyDocument>(merged, toStub(again, PURGED_AT)))).toBe(true);
	});

	test('is whole too when, restored, it was put into the trash again', () => {
		const restored = applyChanges(trashed, { deletedAt: null }, stamp(9, 'bbbbbbbbbb'));
		const again = trash(restored, 10, 'cccccccccc');
		const late = trash(first, 11, 'dddddddddd');
		for (const other of [again, merge(restored, late)]) {
			const merged = merge<AnyDocument>(stub, other);
			expect(merged).toMatchObject({ ...FIELDS, deletedAt: '2026-11-22T10:00:00.000Z' });
			expect(Transaction.parse(merged)).toBeTruthy();
		}
	});

	test('comes back with edits made since, of which no restore knew', () => {
		const late = applyChanges(trashed, { amountMinor: 1300 }, stamp(8, 'cccccccccc'));
		const restored = applyChanges(trashed, { deletedAt: null }, stamp(9, 'bbbbbbbbbb'));
		const merged = [stub, late, restored].reduce<AnyDocument>(
			(sum, other) => merge(sum, other),
			stub
		);
		expect(merged).toMatchObject({ ...FIELDS, amountMinor: 1300, deletedAt: null });
	});
});

describe('applyChanges', () => {
	test('without a change the document itself comes back', () => {
		expect(applyChanges(first, { payee: 'Bakery' }, stamp(1, 'aaaaaaaaaa'))).toBe(first);
	});

	test('stamps only what it changed', () => {
		const later = stamp(1, 'aaaaaaaaaa');
		const after = applyChanges(first, { payee: 'Baker', note: '' }, later);
		expect(after.stamps.payee).toBe(later);
		expect(after.stamps.note).toBe(first.stamps.note);
	});

	test('a value brought back is current again and the one it replaced is kept', () => {
		const a = applyChanges(first, { payee: 'Baker' }, stamp(1, 'aaaaaaaaaa'));
		const back = applyChanges(a, a.history?.[0]?.value ?? {}, stamp(2, 'aaaaaaaaaa'));
		expect(back.payee).toBe('Bakery');
		expect(back.history?.map(({ value }) => value.payee)).toEqual(['Baker', 'Bakery']);
	});
});
