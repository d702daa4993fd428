import type { Account } from '#contract/documents/account.ts';
import type { Category } from '#contract/documents/category.ts';
import type { Split, Transaction } from '#contract/documents/transaction.ts';
import { addDays } from '#lib/domain/calendar-day.ts';
import { newTransaction } from '#lib/domain/draft.ts';
import { tagField } from '#lib/domain/ledger/marks.ts';
import { createClock } from '#lib/domain/stamp.ts';
import { newAccount, newCategory } from '#lib/domain/starting-documents.ts';
import * as household from './household-shares.ts';
import type { CategoryShape, Shares } from './household-shares.ts';

/** A made-up ledger, distributed as the household's is; no row of that is in it. */
export interface LargeLedger {
	accounts: Account[];
	/** On two levels. */
	categories: Category[];
	/** In the order in which they were typed, the oldest day first. */
	transactions: Transaction[];
}

export interface LargeLedgerOptions {
	seed?: number;
	/** The last day. */
	until?: string;
	/** Over how many days the entries are spread; absent = as many a day as the household has. */
	days?: number;
	/** The shares of what the household's file has no columns for. */
	marks?: { split: number; tagged: number };
}

type Kind = 'expense' | 'income' | 'transfer';

const CURRENCY = 'INR';
const DEVICE = 'generated0';
/** When the first entry was typed, in milliseconds since the Unix epoch. */
const FIRST_TYPED = Date.UTC(2024, 0, 1);
const TAGS = ['holiday', 'work', 'family', 'refund', 'shared', 'tax'];
const VOCABULARY = 1_400;

/** Makes the same ledger for the same arguments. */
export function generateLargeLedger(
	count: number,
	{ seed = 1, until = '2026-11-22', days, marks = { split: 0, tagged: 0 } }: LargeLedgerOptions = {}
): LargeLedger {
	const random = createRandom(seed);
	let typed = FIRST_TYPED;
	const clock = createClock(DEVICE, () => (typed += 61_000));
	const { categories, idOf } = makeCategories(clock.next());
	const accounts = makeAccounts(clock.next());
	const notes = new NoteMaker(random);

	const transactions = makeDays(random, count, until, days).map((spentOn) => {
		const kind = random.pick(household.KIND_SHARES);
		const [shape, below] = pickCategory(random, kind);
		const amountMinor = makeAmount(random, shape);
		const isTransfer = kind === 'transfer';
		const accountId = accountIdOf(pickAccount(random, kind, shape));
		const categoryId = isTransfer ? null : idOf(kind, shape.name, below);
		const isSplit = !isTransfer && amountMinor > 1 && random.chance(marks.split);
		const tags = random.chance(marks.tagged) ? [random.among(TAGS)] : [];
		const fields = {
			kind,
			amountMinor,
			currency: CURRENCY,
			categoryId,
			accountId,
			toAccountId: isTransfer ? accountIdOf(shape.name) : null,
			payee: '',
			note: random.chance(household.NOTED_SHARES[kind]) ? notes.next(shape.name) : '',
			spentOn,
			spentTime: random.chance(household.TIMED_SHARE) ? makeTime(random) : null,
			splits: isSplit ? halve(amountMinor, categoryId, idOf('expense', 'Other', '')) : [],
			...Object.fromEntries(tags.map((tag) => [tagField(tag), true]))
		};
		return newTransaction(`transaction:${random.text(26)}`, fields, clock.next());
	});
	return { accounts, categories, transactions };
}

function makeCategories(stamp: string): {
	categories: Category[];
	idOf: (kind: Kind, name: string, below: string) => string;
} {
	const idOf = (kind: Kind, name: string, below: string): string =>
		`category:${toSlug(`${kind} ${name} ${below}`)}`;
	const categories: Category[] = [];
	const add = (id: string, name: string, parentId: string | null): void => {
		const order = categories.length;
		categories.push(
			newCategory(id, { name, parentId, icon: 'circle-dot', colour: order % 9, order }, stamp)
		);
	};
	for (const [kind, shapes] of [
		['expense', household.EXPENSE_SHAPES],
		['income', household.INCOME_SHAPES]
	] as const) {
		for (const { name, below } of shapes) {
			const top = idOf(kind, name, '');
			add(top, name, null);
			for (const [child] of below) if (child !== '') add(idOf(kind, name, child), child, top);
		}
	}
	return { categories, idOf };
}

function makeAccounts(stamp: string): Account[] {
	const names = new Set([
		...Object.values(household.ACCOUNT_SHARES).flatMap((shares) => shares.map(([name]) => name)),
		...household.TRANSFER_SHAPES.map(({ name }) => name)
	]);
	return [...names].map((name, order) =>
		newAccount(accountIdOf(name), { name, kind: name === 'Cash' ? 'cash' : 'bank', order }, stamp)
	);
}

function accountIdOf(name: string): string {
	return `account:${toSlug(name)}`;
}

function toSlug(name: string): string {
	return name.trim().toLowerCase().replaceAll(' ', '-');
}

function pickCategory(random: Random, kind: Kind): [shape: CategoryShape, below: string] {
	const shapes = {
		expense: household.EXPENSE_SHAPES,
		income: household.INCOME_SHAPES,
		transfer: household.TRANSFER_SHAPES
	}[kind];
	const shape = random.pick(shapes.map((shape) => [shape, shape.count] as const));
	return [shape, random.pick(shape.below)];
}

function pickAccount(random: Random, kind: Kind, { name }: CategoryShape): string {
	const account = random.pick<string>(household.ACCOUNT_SHARES[kind]);
	return kind === 'transfer' && account === name ? 'Cash' : account;
}

/** Log-normal, and rounded as people round. */
function makeAmount(random: Random, { medianMinor, spread }: CategoryShape): number {
	const amount = medianMinor * Math.exp(spread * random.normal());
	const unit = random.chance(household.TENS_SHARE)
		? 1_000
		: random.chance(household.WHOLE_SHARE)
			? 100
			: 1;
	return Math.max(unit, Math.round(amount / unit) * unit);
}

function makeTime(random: Random): string {
	const parts = [random.below(24), random.below(60), random.below(60)];
	return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

function halve(amountMinor: number, first: string | null, second: string): Split[] {
	const half = Math.floor(amountMinor / 2);
	return [
		{ categoryId: first, amountMinor: amountMinor - half, note: '' },
		{ categoryId: second, amountMinor: half, note: '' }
	];
}

/** One day an entry, the oldest first. */
function makeDays(
	random: Random,
	count: number,
	until: string,
	days: number | undefined
): string[] {
	const perDay = household.DAY_SHARES.reduce((sum, [entries, of]) => sum + entries * of, 0) / 730;
	const factor = days === undefined ? 1 : count / (days * perDay);
	const all: string[] = [];
	for (let day = until; all.length < count; day = addDays(day, -1)) {
		if (!random.chance(household.ACTIVE_DAY_SHARE)) continue;
		const entries = random.pick(household.DAY_SHARES) * factor;
		const whole = Math.floor(entries + random.next());
		for (let made = 0; made < whole && all.length < count; made++) all.push(day);
	}
	return all.reverse();
}

/** Notes that repeat as people repeat themselves: what was often written is written again (Simon, 1955). */
class NoteMaker {
	readonly #random: Random;
	readonly #words: string[];
	readonly #written = new Map<string, string[]>();

	constructor(random: Random) {
		this.#random = random;
		this.#words = Array.from({ length: VOCABULARY }, () => makeWord(random));
	}

	next(category: string): string {
		const written = this.#written.get(category) ?? [];
		this.#written.set(category, written);
		const isNew = written.length === 0 || this.#random.chance(household.NEW_NOTE_SHARE);
		const note = isNew ? this.#compose() : this.#random.among(written);
		const isOneOff = isNew && this.#random.chance(household.ONE_OFF_SHARE);
		if (!isOneOff || written.length === 0) written.push(note);
		return note;
	}

	#compose(): string {
		const words = Array.from({ length: 1 + this.#random.below(6) }, () => {
			// Few words are frequent, many are rare.
			const place = Math.floor(VOCABULARY * this.#random.next() ** 2);
			return this.#random.chance(0.12)
				? String(1 + this.#random.below(99))
				: (this.#words[place] ?? '');
		});
		return words.join(' ');
	}
}

function makeWord(random: Random): string {
	const syllables = Array.from({ length: 1 + random.below(3) }, () => {
		return random.among([...'bcdfghjklmnprstvy']) + random.among([...'aaeeiiou']);
	});
	return syllables.join('') + random.among(['', '', 'n', 'r', 's', 'l', 'é']);
}

interface Random {
	/** From 0, below 1. */
	next(): number;
	/** A whole number from 0, below `limit`. */
	below(limit: number): number;
	chance(share: number): boolean;
	/** Of the standard normal distribution. */
	normal(): number;
	among<T>(values: readonly T[]): T;
	/** One of the values, as often as its count says. */
	pick<T>(shares: Shares<T>): T;
	/** Base-36 characters. */
	text(length: number): string;
}

/** Mulberry32: small, fast and the same everywhere. */
function createRandom(seed: number): Random {
	let state = seed >>> 0;
	const next = (): number => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
	const below = (limit: number): number => Math.floor(next() * limit);
	return {
		next,
		below,
		chance: (share) => next() < share,
		normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
		among: (values) => values[below(values.length)]!,
		pick(shares) {
			let rest = next() * shares.reduce((sum, [, count]) => sum + count, 0);
			return (shares.find(([, count]) => (rest -= count) < 0) ?? shares[0]!)[0];
		},
		text: (length) => Array.from({ length }, () => below(36).toString(36)).join('')
	};
}
