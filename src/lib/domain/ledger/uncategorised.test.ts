import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyLedger, someNames } from '#tests/support/any-entry.ts';
import { select } from './select.ts';
import { countUncategorised } from './uncategorised.ts';

test('as many are counted as the filter finds', () => {
	fc.assert(
		fc.property(anyLedger, ({ columns }) => {
			expect(countUncategorised(columns)).toBe(
				select(columns, { uncategorised: true }, someNames).length
			);
		})
	);
});
