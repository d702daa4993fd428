import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newTransaction } from './draft.ts';
import { duplicateOf } from './duplicate.ts';
import { toEntry } from './ledger/entry.ts';
import { anyEntry } from '#tests/support/any-entry.ts';
import { ZERO_STAMP } from '#contract/documents/well-known.ts';

test('a duplicate has all of an entry but its day, its receipts and where it came from', () => {
	fc.assert(
		fc.property(anyEntry, (entry) => {
			const fields = duplicateOf(entry, '2026-11-23');
			const copy = toEntry(newTransaction('transaction:copy', fields, ZERO_STAMP));
			expect(copy).toEqual({
				...entry,
				_id: 'transaction:copy',
				spentOn: '2026-11-23',
				spentTime: null,
				receipts: 0,
				operationId: null,
				recurringRuleId: null,
				deletedAt: null,
				madeAt: copy.madeAt,
				readOnly: copy.readOnly
			});
		})
	);
});
