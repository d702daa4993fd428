import { expect, test } from 'vitest';
import { setStage } from '#tests/support/stage.ts';
import { addExpense, rowOf, untilInstalled } from '#tests/support/steps.ts';

const stage = setStage('device');

/** Every page, with what it says at its top. */
const PAGES = [
	['/', /^\w+( \d{4})?$/],
	['/add', 'Add an entry'],
	['/transactions', 'Transactions'],
	['/insights', 'Insights'],
	['/import', 'Import'],
	['/settings', 'Settings'],
	['/settings/sync', 'Where your data is'],
	['/sign-up', 'Sign up'],
	['/sign-in', 'Sign in'],
	['/transactions/never-seen', 'Not here']
] as const;

test('with the service dead every route opens, reloads and works, one never visited too', async () => {
	const { page } = stage.device;
	await page.goto('/');
	await untilInstalled(page);
	await stage.app.stopService();
	for (const [path, heading] of PAGES) {
		await page.goto(path);
		await page.getByRole('heading', { level: 1, name: heading }).last().waitFor();
	}
	await page.reload();
	await page.getByRole('heading', { name: 'Not here' }).waitFor();
	const tab = await stage.device.newTab();
	await addExpense(tab, { amount: '3', payee: 'In the tunnel' });
	await tab.goto('/transactions');
	await rowOf(tab, 'In the tunnel').waitFor();
	await tab.goto('/insights');
	await tab.locator('canvas').first().waitFor();
	await stage.app.startService();
});

test('with no network parts, tags and both sides of a transfer are there, on a page that never had them', async () => {
	const { page } = stage.device;
	await page.goto('/');
	await untilInstalled(page);
	await stage.app.stopService();
	await page.goto('/add');
	await page.getByLabel('Amount', { exact: true }).waitFor();
	await page.getByRole('button', { name: 'Tags' }).click();
	await page.getByLabel('Tags').waitFor();
	await page.getByRole('button', { name: 'Split', exact: true }).click();
	await page.getByLabel('Amount of part 2').waitFor();
	await page.getByRole('radio', { name: 'Transfer' }).check();
	await page.getByLabel('To account').waitFor();
});

test('it can be installed: manifest, icons, a maskable one, and the shortcut to add an expense', async () => {
	const { page, context } = stage.device;
	await page.goto('/');
	await untilInstalled(page);
	const browser = await context.newCDPSession(page);
	const { installabilityErrors } = await browser.send('Page.getInstallabilityErrors');
	// A private window, which a test's profile is, can never install anything.
	const errors = installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito');
	expect(errors).toEqual([]);

	const answer = await page.request.get('/manifest.webmanifest');
	expect(answer.headers()['content-type']).toMatch(/^application\/manifest\+json/);
	const manifest = (await answer.json()) as {
		icons: { src: string; purpose?: string }[];
		shortcuts: { name: string; url: string }[];
	};
	expect(manifest.shortcuts).toContainEqual(
		expect.objectContaining({ name: 'Add expense', url: '/add' })
	);
	expect(manifest.icons.some(({ purpose }) => purpose === 'maskable')).toBe(true);
	for (const { src } of manifest.icons) {
		expect((await page.request.get(src)).headers()['content-type']).toMatch(/^image\//);
	}
});
