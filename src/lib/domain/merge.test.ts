import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Transaction } from '#contract/documents/transaction.ts';
import { canonicalJson } from './canonical.ts';
import { newTransaction, type TransactionFields } from './draft.ts';
import { applyChanges, HISTORY_LENGTH, merge } from './merge.ts';
import { createClock } from './stamp.ts';

const FIELDS: TransactionFields = {
	kind: 'expense',
	amountMinor: 1250,
	currency: 'EUR',
	categoryId: 'category:food',
	accountId: 'account:cash',
	toAccountId: null,
	payee: 'Bakery',
	note: '',
	spentOn: '2026-11-22'
};

const START = Date.UTC(2026, 10, 22);
const first = newTransaction('transaction:a', FIELDS, stamp(0, 'aaaaaaaaaa'));

function stamp(ms: number, device: string): string {
	return createClock(device, () => START + ms).next();
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

describe('merge', () => {
	test('does not depend on the order', () => {
		fc.assert(
			fc.property(edited, edited, (a, b) => {
				expect(JSON.stringify(merge(a, b))).toBe(JSON.stringify(merge(b, a)));
			})
		);
	});

	test('does not depend on the grouping', () => {
		fc.assert(
			fc.property(edited, edited, edited, (a, b, c) => {
				expect(canonicalJson(merge(merge(a, b), c))).toBe(canonicalJson(merge(a, merge(b, c))));
			}),
			{ numRuns: 500 }
		);
	});

	test('merging again changes nothing', () => {
		fc.assert(
			fc.property(edited, edited, (a, b) => {
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
				if ((merged.history ?? []).length === HISTORY_LENGTH) return;
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
		expect(merged.history?.map(({ value }) => value)).toEqual([
			{ amountMinor: 1300, currency: 'EUR' },
			{ amountMinor: 1250, currency: 'EUR' }
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
		expect(back.history?.map(({ value }) => value.payee)).toEqual(['Baker']);
	});
});
