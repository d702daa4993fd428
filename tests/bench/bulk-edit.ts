/**
 * One edit of ten thousand entries of a large ledger, and the undo, in the app: how long each takes, and tasks and
 * frames of the main thread meanwhile.
 *
 *     node tests/bench/bulk-edit.ts [entries] [selected]     # after `npm run build`
 */
import type { Page } from 'playwright-core';
import { launchBrowser } from '#tests/support/browser.ts';
import { spawnService } from '#tests/support/run-service.ts';
import { signUpWithLedger } from './send-documents.ts';
import { describe, openInStep, watch } from './watched-page.ts';

const PATIENCE_MS = 300_000;

async function time(page: Page, what: string, run: () => Promise<void>): Promise<void> {
	const readWatched = await watch(page);
	const began = performance.now();
	await run();
	const seconds = (performance.now() - began) / 1000;
	console.log(`${what}: ${seconds.toFixed(1)} s; ${describe(await readWatched())}`);
}

const entries = Number(process.argv[2] ?? 100_000);
const selected = Number(process.argv[3] ?? 10_000);
const service = await spawnService();
const browser = await launchBrowser();
try {
	const { person, transactions } = await signUpWithLedger(service.url, entries);
	const days = transactions.map(({ spentOn }) => spentOn).sort();
	const page = await openInStep(browser, service.url, '/transactions', person);
	page.setDefaultTimeout(PATIENCE_MS);
	await page.goto(`/transactions?from=${days.at(-selected) ?? ''}`);
	await page.getByText('entries found').waitFor();
	await page.locator('h1').first().click();
	await time(page, 'select all that is found', async () => {
		await page.keyboard.press('Control+a');
		await page.getByRole('region', { name: 'Selected entries' }).waitFor();
	});
	await page.getByRole('button', { name: 'Tags' }).click();
	await page.getByRole('dialog', { name: 'Tags' }).getByLabel('Add').fill('bench');
	await time(page, 'put a tag on them', async () => {
		await page.getByRole('button', { name: /^Change/ }).click();
		await page.getByText('entries changed').waitFor();
	});
	await time(page, 'take it back', async () => {
		await page.getByRole('button', { name: 'Undo' }).click();
		await page.getByText('Taken back').waitFor();
	});
} finally {
	await browser.close();
	await service.clean();
}
