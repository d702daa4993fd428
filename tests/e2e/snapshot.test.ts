import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchBrowser, openPage } from '#tests/support/browser.ts';
import { bundlePage, type PageBundle } from '#tests/support/page-bundle.ts';
import type {} from './snapshot-page.ts';

let bundle: PageBundle;
let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
	bundle = await bundlePage(fileURLToPath(new URL('snapshot-page.ts', import.meta.url)));
	browser = await launchBrowser();
});

afterAll(async () => {
	await browser.close();
	await bundle.close();
});

/** Another start: nothing in memory. */
async function reload(): Promise<void> {
	await page.goto(bundle.url);
	await page.waitForFunction(() => window.ready);
}

beforeEach(async () => {
	({ page, complaints } = await openPage(await browser.newContext()));
	await reload();
	return async () => {
		expect(complaints).toEqual([]);
		await page.context().close();
	};
});

const write = (...notes: string[]) =>
	page.evaluate((notes) => window.snapshots.write(...notes), notes);
const rebuild = () => page.evaluate(() => window.snapshots.rebuild());
const read = async () => (await page.evaluate(() => window.snapshots.read()))?.sort();

test('a snapshot outlives the page, is brought up to date, and goes when it is removed', async () => {
	expect(await read()).toBe(undefined);
	await write('tea', 'milk');
	await rebuild();
	await reload();
	expect(await read()).toEqual(['milk', 'tea']);
	await write('bread');
	expect(await read()).toEqual(['milk', 'tea']);
	await rebuild();
	await reload();
	expect(await read()).toEqual(['bread', 'milk', 'tea']);
	await page.evaluate(() => window.snapshots.remove());
	expect(await read()).toBe(undefined);
});

test('a snapshot that is odd in any way is none, and is made anew', async () => {
	await write('tea');
	for (const how of await page.evaluate(() => window.snapshots.damages)) {
		await rebuild();
		expect([how, await read()]).toEqual([how, ['tea']]);
		await page.evaluate((how) => window.snapshots.damage(how), how);
		expect([how, await read()]).toEqual([how, undefined]);
	}
	await rebuild();
	expect(await read()).toEqual(['tea']);
});

test('the snapshot of a database that was evicted is not built on', async () => {
	await write('lost');
	await rebuild();
	await page.evaluate(() => window.snapshots.evict());
	await write('found');
	await rebuild();
	expect(await read()).toEqual(['found']);
});

test('where its database cannot be opened there is no snapshot, and nobody is told', async () => {
	await page.evaluate(() => {
		IDBFactory.prototype.open = () => {
			throw new DOMException('No storage for you', 'SecurityError');
		};
	});
	expect(await read()).toBe(undefined);
	await page.evaluate(() => window.snapshots.remove());
});
