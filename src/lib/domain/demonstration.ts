import type { Account } from '#contract/documents/account.ts';
import type { Budget } from '#contract/documents/budget.ts';
import type { CurrencyCode, MinorUnits } from '#contract/documents/money.ts';
import type { Stamp } from '#contract/documents/stamp.ts';
import type { Transaction, TransactionKind } from '#contract/documents/transaction.ts';
import { newBudget } from './budget.ts';
import { addDays, monthOf } from './calendar-day.ts';
import { minorDigits } from './currency.ts';
import { newTransaction } from './draft.ts';
import { FIRST_ACCOUNT_ID, newAccount } from './starting-documents.ts';

const DAYS = 365;
const BANK = 'account:bank';
const CARD = 'account:card';
const SAVINGS = 'account:savings';

/**
 * What ordinary days hold: the category, how often of a hundred, the hour, the median amount and the spread of its
 * logarithm as in a real household's ledger, and the payees. Amounts are in units of about a euro.
 */
const DAILY = [
	['food', 24, 13, 9, 0.6, 'Bakery,Noodle House,Canteen,Pizzeria,Corner Café'],
	['groceries', 26, 18, 21, 0.6, 'Market,Corner shop,Organic store'],
	['transport', 14, 8, 3, 0.15, 'Metro,Bus'],
	['transport', 6, 9, 11, 0.4, 'Train,Taxi'],
	['health', 5, 16, 14, 0.6, 'Pharmacy,Dentist'],
	['shopping', 7, 15, 34, 0.7, 'Bookshop,Shoes,Hardware store'],
	['leisure', 11, 20, 15, 0.6, 'Cinema,Concert hall,Swimming pool'],
	['gifts', 3, 17, 22, 0.5, 'Flowers,Toy shop'],
	['education', 2, 11, 18, 0.4, 'Stationer,Language course'],
	['other', 2, 12, 10, 0.8, 'Hairdresser,Post office']
] as const;

/** What comes every month: the day, the kind, the category, the account and the other one, the amount, the payee. */
const MONTHLY = [
	[1, 'expense', 'home', BANK, null, 780, 'Rent'],
	[3, 'expense', 'home', BANK, null, 64, 'Energy company'],
	[4, 'transfer', null, BANK, SAVINGS, 250, ''],
	[9, 'expense', 'home', CARD, null, 29, 'Internet and phone'],
	[12, 'expense', 'leisure', CARD, null, 11, 'Films at home'],
	[27, 'income', 'salary', BANK, null, 2350, 'Employer']
] as const;

/** What may be spent in a month. */
const BUDGETS = [
	[null, 1850],
	['food', 160],
	['groceries', 310],
	['transport', 75],
	['leisure', 120]
] as const;

/** About what a euro buys, in other money. */
const PRICES: Readonly<Record<string, number>> = Object.fromEntries(
	(
		'INR:25 JPY:150 KRW:1300 IDR:6000 VND:12000 CNY:5 BRL:4 MXN:12 RUB:50 TRY:25 PLN:3 CZK:18 HUF:300 SEK:11 ' +
		'NOK:12 DKK:8 ISK:150 ZAR:12 THB:20 PHP:30 PKR:120 BDT:50 LKR:150 NPR:60 NGN:700 KES:70 EGP:20 ILS:4 AED:4 ' +
		'SAR:4 QAR:4 HKD:8 TWD:25 ARS:900 CLP:800 COP:2500 UAH:20 RON:3 BGN:2 PEN:3 MAD:6 MYR:3 KWD:0.3 BHD:0.4 OMR:0.4 JOD:0.7 TND:3'
	)
		.split(' ')
		.map((pair) => pair.split(':') as [string, string])
		.map(([code, price]) => [code, Number(price)])
);

interface DemonstrationFacts {
	/** The last day of the year that is made up. */
	today: string;
	/** The time on the wall, `HH:MM:SS`: nothing of today is later. */
	time: string;
	currency: CurrencyCode;
	/** Of everything that is made. */
	stamp: Stamp;
	seed: number;
}

/** A made-up year of a person: accounts, budgets of its last three months, some 600 entries. The same for the same facts. */
export function demonstrationDocuments({
	today,
	time,
	currency,
	stamp,
	seed
}: DemonstrationFacts): (Account | Budget | Transaction)[] {
	const random = randomNumbers(seed);
	const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
	const toMinor = roundTo(currency);
	const entries: Transaction[] = [];
	const add = (
		spentOn: string,
		spentTime: string,
		kind: TransactionKind,
		category: string | null,
		[accountId, toAccountId]: readonly [string, string | null],
		amount: number,
		payee: string
	): void => {
		if (spentOn === today && spentTime > time) return;
		const categoryId = category && `category:${category}`;
		const fields = { kind, categoryId, accountId, toAccountId, currency, payee, note: '' };
		entries.push(
			newTransaction(
				`transaction:demonstration-${entries.length}`,
				{ ...fields, amountMinor: toMinor(amount), spentOn, spentTime },
				stamp
			)
		);
	};

	for (let back = DAYS - 1; back >= 0; back--) {
		const day = addDays(today, -back);
		for (const [date, kind, category, from, to, amount, payee] of MONTHLY) {
			if (Number(day.slice(8)) === date) {
				add(day, '06:00:00', kind, category, [from, to], amount, payee);
			}
		}
		// Of ten days, one or two are quiet, as in a real ledger.
		for (let left = pick([0, 1, 1, 1, 2, 2, 2, 3, 3, 1]); left > 0; left--) {
			let share = random() * 100;
			const kind = DAILY.find(([, often]) => (share -= often) < 0) ?? DAILY[0];
			const [category, , hour, median, spread, payees] = kind;
			const minute = Math.floor(random() * 60);
			const spentTime = `${String(hour + pick([0, 0, 1])).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00`;
			const amount = median * Math.exp(spread * bell(random));
			const account = amount < 12 ? FIRST_ACCOUNT_ID : CARD;
			add(day, spentTime, 'expense', category, [account, null], amount, pick(payees.split(',')));
		}
	}
	return [
		newAccount(BANK, { name: 'Bank', kind: 'bank', order: 1 }, stamp),
		newAccount(CARD, { name: 'Card', kind: 'card', order: 2 }, stamp),
		newAccount(SAVINGS, { name: 'Savings', kind: 'bank', order: 3 }, stamp),
		...lastMonths(today, 3).flatMap((month) =>
			BUDGETS.map(([category, amount]) =>
				newBudget(
					{
						categoryId: category && `category:${category}`,
						month,
						amountMinor: toMinor(amount),
						currency,
						rollover: false
					},
					stamp
				)
			)
		),
		...entries
	];
}

function lastMonths(today: string, count: number): string[] {
	const months = [monthOf(today)];
	while (months.length < count) {
		const first = `${months.at(-1) ?? ''}-01`;
		months.push(monthOf(addDays(first, -1)));
	}
	return months;
}

/** Turns what a euro buys into minor units, rounded as prices are. */
function roundTo(currency: CurrencyCode): (amount: number) => MinorUnits {
	const price = PRICES[currency] ?? 1;
	const unit = 10 ** minorDigits(currency);
	const step = price < 10 ? unit / 20 : unit * 10 ** Math.max(0, Math.floor(Math.log10(price)) - 1);
	return (amount) => {
		const fine = Math.max(1, Math.round(step));
		return Math.max(fine, Math.round((amount * price * unit) / fine) * fine);
	};
}

/** About normally distributed around 0, with a deviation of 1. */
function bell(random: () => number): number {
	return (random() + random() + random() + random() - 2) * Math.sqrt(3);
}

/** Numbers from 0 to below 1; the same for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
