/**
 * How soon `/add` paints and takes a key, and what a first visit weighs.
 *
 * Every time is a median over runs with the CPU slowed four times, beside the floor: a page with nothing
 * but one text field, from the same service, in the same browser, in the same run. Machines are noisy;
 * the ratios to the floor are what to look at.
 *
 *     npm run bench            # after `npm run build`
 */
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '#tests/support/browser.ts';
import { countBytes } from '#tests/support/count-bytes.ts';
import { spawnService } from '#tests/support/run-service.ts';
import { untilInstalled } from '#tests/support/steps.ts';

const RUNS = 7;
const SLOWED = 4;
const FLOOR = '/floor';

interface Times {
	/** Navigation to first contentful paint, in milliseconds. */
	paint: number;
	/** Navigation to the first key that a field took, in milliseconds. */
	key: number;
}

declare global {
	interface Window {
		firstKeyAt?: number;
	}
}

async function measure(page: Page, path: string): Promise<Times> {
	const session = await page.context().newCDPSession(page);
	await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWED });
	await page.goto(path, { waitUntil: 'commit' });
	// A person who is in a hurry: one key after the other until one is taken.
	while ((await page.evaluate(() => window.firstKeyAt).catch(() => undefined)) === undefined) {
		await page.keyboard.press('7');
	}
	const paint = await page.evaluate(
		() =>
			new Promise<number>((resolve) => {
				new PerformanceObserver((list, observer) => {
					const [entry] = list.getEntriesByName('first-contentful-paint');
					if (!entry) return;
					observer.disconnect();
					resolve(entry.startTime);
				}).observe({ type: 'paint', buffered: true });
			})
	);
	const key = await page.evaluate(() => window.firstKeyAt ?? Infinity);
	await session.detach();
	return { paint, key };
}

async function openWatched(browser: Browser, baseURL: string): Promise<Page> {
	const context = await browser.newContext({ baseURL, viewport: { width: 390, height: 844 } });
	await context.addInitScript(() => {
		addEventListener('input', () => (window.firstKeyAt ??= performance.now()), { capture: true });
	});
	await context.route(`**${FLOOR}`, (route) =>
		route.fulfill({
			contentType: 'text/html',
			body: '<!doctype html><title>Floor</title><label>Amount <input autofocus></label>'
		})
	);
	return context.newPage();
}

/** A new profile each time: nothing is cached, no service worker is there. */
async function measureCold(browser: Browser, url: string, path: string): Promise<Times> {
	const page = await openWatched(browser, url);
	const times = await measure(page, path);
	await page.context().close();
	return times;
}

/** One profile that has been there before: the service worker answers. */
async function measureWarm(browser: Browser, url: string): Promise<Times[]> {
	const page = await openWatched(browser, url);
	await page.goto('/add');
	await untilInstalled(page);
	const all: Times[] = [];
	for (let run = 0; run < RUNS; run++) all.push(await measure(page, '/add'));
	await page.context().close();
	return all;
}

async function weigh(browser: Browser, baseURL: string, path: string): Promise<number> {
	const context = await browser.newContext({ baseURL, serviceWorkers: 'block' });
	const page = await context.newPage();
	const count = await countBytes(page);
	await page.goto(path, { waitUntil: 'networkidle' });
	const bytes = await count();
	await context.close();
	return bytes;
}

function median(values: number[]): number {
	return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function toMedians(all: Times[]): Times {
	return { paint: median(all.map(({ paint }) => paint)), key: median(all.map(({ key }) => key)) };
}

const service = await spawnService();
const browser = await launchBrowser();
try {
	const floor: Times[] = [];
	const cold: Times[] = [];
	for (let run = 0; run < RUNS; run++) {
		floor.push(await measureCold(browser, service.url, FLOOR));
		cold.push(await measureCold(browser, service.url, '/add'));
	}
	const base = toMedians(floor);
	const rows = {
		floor: base,
		'cold /add': toMedians(cold),
		'warm /add': toMedians(await measureWarm(browser, service.url))
	};
	console.log(`CPU slowed ${SLOWED}×, medians of ${RUNS} runs`);
	for (const [name, { paint, key }] of Object.entries(rows)) {
		console.log(
			`${name.padEnd(10)} first paint ${paint.toFixed(0).padStart(5)} ms (${(paint / base.paint).toFixed(1)}× the floor)` +
				`   first key ${key.toFixed(0).padStart(5)} ms (${(key / base.key).toFixed(1)}× the floor)`
		);
	}
	for (const path of [
		'/',
		'/add',
		'/transactions',
		'/insights',
		'/import',
		'/settings',
		'/sign-up'
	]) {
		const bytes = await weigh(browser, service.url, path);
		console.log(`first visit to ${path.padEnd(14)} ${(bytes / 1024).toFixed(1)} KB over the wire`);
	}
} finally {
	await browser.close();
	await service.clean();
}
