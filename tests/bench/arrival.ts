/**
 * What the page feels while 10,000 documents arrive from another device, with the CPU slowed four times;
 * and how soon a saved entry is painted, against a bare PouchDB `put` in the same page.
 *
 *     node tests/bench/arrival.ts            # after `npm run build`
 *
 * Long tasks are counted by the clock on the wall: on a busy machine others' work is counted too.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import type { Transaction } from '#contract/documents/transaction.ts';
import { pushDocuments, signUp, type Person } from '#tests/service/people.ts';
import { launchBrowser } from '#tests/support/browser.ts';
import { generateLargeLedger } from '#tests/support/large-ledger.ts';
import { spawnService } from '#tests/support/run-service.ts';
import { signIn, untilInStep } from '#tests/support/steps.ts';

const BEFORE = 300;
const ARRIVING = 10_000;
const BATCH = 500;
const SLOWED = 4;
const SAVES = 30;
const FRAME_MS = 1000 / 60;
const LAST = 'The last of all';

declare global {
	interface Window {
		longTasks: number[];
		frames: number[];
	}
}

/** What is there before: a page in use, not one that draws its first month. */
function documentsBefore(): Transaction[] {
	return generateLargeLedger(BEFORE, { seed: 2 }).transactions;
}

/** What another device then sends, the newest entry at the end. */
function documentsArriving(): Transaction[] {
	const { transactions } = generateLargeLedger(ARRIVING);
	const last = transactions.at(-1);
	if (last) Object.assign(last, { payee: LAST, spentOn: '2026-11-22', spentTime: '23:59:59' });
	return transactions;
}

async function send(person: Person, all: readonly Transaction[]): Promise<void> {
	for (let at = 0; at < all.length; at += BATCH) {
		const revised = all.slice(at, at + BATCH).map((document) => {
			const hash = randomBytes(16).toString('hex');
			return { ...document, _rev: `1-${hash}`, _revisions: { start: 1, ids: [hash] } };
		});
		await pushDocuments(person, ...revised);
	}
}

/** Opens a page on which everything is in step, and watches its main thread. */
async function openWatched(browser: Browser, url: string, path: string, person: Person) {
	const context = await browser.newContext({
		baseURL: url,
		serviceWorkers: 'block',
		viewport: { width: 1280, height: 800 }
	});
	const page = await context.newPage();
	await signIn(page, person.email);
	await page.goto(path);
	await untilInStep(page);
	const session = await context.newCDPSession(page);
	await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWED });
	await page.evaluate(() => {
		window.longTasks = [];
		window.frames = [];
		new PerformanceObserver((list) => {
			for (const { duration } of list.getEntries()) window.longTasks.push(duration);
		}).observe({ type: 'longtask' });
		let last = performance.now();
		const frame = () => {
			window.frames.push(performance.now() - last);
			last = performance.now();
			requestAnimationFrame(frame);
		};
		requestAnimationFrame(frame);
	});
	return page;
}

async function measureArrival(browser: Browser, url: string, path: string): Promise<void> {
	const person = await signUp(url);
	await send(person, documentsBefore());
	const page = await openWatched(browser, url, path, person);
	const began = performance.now();
	await send(person, documentsArriving());
	const sent = performance.now() - began;
	// Looked for seldom and lightly: the page's own work is what is measured.
	await page.waitForFunction(
		(last) => {
			const links = [...document.querySelectorAll('main tr.entry a, main li a')].slice(0, 10);
			return links.some((link) => link.textContent?.includes(last));
		},
		LAST,
		{ polling: 500, timeout: 300_000 }
	);
	const arrived = performance.now() - began;
	const { longTasks, frames } = await page.evaluate(() => ({
		longTasks: window.longTasks,
		frames: window.frames
	}));
	const [longest = 0] = [...longTasks].sort((a, b) => b - a);
	console.log(
		`${path.padEnd(14)} ${ARRIVING} documents: sent in ${toSeconds(sent)}, all on screen after ${toSeconds(arrived)}; ` +
			`tasks over 50 ms: ${longTasks.length}${longest > 0 ? `, the longest ${longest.toFixed(0)} ms` : ''}; ` +
			`frames p50 ${quantile(frames, 0.5).toFixed(1)} ms, p99 ${quantile(frames, 0.99).toFixed(1)} ms, longest ${Math.max(...frames).toFixed(0)} ms`
	);
	await page.context().close();
}

/** Saves entries, one bare put beside each. */
async function measureSaves(browser: Browser, url: string): Promise<void> {
	const context = await browser.newContext({
		baseURL: url,
		// PouchDB is put into the page by this script, which the page's own policy would refuse.
		bypassCSP: true,
		serviceWorkers: 'block',
		viewport: { width: 1280, height: 800 }
	});
	const page = await context.newPage();
	await page.goto('/add');
	const dist = fileURLToPath(import.meta.resolve('pouchdb/dist/pouchdb.min.js'));
	await page.addScriptTag({ content: await readFile(dist, 'utf8') });
	const puts: number[] = [];
	const drawings: number[] = [];
	const paints: number[] = [];
	for (let save = 1; save <= SAVES; save++) {
		await page.getByLabel('Amount', { exact: true }).fill(String(save));
		await page.getByLabel('Payee').fill(`Payee ${save}`);
		const { drawn, painted } = await page.evaluate(saveAndPaint, `Payee ${save}`);
		drawings.push(drawn);
		paints.push(painted);
		puts.push(await page.evaluate(putBare, generateLargeLedger(1, { seed: save }).transactions[0]));
	}
	const put = quantile(puts, 0.5);
	const paint = quantile(paints, 0.5);
	console.log(
		`an entry saved → in the list: p50 ${quantile(drawings, 0.5).toFixed(1)} ms; → painted: p50 ${paint.toFixed(1)} ms, p95 ${quantile(paints, 0.95).toFixed(1)} ms; ` +
			`a bare put: p50 ${put.toFixed(1)} ms, p95 ${quantile(puts, 0.95).toFixed(1)} ms; ` +
			`${(paint - put).toFixed(1)} ms apart (a frame is ${FRAME_MS.toFixed(1)} ms)`
	);
	await context.close();
}

/**
 * Presses "Save & new".
 *
 * @returns how long it took until the entry stood in the list beside the form, and until that had been
 * painted, in milliseconds.
 */
async function saveAndPaint(payee: string): Promise<{ drawn: number; painted: number }> {
	// Whatever typing has set off is over by then.
	await new Promise((resolve) => setTimeout(resolve, 300));
	const button = [...document.querySelectorAll('button')].find((each) =>
		each.textContent?.includes('Save & new')
	);
	const began = performance.now();
	const listed = new Promise<void>((resolve) => {
		new MutationObserver((_, observer) => {
			const rows = [...document.querySelectorAll('main li a')];
			if (!rows.some((row) => row.textContent?.includes(payee))) return;
			observer.disconnect();
			resolve();
		}).observe(document.body, { childList: true, subtree: true, characterData: true });
	});
	button?.click();
	await listed;
	const drawn = performance.now() - began;
	await new Promise((resolve) => {
		requestAnimationFrame(() => {
			// A message that is posted in a frame is taken after that frame has been painted.
			const { port1, port2 } = new MessageChannel();
			port1.onmessage = resolve;
			port2.postMessage(0);
		});
	});
	return { drawn, painted: performance.now() - began };
}

/** @returns how long PouchDB takes for a document in a database of its own, in milliseconds. */
async function putBare(document: unknown): Promise<number> {
	type Bare = { put(document: unknown): Promise<unknown> };
	const scope = window as unknown as { PouchDB: new (name: string) => Bare; bare?: Bare };
	scope.bare ??= new scope.PouchDB('bare');
	await new Promise((resolve) => setTimeout(resolve, 300));
	const began = performance.now();
	await scope.bare.put(document);
	return performance.now() - began;
}

function quantile(values: readonly number[], at: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? NaN;
}

function toSeconds(ms: number): string {
	return `${(ms / 1000).toFixed(1)} s`;
}

const service = await spawnService();
const browser = await launchBrowser();
try {
	console.log('CPU as it is');
	await measureSaves(browser, service.url);
	console.log(`CPU slowed ${SLOWED}×`);
	for (const path of ['/', '/transactions']) await measureArrival(browser, service.url, path);
} finally {
	await browser.close();
	await service.clean();
}
