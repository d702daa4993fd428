/**
 * Typing in the search of a large ledger, in the app, with the CPU slowed four times: tasks and frames of
 * the main thread beside those of the same typing in a field that searches nothing.
 *
 *     node tests/bench/typing.ts [entries]     # after `npm run build`
 */
import type { Page } from 'playwright-core';
import { launchBrowser } from '#tests/support/browser.ts';
import { spawnService } from '#tests/support/run-service.ts';
import { signUpWithLedger } from './send-documents.ts';
import { describe, openInStep, slowDown, watch } from './watched-page.ts';

const SLOWED = 4;
/** The pace of a quick typist, and of one who sees results between the keys. */
const PACES_MS = [120, 500];
const REST_MS = 3_000;
const FRAME_MS = 1000 / 60;

async function type(page: Page, selector: string, text: string, keyMs: number): Promise<void> {
	await page.locator(selector).first().focus();
	const typing = await watch(page);
	for (const key of text) {
		await page.keyboard.press(key);
		// The machine has no say in the pace.
		await new Promise((resolve) => setTimeout(resolve, keyMs));
	}
	console.log(`  a key every ${keyMs} ms: ${describe(await typing(), FRAME_MS)}`);
}

const entries = Number(process.argv[2] ?? 100_000);
const service = await spawnService();
const browser = await launchBrowser();
try {
	const { person, transactions } = await signUpWithLedger(service.url, entries);
	const page = await openInStep(browser, service.url, '/transactions', person);
	const words = [transactions.find(({ note }) => note !== '')?.note ?? '', '12.5', 'food expense'];
	await slowDown(page, SLOWED);
	for (const word of words) {
		console.log(`typing "${word}" at ${entries} entries, CPU slowed ${SLOWED}×`);
		for (const keyMs of PACES_MS) {
			await type(page, 'input[type="search"]', word, keyMs);
			await page.locator('input[type="search"]').fill('');
			// The whole list is drawn again before the next word.
			await new Promise((resolve) => setTimeout(resolve, REST_MS));
		}
	}
	console.log('the same in a field that searches nothing');
	await page.evaluate(() => {
		const field = document.createElement('input');
		field.id = 'floor';
		document.querySelector('.search')?.append(field);
	});
	for (const keyMs of PACES_MS) await type(page, '#floor', words.join(' '), keyMs);
} finally {
	await browser.close();
	await service.clean();
}
