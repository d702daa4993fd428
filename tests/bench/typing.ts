/**
 * Typing in the search of a large ledger, in the app, with the CPU slowed four times: tasks and frames of
 * the main thread beside those of the same typing in a field that searches nothing.
 *
 *     node tests/bench/typing.ts [entries]     # after `npm run build`
 */
import type { Page } from 'playwright-core';
import { signUp } from '#tests/service/people.ts';
import { launchBrowser } from '#tests/support/browser.ts';
import { generateLargeLedger } from '#tests/support/large-ledger.ts';
import { spawnService } from '#tests/support/run-service.ts';
import { sendDocuments } from './send-documents.ts';
import { describe, openInStep, readWatched, watch } from './watched-page.ts';

const SLOWED = 4;
const KEY_MS = 120;
const REST_MS = 3_000;
/** By then what was found has been drawn. */
const DRAWN_MS = 1_000;

async function type(page: Page, selector: string, text: string): Promise<void> {
	await page.locator(selector).first().focus();
	await page.evaluate(() => {
		window.longTasks = [];
		window.frameTimes = [];
	});
	for (const key of text) {
		await page.keyboard.press(key);
		// The pace of a quick typist: the machine has no say in it.
		await new Promise((resolve) => setTimeout(resolve, KEY_MS));
	}
	console.log(`  while typing: ${describe(await readWatched(page))}`);
	await page.evaluate(() => {
		window.longTasks = [];
		window.frameTimes = [];
	});
	await new Promise((resolve) => setTimeout(resolve, DRAWN_MS));
	console.log(`  and after it: ${describe(await readWatched(page))}`);
}

const entries = Number(process.argv[2] ?? 100_000);
const service = await spawnService();
const browser = await launchBrowser();
try {
	const person = await signUp(service.url);
	const { categories, accounts, transactions } = generateLargeLedger(entries);
	await sendDocuments(person, [...categories, ...accounts, ...transactions]);
	const page = await openInStep(browser, service.url, '/transactions', person);
	const words = [transactions.find(({ note }) => note !== '')?.note ?? '', '12.5', 'food expense'];
	await watch(page, SLOWED);
	for (const word of words) {
		console.log(`typing "${word}" at ${entries} entries, CPU slowed ${SLOWED}×`);
		await type(page, 'input[type="search"]', word);
		await page.locator('input[type="search"]').fill('');
		// The whole list is drawn again before the next word.
		await new Promise((resolve) => setTimeout(resolve, REST_MS));
	}
	console.log('the same in a field that searches nothing');
	await page.evaluate(() => {
		const field = document.createElement('input');
		field.id = 'floor';
		document.querySelector('.search')?.append(field);
	});
	await type(page, '#floor', words.join(' '));
} finally {
	await browser.close();
	await service.clean();
}
