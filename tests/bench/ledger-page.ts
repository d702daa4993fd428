/** What `ledger.ts` runs in the browser: our own storage and ledger code, over real databases. */
import type { Account } from '#contract/documents/account.ts';
import type { Budget } from '#contract/documents/budget.ts';
import type { Transaction } from '#contract/documents/transaction.ts';
import { accountBalances } from '#lib/domain/ledger/account-balances.ts';
import { budgetProgress } from '#lib/domain/ledger/budget-progress.ts';
import { spendingByCategory } from '#lib/domain/ledger/category-spending.ts';
import { trendByCategory } from '#lib/domain/ledger/category-trend.ts';
import { toEntry, type Entry } from '#lib/domain/ledger/entry.ts';
import type { LedgerColumns } from '#lib/domain/ledger/ledger-columns.ts';
import { flowsByMonth } from '#lib/domain/ledger/month-flows.ts';
import { prepare } from '#lib/domain/ledger/prepare.ts';
import { select, type EntryFilter } from '#lib/domain/ledger/select.ts';
import { totalsBetween } from '#lib/domain/ledger/totals.ts';
import type { SearchNames } from '#lib/domain/ledger/word-test.ts';
import { newDocument } from '#lib/domain/merge.ts';
import { compareNewestFirst, totalsByCurrency } from '#lib/domain/report.ts';
import { decodeDocument, type KnownDocument } from '#lib/storage/document-codec.ts';
import { readSnapshot } from '#lib/storage/ledger-snapshot.ts';
import { openDatabase, type LocalDatabase } from '#lib/storage/open-database.ts';
import { rebuildSnapshot } from '#lib/storage/rebuild-snapshot.ts';
import { generateLargeLedger } from '#tests/support/large-ledger.ts';

/** Milliseconds. */
export interface StartTimes {
	/** Until the month's figures and the first hundred entries are there. */
	usable: number;
	/** Until they hold what was written since the snapshot, too. */
	upToDate: number;
}

/** Milliseconds. */
export interface RunTimes {
	name: string;
	first: number;
	median: number;
	longest: number;
	/** How many results the query gave, so that none is fast by finding nothing. */
	results: number;
}

/** Ten years: at 100,000 entries some 27 a day, so that a month and a year hold far more than a household's. */
const DAYS = 3652;
const MONTH = { from: '2026-10-01', to: '2026-10-31' };
const YEAR = { until: '2026-11', months: 12 };
const SPENT = { kind: 'expense', currency: 'INR' } as const;
const RUNS = 31;
const STAMP = '001763800000000-0000-abcdefghij';
/** What the tests of memory hold on to. */
const held: unknown[] = [];

/** Fills a new database and makes its snapshot, then changes a few entries. */
async function fill(name: string, count: number, changes: number): Promise<Record<string, number>> {
	const ledger = generateLargeLedger(count, { days: DAYS, marks: { split: 0.02, tagged: 0.1 } });
	const documents = [
		...ledger.accounts,
		...ledger.categories,
		...makeBudgets(),
		...ledger.transactions
	];
	const database = openDatabase(name);
	const started = performance.now();
	for (let at = 0; at < documents.length; at += 1_000) {
		await database.bulkDocs(documents.slice(at, at + 1_000));
	}
	const filled = performance.now();
	await rebuildSnapshot(database, name);
	const made = performance.now();
	const changed = ledger.transactions.slice(-changes).map(({ _id }) => _id);
	for (const id of changed) await database.put({ ...(await database.get(id)), note: 'changed' });
	const before = performance.now();
	await rebuildSnapshot(database, name);
	const rebuilt = performance.now();
	for (const id of changed) await database.put({ ...(await database.get(id)), note: 'again' });
	await database.close();
	return { fill: filled - started, make: made - filled, rebuild: rebuilt - before };
}

/** Out of the snapshot, then with what was written since. */
async function startFromSnapshot(name: string): Promise<StartTimes> {
	const started = performance.now();
	const snapshot = await readSnapshot(name);
	if (!snapshot) throw new Error(`${name}: there is no snapshot`);
	const { columns, documents } = snapshot;
	look(columns, namesOf(documents));
	const usable = performance.now() - started;
	const database = openDatabase(name);
	const { results } = await database.changes({
		since: snapshot.sequence,
		include_docs: true,
		conflicts: true
	});
	columns.put(
		results.flatMap(({ doc }) => {
			const decoded = decodeDocument(doc);
			const isEntry = decoded.state === 'known' && decoded.document.type === 'transaction';
			return isEntry ? [toEntry(decoded.document as Transaction)] : [];
		})
	);
	look(columns, namesOf(documents));
	const upToDate = performance.now() - started;
	if (results.length === 0) throw new Error(`${name}: nothing was written since the snapshot`);
	await database.close();
	return { usable, upToDate };
}

function look(columns: LedgerColumns, names: SearchNames): void {
	held.push(
		totalsBetween(columns, MONTH),
		spendingByCategory(columns, MONTH, SPENT, names),
		columns.slice(0, 100)
	);
}

/** Everything read with `allDocs`; documents are taken as they are, without so much as a check. */
async function startFromAllDocs(name: string): Promise<StartTimes> {
	const started = performance.now();
	const database = openDatabase(name);
	const transactions = await readAll(database);
	const newest = transactions
		.filter(({ deletedAt }) => deletedAt === null)
		.sort(compareNewestFirst);
	const month = newest.filter(({ spentOn }) => MONTH.from <= spentOn && spentOn <= MONTH.to);
	held.push(totalsByCurrency(month), sumByCategory(month), newest.slice(0, 100));
	const usable = performance.now() - started;
	await database.close();
	return { usable, upToDate: usable };
}

function sumByCategory(transactions: readonly Transaction[]): Map<string | null, number> {
	const sums = new Map<string | null, number>();
	for (const { categoryId, amountMinor } of transactions) {
		sums.set(categoryId, (sums.get(categoryId) ?? 0) + amountMinor);
	}
	return sums;
}

async function readAll(database: LocalDatabase): Promise<Transaction[]> {
	const { rows } = await database.allDocs({ include_docs: true, conflicts: true });
	return rows
		.flatMap((row) => ('doc' in row && row.doc ? [row.doc as unknown as Transaction] : []))
		.filter(({ type }) => type === 'transaction');
}

/** Making ready for writes and searches, step by step. */
async function timeSteps(name: string): Promise<{ total: number; longest: number; steps: number }> {
	const { columns } = await load(name);
	const times: number[] = [];
	let before = performance.now();
	for (const _ of prepare(columns)) {
		times.push(performance.now() - before);
		before = performance.now();
	}
	times.push(performance.now() - before);
	const total = times.reduce((sum, time) => sum + time, 0);
	return { total, longest: Math.max(...times), steps: times.length };
}

/** Every query that a screen asks. */
async function timeQueries(name: string): Promise<RunTimes[]> {
	const { columns, documents, names } = await load(name);
	for (const _ of prepare(columns));
	const accounts = documents.filter((one): one is Account => one.type === 'account');
	const budgets = documents.filter((one): one is Budget => one.type === 'budget');
	const searches: [string, EntryFilter][] = [
		...['a', 'ra', 'expense', 'cash snacks', '12.50', '5', '2026-1', 'nowhere'].map(
			(text): [string, EntryFilter] => [`search "${text}"`, { text }]
		),
		['category with its children', { categoryId: 'category:expense-food' }],
		[
			'amounts, days, account, tag',
			{
				fromMinor: 1_000,
				toMinor: 500_000,
				from: '2018-01-01',
				accountId: 'account:cash',
				tag: 'holiday'
			}
		],
		['uncategorised', { uncategorised: true }],
		['with a receipt', { withReceipt: true }]
	];
	return [
		time('totals of a month', () => totalsBetween(columns, MONTH)),
		time('totals of all', () => totalsBetween(columns, {})),
		time('month by category', () => spendingByCategory(columns, MONTH, SPENT, names)),
		time('all by category', () => spendingByCategory(columns, {}, SPENT, names)),
		time('12-month trend', () => trendByCategory(columns, YEAR, SPENT, names).categories),
		time('10-year trend', () => {
			return trendByCategory(columns, { ...YEAR, months: 120 }, SPENT, names).categories;
		}),
		time('income against expense', () => flowsByMonth(columns, YEAR, 'INR')),
		time('balances', () => accountBalances(columns, accounts, 'INR')),
		time('budgets with rollover', () => budgetProgress(columns, budgets, '2026-11', names)),
		...searches.map(([what, filter]) => time(what, () => select(columns, filter, names))),
		time('a page of the list', () => columns.slice(50, 150))
	];
}

/** Puts single entries into the columns: changed ones, and new ones anywhere in the order. */
async function timePuts(name: string): Promise<RunTimes[]> {
	const { columns } = await load(name);
	for (const _ of prepare(columns));
	const entries = columns.slice(0, Infinity);
	let at = 0;
	const next = (): Entry => entries[(at += 7_919) % entries.length]!;
	return [
		time('put of a changed entry', () => {
			columns.put([{ ...next(), note: `changed ${at}` }]);
			return [at];
		}),
		time('put of a new entry', () => {
			columns.put([{ ...next(), _id: `transaction:new-${at}` }]);
			return [at];
		})
	];
}

/** Times of `toSnapshot` and `fromSnapshot`, and the bytes of a snapshot. */
async function timeSnapshot(name: string): Promise<{ runs: RunTimes[]; bytes: number }> {
	const { columns } = await load(name);
	const runs = [time('taking a snapshot', () => [columns.toSnapshot()])];
	const snapshot = columns.toSnapshot();
	const bytes = Object.values(snapshot.columns).reduce(
		(sum, { byteLength }) => sum + byteLength,
		0
	);
	return { runs, bytes: bytes + snapshot.texts.byteLength };
}

/** Keeps a ledger in memory in one of several shapes; returns how many entries that is. */
async function hold(name: string, shape: string): Promise<number> {
	if (shape === 'nothing') return 0;
	if (shape.startsWith('columns')) {
		const { columns, names } = await load(name);
		held.length = 0;
		if (shape === 'columns, searched and written to') {
			columns.put(columns.slice(0, 1));
			select(columns, { text: 'nowhere' }, names);
		}
		held.push(columns);
		return columns.size;
	}
	const database = openDatabase(name);
	const transactions = await readAll(database);
	await database.close();
	const kept = shape === 'entries' ? transactions.map((one) => toEntry(one)) : transactions;
	held.push(kept);
	return kept.length;
}

async function load(
	name: string
): Promise<{ columns: LedgerColumns; documents: KnownDocument[]; names: SearchNames }> {
	const snapshot = await readSnapshot(name);
	if (!snapshot) throw new Error(`${name}: there is no snapshot`);
	const { columns, documents } = snapshot;
	return { columns, documents, names: namesOf(documents) };
}

function namesOf(documents: readonly KnownDocument[]): SearchNames {
	const byId = new Map(documents.map((document) => [document._id, document]));
	return {
		category(id) {
			const found = byId.get(id ?? '');
			return found?.type === 'category' ? found : undefined;
		},
		account(id) {
			const found = byId.get(id ?? '');
			return found?.type === 'account' ? found : undefined;
		},
		kindNames: { expense: 'Expense', income: 'Income', transfer: 'Transfer' }
	};
}

/** Three categories over a year, with rollover. */
function makeBudgets(): Budget[] {
	const months = Array.from({ length: 12 }, (_, at) => `2026-${String(at + 1).padStart(2, '0')}`);
	return ['category:expense-food', 'category:expense-health', null].flatMap((categoryId) =>
		months.map((month) =>
			newDocument<Budget>(
				{
					_id: `budget:${categoryId ?? 'all'} ${month}`,
					type: 'budget',
					version: 1,
					deletedAt: null,
					categoryId,
					month,
					amountMinor: 2_000_000,
					currency: 'INR',
					rollover: true
				},
				STAMP
			)
		)
	);
}

function time(name: string, query: () => ArrayLike<unknown>): RunTimes {
	const measure = (repeats: number): number => {
		const started = performance.now();
		for (let repeat = 0; repeat < repeats; repeat++) query();
		return (performance.now() - started) / repeats;
	};
	const first = measure(1);
	const results = query().length;
	// The browser's clock is coarse: what takes less than a millisecond is measured several times at once.
	const repeats = Math.max(1, Math.ceil(1 / Math.max(0.01, Math.min(measure(1), measure(1)))));
	const times = Array.from({ length: RUNS }, () => measure(repeats)).sort((a, b) => a - b);
	const median = times[Math.floor(RUNS / 2)] ?? NaN;
	return { name, first, median, longest: times.at(-1) ?? NaN, results };
}

const bench = {
	fill,
	startFromSnapshot,
	startFromAllDocs,
	timeSteps,
	timeQueries,
	timePuts,
	timeSnapshot,
	hold
};

declare global {
	interface Window {
		bench: typeof bench;
		ready: boolean;
	}
}

window.bench = bench;
window.ready = true;
