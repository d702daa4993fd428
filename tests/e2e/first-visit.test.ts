import { afterAll, beforeAll, expect, test } from 'vitest';
import { ONLINE_ONLY, runApp, type RunningApp } from '#tests/support/app.ts';
import { countBytes } from '#tests/support/count-bytes.ts';

/** The most that may cross the wire on a first visit to any page, in bytes, the precache aside. */
const BUDGET = 150 * 1024;

let app: RunningApp;

beforeAll(async () => {
	app = await runApp({}, ONLINE_ONLY);
});

afterAll(() => app.close());

test.each([
	'/',
	'/add',
	'/transactions',
	'/insights',
	'/import',
	'/settings',
	'/settings/sync',
	'/sign-up',
	'/sign-in',
	'/recover',
	'/settings/account',
	'/settings/rules',
	'/admin'
])('a first visit to %s stays within 150 KB', async (path) => {
	// Without a service worker nothing but the page itself is loaded.
	const { context, page, expectNoComplaints } = await app.device();
	const count = await countBytes(page);
	await page.goto(path, { waitUntil: 'networkidle' });
	const bytes = await count();
	// Pages and worker, or one of the two was not counted.
	expect(bytes).toBeGreaterThan(100 * 1024);
	expect(bytes).toBeLessThanOrEqual(BUDGET);
	expectNoComplaints();
	await context.close();
});
