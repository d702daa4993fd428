import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyLedger, anyRange, isWithin } from '#tests/support/any-entry.ts';
import { accountBalances } from './account-balances.ts';

const ACCOUNTS = [
	{ _id: 'account:bank', currency: 'JPY', openingMinor: -700 },
	{ _id: 'account:cash', currency: null, openingMinor: 1250 },
	{ _id: 'account:empty', currency: null, openingMinor: 0 }
];

test('balances are the opening ones and what moved, of a transfer its own amount on each side', () => {
	fc.assert(
		fc.property(anyLedger, anyRange, ({ columns, live }, { to }) => {
			const expected = new Map<string, number>();
			const add = (accountId: string, currency: string, amountMinor: number) => {
				const key = `${accountId} ${currency}`;
				expected.set(key, (expected.get(key) ?? 0) + amountMinor);
			};
			for (const { _id, currency, openingMinor } of ACCOUNTS) {
				add(_id, currency ?? 'EUR', openingMinor);
			}
			for (const entry of live.filter((entry) => isWithin(entry, to ? { to } : {}))) {
				const { kind, accountId, toAccountId, currency, amountMinor } = entry;
				add(accountId, currency, kind === 'income' ? amountMinor : -amountMinor);
				if (kind !== 'transfer') continue;
				add(toAccountId!, entry.toCurrency ?? currency, entry.toAmountMinor ?? amountMinor);
			}
			const balances = accountBalances(columns, ACCOUNTS, 'EUR', to);
			expect(
				new Map(
					balances.map(({ accountId, currency, amountMinor }) => [
						`${accountId} ${currency}`,
						amountMinor
					])
				)
			).toEqual(expected);
			const order = [...new Set(balances.map(({ accountId }) => accountId))];
			expect(order.slice(0, 3)).toEqual(ACCOUNTS.map(({ _id }) => _id));
			expect(balances[0]).toMatchObject({ accountId: 'account:bank', currency: 'JPY' });
		})
	);
});
