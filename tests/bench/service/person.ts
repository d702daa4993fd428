/**
 * What the app in real Chromium asks of service and store: to be opened, and for an expense that the same
 * person's other device gets. Requests by Cloudant's classes, bytes on the line, CPU time of the service.
 * Then how long the expense takes from the press of the button on one page to its row on the other.
 *
 *     node tests/bench/service/person.ts                 # after `npm run build`, on the embedded store
 *     COUCH_URL=… node tests/bench/service/person.ts     # on a CouchDB
 *
 * Linux only. Both pages share the machine with service and store.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '#tests/support/browser.ts';
import { spawnService } from '#tests/support/run-service.ts';
import { anEmail, signIn, signUp, untilInstalled, untilInStep } from '#tests/support/steps.ts';
import { quantile } from '#tests/bench/quantile.ts';
import { countLine } from './counted-line.ts';
import { countStore } from './counted-store.ts';
import { cpuTime } from './cpu-time.ts';
import { spawnStore } from './spawn-store.ts';

const OPENINGS = 10;
const EXPENSES = 30;

/** Saves an entry on `/add`; resolves with the moment of the press, in milliseconds since the epoch. */
async function save(page: Page, payee: string): Promise<number> {
	await page.getByLabel('Amount', { exact: true }).fill('12.50');
	await page.getByLabel('Payee').fill(payee);
	return page.evaluate(() => {
		const buttons = [...document.querySelectorAll('button')];
		const button = buttons.find(({ textContent }) => textContent.includes('Save & new'));
		const pressedAt = performance.timeOrigin + performance.now();
		button?.click();
		return pressedAt;
	});
}

/** Resolves with the moment at which an entry stands in the list, in milliseconds since the epoch. */
function untilShown(page: Page, payee: string): Promise<number> {
	return page.evaluate(
		(payee) =>
			new Promise<number>((resolve) => {
				const look = () => {
					if (!document.querySelector('main')?.textContent.includes(payee)) return;
					observer.disconnect();
					resolve(performance.timeOrigin + performance.now());
				};
				const observer = new MutationObserver(look);
				observer.observe(document.body, { childList: true, subtree: true, characterData: true });
				look();
			}),
		payee
	);
}

async function open(context: BrowserContext, path: string): Promise<Page> {
	const page = await context.newPage();
	await page.goto(path);
	await untilInStep(page);
	return page;
}

const dataDir = await mkdtemp(join(tmpdir(), 'outlay-person-'));
const endStore = await spawnStore(dataDir);
const store = await countStore(dataDir);
const service = await spawnService({ dataDir, env: store.env });
const line = await countLine(service.url);
const browser = await launchBrowser();

/** Does something so many times; what each time cost. */
async function measure(name: string, times: number, work: (at: number) => Promise<void>) {
	await store.untilQuiet();
	store.take();
	line.take();
	const before = await cpuTime(service.pid);
	for (let at = 0; at < times; at++) {
		await work(at);
		await store.untilQuiet();
	}
	const cpu = ((await cpuTime(service.pid)) - before) / times;
	const { requests, ofAccounts, ...classes } = store.take();
	const each = Object.entries(classes).map(
		([name, count]) => `${(count / times).toFixed(1)} ${name}`
	);
	console.log(
		`${name}: ${(requests / times).toFixed(1)} requests to the store (${each.join(', ')}), ${(ofAccounts / times).toFixed(1)} of them to the accounts, ` +
			`${(line.take() / times / 1024).toFixed(1)} KiB on the line, ${cpu.toFixed(0)} ms of the service's CPU`
	);
}

try {
	const email = anEmail();
	const devices = await Promise.all(
		['390x844', '1440x900'].map((size) => {
			const [width = 0, height = 0] = size.split('x').map(Number);
			return browser.newContext({ baseURL: line.url, viewport: { width, height } });
		})
	);
	const [phone, laptop] = devices as [BrowserContext, BrowserContext];
	for (const device of devices) {
		device.setDefaultTimeout(60_000);
		const page = await device.newPage();
		await (device === phone ? signUp(page, email) : signIn(page, email));
		await untilInStep(page);
		await untilInstalled(page);
		await page.close();
	}
	await measure('the app opened', OPENINGS, async () => {
		const page = await open(phone, '/');
		await store.untilQuiet();
		await page.close();
	});
	const writer = await open(phone, '/add');
	const reader = await open(laptop, '/transactions');
	const delays: number[] = [];
	await measure('an expense, both devices open', EXPENSES, async (at) => {
		const shown = untilShown(reader, `Payee ${at}.`);
		const pressedAt = await save(writer, `Payee ${at}.`);
		delays.push((await shown) - pressedAt);
	});
	console.log(
		`saved on one page, shown on the other after: p50 ${quantile(delays, 0.5).toFixed(0)} ms, p95 ${quantile(delays, 0.95).toFixed(0)} ms (${EXPENSES} expenses)`
	);
} finally {
	await browser.close();
	line.close();
	await service.kill();
	await store.remove();
	await endStore();
	await rm(dataDir, { recursive: true, force: true });
}
