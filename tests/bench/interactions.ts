/**
 * How long the page takes to answer a press, from the event to the next frame painted (what *interaction to next
 * paint* is made of), on a large ledger with the CPU slowed four times.
 *
 *     node tests/bench/interactions.ts [entries]     # after `npm run build`
 */
import type { Page } from 'playwright-core';
import { launchBrowser } from '#tests/support/browser.ts';
import { spawnService } from '#tests/support/run-service.ts';
import { quantile } from './quantile.ts';
import { signUpWithLedger } from './send-documents.ts';
import { openInStep, slowDown, type SIZES } from './watched-page.ts';

const SLOWED = 4;
const ROUNDS = 5;
/** Of the slowest of what people do, at most so many milliseconds. */
const TARGET_MS = 100;
/** By then whatever a press has set off is over. */
const REST_MS = 800;

declare global {
	interface Window {
		presses: number[];
	}
}

interface Interaction {
	name: string;
	/** One or more presses; the slowest counts. */
	run(page: Page): Promise<void>;
	/** Puts things back, unmeasured. */
	back?(page: Page): Promise<void>;
}

const PLACES: Record<string, readonly Interaction[]> = {
	'/transactions': [
		{ name: 'J and K', run: (page) => pressAll(page, ['j', 'j', 'j', 'k']) },
		{
			name: 'a letter in search',
			async run(page) {
				await page.locator('input[type="search"]').focus();
				await pressAll(page, ['f', 'o', 'o', 'd']);
			},
			back: (page) => page.locator('input[type="search"]').fill('')
		},
		{
			name: 'the filter opens',
			run: (page) => page.getByRole('button', { name: 'Filter', exact: true }).click(),
			back: (page) => page.keyboard.press('Escape')
		},
		{
			name: 'an entry opens',
			run: (page) => page.locator('[data-place="2"] a').click(),
			back: async (page) => void (await page.goBack())
		},
		{ name: 'to Home', run: toPage('Home'), back: toPage('Transactions') },
		{ name: 'to Insights', run: toPage('Insights'), back: toPage('Transactions') }
	],
	'/add': [
		{
			name: 'digits of an amount',
			async run(page) {
				await page.getByLabel('Amount', { exact: true }).focus();
				await pressAll(page, ['1', '2', '.', '5']);
			},
			back: (page) => page.getByLabel('Amount', { exact: true }).fill('')
		},
		{
			name: 'letters of a payee',
			async run(page) {
				await page.getByLabel('Payee').focus();
				await pressAll(page, ['l', 'u', 'p']);
			},
			back: (page) => page.getByLabel('Payee').fill('')
		},
		{
			name: 'Save & new',
			async run(page) {
				await page.getByRole('button', { name: 'Save & new' }).click();
				await page.waitForFunction(
					() => document.querySelector<HTMLInputElement>('input[name="amount"]')?.value === ''
				);
			}
		}
	]
};

function toPage(name: string) {
	return (page: Page): Promise<void> =>
		page.getByRole('link', { name, exact: true }).first().click();
}

async function pressAll(page: Page, keys: readonly string[]): Promise<void> {
	for (const key of keys) {
		await page.keyboard.press(key);
		await new Promise((resolve) => setTimeout(resolve, 300));
	}
}

/** The slowest press of an interaction, in milliseconds, in each round. */
async function measure(page: Page, { name, run, back }: Interaction): Promise<number> {
	const slowest: number[] = [];
	for (let round = 0; round < ROUNDS; round++) {
		if (name === 'Save & new') await page.getByLabel('Amount', { exact: true }).fill('7.5');
		await rest();
		await page.evaluate(() => (window.presses = []));
		await run(page);
		await rest();
		slowest.push(Math.max(0, ...(await page.evaluate(() => window.presses))));
		await back?.(page);
	}
	const median = quantile(slowest, 0.5);
	console.log(
		`  ${name.padEnd(20)} p50 ${median.toFixed(0).padStart(4)} ms, slowest of ${ROUNDS} ${Math.max(
			...slowest
		)
			.toFixed(0)
			.padStart(4)} ms: ${median <= TARGET_MS ? 'met' : 'MISSED'}`
	);
	return median;
}

function rest(): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, REST_MS));
}

const entries = Number(process.argv[2] ?? 100_000);
const service = await spawnService();
const browser = await launchBrowser();
try {
	const { person } = await signUpWithLedger(service.url, entries);
	for (const size of ['phone', 'desktop'] as const satisfies (keyof typeof SIZES)[]) {
		for (const [path, interactions] of Object.entries(PLACES)) {
			const page = await openInStep(browser, service.url, path, person, size);
			await slowDown(page, SLOWED);
			await page.evaluate(() => {
				new PerformanceObserver((list) => {
					for (const { duration, interactionId } of list.getEntries() as PerformanceEventTiming[]) {
						if (interactionId) window.presses.push(duration);
					}
				}).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
			});
			console.log(
				`${path} ${size}, ${entries} entries, CPU slowed ${SLOWED}×, target ≤ ${TARGET_MS} ms`
			);
			for (const interaction of interactions) await measure(page, interaction);
			await page.context().close();
		}
	}
} finally {
	await browser.close();
	await service.clean();
}
