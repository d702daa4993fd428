/**
 * The ledger in memory, at 10,000 and 100,000 made-up transactions, in Chromium with its databases on disk:
 * how soon a start has the month and the list, how long queries and a put take, and what a transaction
 * weighs. Everything stands beside its alternative, measured in the same run; machines are noisy, so the
 * ratios are what to look at.
 *
 *     node tests/bench/ledger.ts            # both sizes
 *     node tests/bench/ledger.ts 10000
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { launchProfile } from '#tests/support/browser.ts';
import { bundlePage, type PageBundle } from '#tests/support/page-bundle.ts';
import type { RunTimes, StartTimes } from './ledger-page.ts';

/** How often each way to start is taken, in turns. */
const STARTS = 5;
/** How many entries were changed since the snapshot. */
const CHANGES = 20;
const SHAPES = ['columns', 'columns, searched and written to', 'entries', 'documents'];

/** Calls `use` with a page that nothing was done in yet. */
async function onFreshPage<T>(
	profile: BrowserContext,
	{ url }: PageBundle,
	use: (page: Page) => Promise<T>
): Promise<T> {
	const page = await profile.newPage();
	await page.goto(url);
	await page.waitForFunction(() => window.ready);
	const result = await use(page);
	await page.close();
	return result;
}

async function benchStarts(onPage: OnPage, name: string): Promise<void> {
	const snapshot: StartTimes[] = [];
	const allDocs: StartTimes[] = [];
	for (let run = 0; run < STARTS; run++) {
		snapshot.push(
			await onPage((page) => page.evaluate((name) => window.bench.startFromSnapshot(name), name))
		);
		allDocs.push(
			await onPage((page) => page.evaluate((name) => window.bench.startFromAllDocs(name), name))
		);
	}
	const base = median(allDocs.map(({ usable }) => usable));
	const usable = median(snapshot.map(({ usable }) => usable));
	const upToDate = median(snapshot.map(({ upToDate }) => upToDate));
	console.log(`start to a month and a list (medians of ${STARTS} fresh pages)`);
	console.log(`  with allDocs                 ${ms(base)}`);
	console.log(`  from the snapshot            ${ms(usable)}   ${ratio(base, usable)} faster`);
	console.log(
		`  and ${CHANGES} changes since, by then  ${ms(upToDate)}   ${ratio(base, upToDate)} faster, PouchDB's opening included`
	);
}

async function benchRuns(onPage: OnPage, name: string): Promise<void> {
	const steps = await onPage((page) => page.evaluate((name) => window.bench.timeSteps(name), name));
	const queries = await onPage((page) =>
		page.evaluate((name) => window.bench.timeQueries(name), name)
	);
	const puts = await onPage((page) => page.evaluate((name) => window.bench.timePuts(name), name));
	const { runs, bytes } = await onPage((page) =>
		page.evaluate((name) => window.bench.timeSnapshot(name), name)
	);
	console.log('queries over the columns, a put, a snapshot');
	console.log(
		`  made ready in ${steps.steps} steps         ${ms(steps.total)}   the longest ${ms(steps.longest)}`
	);
	for (const run of [...queries, ...puts, ...runs]) printRun(run);
	const slow = queries.filter(({ median }) => median >= 10).map(({ name }) => name);
	console.log(`  queries of 10 ms and more: ${slow.join(', ') || 'none'}`);
	console.log(`  a snapshot has ${(bytes / 1024 / 1024).toFixed(1)} MiB`);
}

function printRun({ name, first, median, longest, results }: RunTimes): void {
	console.log(
		`  ${name.padEnd(28)} ${ms(median)}   first ${ms(first)}   longest ${ms(longest)}   ${results} results`
	);
}

/** Bytes of JavaScript memory and of array buffers, when all that can be let go was. */
async function weigh(onPage: OnPage, name: string, shape: string): Promise<[number, number]> {
	return onPage(async (page) => {
		const session = await page.context().newCDPSession(page);
		const measure = async (): Promise<number> => {
			// A second collection takes what the first one's finalisers let go.
			await session.send('HeapProfiler.collectGarbage');
			await session.send('HeapProfiler.collectGarbage');
			const usage = (await session.send('Runtime.getHeapUsage')) as Record<string, number>;
			return (usage.usedSize ?? NaN) + (usage.backingStorageSize ?? NaN);
		};
		const before = await measure();
		const entries = await page.evaluate(
			([name, shape]) => window.bench.hold(name!, shape!),
			[name, shape]
		);
		return [(await measure()) - before, entries];
	});
}

async function benchMemory(onPage: OnPage, name: string): Promise<void> {
	console.log('memory, in bytes a transaction');
	let columns = NaN;
	for (const shape of SHAPES) {
		const [bytes, entries] = await weigh(onPage, name, shape);
		const each = bytes / entries;
		if (shape === 'columns') columns = each;
		console.log(`  ${shape.padEnd(34)} ${each.toFixed(0).padStart(6)}   ${ratio(each, columns)}`);
	}
}

function median(values: number[]): number {
	return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function ms(value: number): string {
	return `${value.toFixed(value < 10 ? 3 : 0).padStart(6)} ms`;
}

function ratio(a: number, b: number): string {
	return `${(a / b).toFixed(1)}×`;
}

type OnPage = <T>(use: (page: Page) => Promise<T>) => Promise<T>;

const sizes = process.argv.slice(2).map(Number).filter(Number.isInteger);
const bundle = await bundlePage(fileURLToPath(new URL('ledger-page.ts', import.meta.url)), true);
const folder = await mkdtemp(join(tmpdir(), 'outlay-bench-'));
try {
	const profile = await launchProfile(folder);
	const onPage: OnPage = (use) => onFreshPage(profile, bundle, use);
	for (const count of sizes.length > 0 ? sizes : [10_000, 100_000]) {
		const name = `outlay-ledger-bench-${count}`;
		console.log(`\n${count} transactions over ten years`);
		const filled = await onPage((page) =>
			page.evaluate(([name, count, changes]) => window.bench.fill(name, count, changes), [
				name,
				count,
				CHANGES
			] as const)
		);
		console.log(
			`  (filled in ${ms(filled.fill ?? NaN).trim()}; the snapshot took ${ms(filled.make ?? NaN).trim()}` +
				` from the beginning, ${ms(filled.rebuild ?? NaN).trim()} after ${CHANGES} changes)`
		);
		await benchStarts(onPage, name);
		await benchRuns(onPage, name);
		await benchMemory(onPage, name);
	}
	await profile.close();
} finally {
	await bundle.close();
	await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
