import type { Account } from '#contract/documents/account.ts';
import type { CalendarDay } from '#contract/documents/calendar.ts';
import type { CurrencyCode, MinorUnits } from '#contract/documents/money.ts';
import { addMinor } from '#lib/domain/money.ts';
import { ARRIVAL, INCOME, TRANSFER } from './entry-table.ts';
import type { LedgerColumns } from './ledger-columns.ts';

/** What an account holds in one currency. */
export interface AccountBalance {
	accountId: string;
	currency: CurrencyCode;
	amountMinor: MinorUnits;
}

/**
 * What is in each account: its opening balance and all that moved, of a transfer what left on the one side
 * and what arrived on the other. In the order of `accounts`, its own currency first; then accounts that
 * entries name and `accounts` does not have.
 *
 * @param ledgerCurrency the currency of accounts that have none of their own.
 * @param until the last day that counts; absent = all days.
 * @throws RangeError when a sum on the way is beyond what a double holds exactly.
 */
export function accountBalances(
	columns: LedgerColumns,
	accounts: readonly Pick<Account, '_id' | 'currency' | 'openingMinor'>[],
	ledgerCurrency: CurrencyCode,
	until?: CalendarDay
): AccountBalance[] {
	const { columns: values, dictionaries, arrivals } = columns.table;
	const currencies = dictionaries.currency.texts.length;
	const sums = new Float64Array(dictionaries.account.texts.length * currencies);
	const moved = new Uint8Array(sums.length);
	// What arrives can be of a currency that no entry is of.
	const balances = new Map<string, AccountBalance>();
	const addTo = (accountId: string, currency: CurrencyCode, amountMinor: MinorUnits): void => {
		const key = `${currency}${accountId}`;
		const balance = balances.get(key) ?? { accountId, currency, amountMinor: 0 };
		balance.amountMinor = addMinor(balance.amountMinor, amountMinor);
		balances.set(key, balance);
	};
	const add = (account: number, currency: number, amountMinor: MinorUnits): void => {
		const place = account * currencies + currency;
		sums[place] = addMinor(sums[place] ?? 0, amountMinor);
		moved[place] = 1;
	};

	for (const { _id, currency, openingMinor } of accounts) {
		addTo(_id, currency ?? ledgerCurrency, openingMinor);
	}
	const rows = columns.rowsBetween(until === undefined ? {} : { to: until });
	for (let at = 0; at < rows.length; at++) {
		const row = rows[at] ?? 0;
		const kind = values.kind[row];
		const amountMinor = values.amountMinor[row] ?? 0;
		const currency = values.currency[row] ?? 0;
		add(values.account[row] ?? 0, currency, kind === INCOME ? amountMinor : -amountMinor);
		if (kind !== TRANSFER) continue;
		const toAccount = values.toAccount[row] ?? 0;
		const arrival = (values.flags[row] ?? 0) & ARRIVAL ? arrivals.get(row) : undefined;
		if (!arrival) add(toAccount, currency, amountMinor);
		else {
			addTo(
				dictionaries.account.decode(toAccount) ?? '',
				arrival.currency ?? dictionaries.currency.decode(currency) ?? '',
				arrival.amountMinor ?? amountMinor
			);
		}
	}
	for (const [place, hasMoved] of moved.entries()) {
		const accountId = dictionaries.account.decode(Math.floor(place / currencies));
		const currency = dictionaries.currency.decode(place % currencies);
		if (hasMoved && accountId !== null) addTo(accountId, currency ?? '', sums[place] ?? 0);
	}
	return inOrder(
		[...balances.values()],
		accounts.map(({ _id }) => _id)
	);
}

/** Stable: the currency that was put in first, an account's own, stays first. */
function inOrder(balances: AccountBalance[], accountIds: string[]): AccountBalance[] {
	const places = new Map(accountIds.map((id, place) => [id, place]));
	const placeOf = ({ accountId }: AccountBalance): number => places.get(accountId) ?? Infinity;
	return balances.sort((a, b) => {
		const [left, right] = [placeOf(a), placeOf(b)];
		if (left !== right) return left - right;
		return a.accountId === b.accountId ? 0 : a.accountId < b.accountId ? -1 : 1;
	});
}
