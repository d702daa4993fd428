import { afterAll, beforeAll, expect, test } from 'vitest';
import { ONLINE_ONLY, runApp, type RunningApp } from '#tests/support/app.ts';
import { countBytes, countBytesSoFar, slowDown } from '#tests/support/count-bytes.ts';
import { rowOf, untilValue } from '#tests/support/steps.ts';

/** The most that may cross the wire on a first visit to any page, in bytes, the precache aside. */
const BUDGET = 150 * 1024;

/** The most that may cross the wire before an amount can be typed, in bytes. */
const BEFORE_TYPING = 60 * 1024;

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

test('on a slow network an amount is typed before 60 KB are there, and its first digit is in the saved expense', async () => {
	const { context, page, expectNoComplaints } = await app.device();
	await slowDown(page);
	const soFar = await countBytesSoFar(page);
	await page.goto('/add', { waitUntil: 'commit' });
	await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'amount');
	await page.keyboard.press('4');
	await untilValue(page, 'amount', '4');
	const bytes = soFar();
	// The page itself, or nothing was counted.
	expect(bytes).toBeGreaterThan(2 * 1024);
	expect(bytes).toBeLessThanOrEqual(BEFORE_TYPING);
	await page.waitForLoadState('networkidle');
	expect(soFar()).toBeGreaterThan(BEFORE_TYPING);
	await page.keyboard.type('1,70');
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	await page.getByText('Saved on this device').waitFor();
	await page.goto('/transactions');
	await rowOf(page, '41.70').waitFor();
	expectNoComplaints();
	await context.close();
});
