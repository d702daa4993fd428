import type { CDPSession } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runApp, type RunningApp } from '#tests/support/app.ts';

/** The most that may cross the wire on a first visit to any page, in bytes, the precache aside. */
const BUDGET = 150 * 1024;

let app: RunningApp;

beforeAll(async () => {
	app = await runApp();
});

afterAll(() => app.close());

/** Adds up what the network carried for a page, headers included, in bytes. */
async function countBytes(session: CDPSession): Promise<() => number> {
	let bytes = 0;
	session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
	await session.send('Network.enable');
	return () => bytes;
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
	const bytes = await countBytes(await context.newCDPSession(page));
	await page.goto(path, { waitUntil: 'networkidle' });
	expect(bytes()).toBeGreaterThan(10_000);
	expect(bytes()).toBeLessThanOrEqual(BUDGET);
	expectNoComplaints();
	await context.close();
});
