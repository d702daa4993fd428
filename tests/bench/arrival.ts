/**
 * What the page feels while 10,000 documents arrive from another device, with the CPU slowed four times, on both sizes of screen;
 * and how soon a saved entry is painted, against a bare PouchDB `put` in the same page.
 *
 *     node tests/bench/arrival.ts            # after `npm run build`
 *
 * Tasks are counted twice: by what the thread itself ran, and by the clock, with all that the other processes
 * took from it meanwhile.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import type { Transaction } from '#contract/documents/transaction.ts';
import { signUp } from '#tests/service/people.ts';
import { launchBrowser } from '#tests/support/browser.ts';
import { generateLargeLedger } from '#tests/support/large-ledger.ts';
import { spawnService } from '#tests/support/run-service.ts';
import { quantile } from './quantile.ts';
import { sendDocuments } from './send-documents.ts';
import { describe, openInStep, slowDown, watch, type SIZES } from './watched-page.ts';

const BEFORE = 300;
const ARRIVING = 10_000;
const SLOWED = 4;
const SAVES = 30;
const FRAME_MS = 1000 / 60;
const LAST = 'The last of all';

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

async function measureArrival(
	browser: Browser,
	url: string,
	path: string,
	size: keyof typeof SIZES
): Promise<void> {
	const person = await signUp(url);
	await sendDocuments(person, documentsBefore());
	const page = await openInStep(browser, url, path, person, size);
	// What the browser is driven by is put into the page when it first waits for something: 330 KB, 35 ms of its own.
	await page.waitForFunction(() => document.readyState === 'complete');
	await slowDown(page, SLOWED);
	const readWatched = await watch(page);
	const began = performance.now();
	await sendDocuments(person, documentsArriving());
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
	console.log(
		`${path.padEnd(14)} ${size.padEnd(8)} ${ARRIVING} documents: sent in ${toSeconds(sent)}, all on screen after ${toSeconds(arrived)}; ` +
			describe(await readWatched())
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

function toSeconds(ms: number): string {
	return `${(ms / 1000).toFixed(1)} s`;
}

const service = await spawnService();
const browser = await launchBrowser();
try {
	console.log('CPU as it is');
	await measureSaves(browser, service.url);
	console.log(`CPU slowed ${SLOWED}×`);
	for (const path of ['/', '/transactions']) {
		for (const size of ['phone', 'desktop'] as const) {
			await measureArrival(browser, service.url, path, size);
		}
	}
} finally {
	await browser.close();
	await service.clean();
}
