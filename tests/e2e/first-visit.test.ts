import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runApp, type RunningApp } from '#tests/support/app.ts';

/** The most that may cross the wire on a first visit to any page, in bytes, the precache aside. */
const BUDGET = 150 * 1024;

let app: RunningApp;

beforeAll(async () => {
	app = await runApp();
});

afterAll(() => app.close());

/** Adds up what the network carried for a page and its worker, headers included, in bytes. */
async function countBytes(page: Page): Promise<() => Promise<number>> {
	const session = await page.context().newCDPSession(page);
	let bytes = 0;
	session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
	await session.send('Network.enable');
	// A worker's script is loaded outside of the page: the browser tells its length, not what was carried.
	const worker = page.waitForResponse((response) => response.url().includes('/workers/'));
	return async () => {
		const response = await worker;
		const { responseHeadersSize } = await response.request().sizes();
		return bytes + Number(await response.headerValue('content-length')) + responseHeadersSize;
	};
}

test.each([
	'/',
	'/add',
	'/transactions',
	'/insights',
	'/import',
	'/settings',
	'/sign-up',
	'/sign-in'
])('a first visit to %s stays within 150 KB', async (path) => {
	// Without a service worker nothing but the page itself is loaded.
	const { context, page, expectNoComplaints } = await app.device({ serviceWorkers: 'block' });
	const count = await countBytes(page);
	await page.goto(path, { waitUntil: 'networkidle' });
	const bytes = await count();
	// Pages and worker, or one of the two was not counted.
	expect(bytes).toBeGreaterThan(100 * 1024);
	expect(bytes).toBeLessThanOrEqual(BUDGET);
	expectNoComplaints();
	await context.close();
});
