import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { setStage } from '#tests/support/stage.ts';
import { SIZES } from '#tests/support/screens.ts';
import { addExpense, anEmail, fillEntry, rowOf, save, signUp } from '#tests/support/steps.ts';

const stage = setStage();

const strip = (page: Page) => page.getByRole('complementary', { name: 'Demonstration' });
const categoriesOf = (page: Page): Promise<string[]> =>
	page.getByLabel('Category', { exact: true }).locator('option').allTextContents();

test('a first run: a guessed currency, three sets of categories, and no wall', async () => {
	const device = await stage.app.device({ locale: 'en-IN' });
	const { page } = device;
	await page.goto('/');
	const currency = page.getByLabel('Currency');
	await currency.waitFor();
	expect(await currency.inputValue()).toBe('INR');
	await expect.poll(() => page.getByRole('radio', { name: /Everyday/ }).isChecked()).toBe(true);
	const links = page.getByRole('main').getByRole('link');
	expect((await links.allTextContents()).map((text) => text.trim())).toEqual(
		expect.arrayContaining(['Add an expense', 'Import', 'I already use Outlay'])
	);

	await currency.selectOption('JPY');
	await page.getByText('Saved on this device').waitFor();
	await page.getByRole('button', { name: 'Undo' }).click();
	await expect.poll(() => currency.inputValue()).toBe('INR');

	// With the keyboard alone: an arrow goes on to the next set.
	await page.getByRole('radio', { name: /Everyday/ }).focus();
	await page.keyboard.press('ArrowDown');
	await page.getByText('Saved on this device').waitFor();
	expect(await page.getByRole('radio', { name: /Simple/ }).isChecked()).toBe(true);
	await page.getByRole('link', { name: 'Add an expense' }).click();
	await fillEntry(page, { amount: '36', payee: 'Milkman', category: 'Food' });
	expect(await categoriesOf(page)).not.toContain('Groceries');
	await save(page);

	// One can change one's mind, and change it back; what is used stays.
	await page.goto('/settings');
	const set = (name: RegExp) => page.getByRole('radio', { name });
	await set(/Detailed/).check();
	await page.getByText('Saved on this device').waitFor();
	await page.goto('/add');
	await fillEntry(page, { amount: '20', category: 'Coffee and snacks', payee: 'Tea stall' });
	await save(page);
	await page.goto('/settings');
	await expect.poll(() => set(/Detailed/).isChecked()).toBe(true);
	await set(/Everyday/).check();
	await page.getByRole('button', { name: 'Undo' }).click();
	await expect.poll(() => set(/Detailed/).isChecked()).toBe(true);
	await set(/Simple/).check();
	await page.getByText('Saved on this device').waitFor();
	await page.goto('/add');
	await expect.poll(() => categoriesOf(page)).toContain('Coffee and snacks');
	const offered = await categoriesOf(page);
	expect(offered).toEqual(expect.arrayContaining(['Food', 'Home', 'Salary']));
	expect(offered).not.toContain('Groceries');
	expect(offered).not.toContain('Eating out');
	await page.goto('/transactions');
	await rowOf(page, 'Tea stall').getByText('₹').waitFor();
	device.expectNoComplaints();
	await device.context.close();
});

test('a demonstration stays apart: marked everywhere, removed in one press, never anybody’s', async () => {
	const device = await stage.app.device();
	const { page } = device;
	await addExpense(page, { amount: '5', payee: 'My own kiosk' });
	await page.goto('/settings');
	await page.getByRole('button', { name: 'Open a demonstration' }).click();
	await strip(page).waitFor();
	await page.getByText('Spent by category').waitFor();
	await page.reload();
	for (const path of [
		'/transactions',
		'/add',
		'/insights',
		'/settings',
		'/settings/sync',
		'/sign-in'
	]) {
		await page.goto(path);
		await strip(page).waitFor();
	}
	await page.goto('/transactions');
	await page
		.getByText(/[5-9]\d\d entries/)
		.first()
		.waitFor();
	expect(await page.getByText('My own kiosk').count()).toBe(0);

	// The other tab follows, both ways; the strip moves nothing.
	const second = await device.newTab();
	await second.setViewportSize(SIZES.desktop);
	await second.goto('/');
	await strip(second).waitFor();
	await page.bringToFront();
	await addExpense(page, { amount: '7', payee: 'Typed into it' });
	await strip(page).getByRole('button').click();
	await page.getByText('The demonstration is removed').waitFor();
	await page.waitForURL((url) => url.pathname === '/');
	await page.getByText('My own kiosk').waitFor();
	await strip(second).waitFor({ state: 'detached' });
	await second.getByText('My own kiosk').waitFor();

	await page.getByRole('button', { name: 'Undo' }).click();
	await strip(page).waitFor();
	await page.getByText('Typed into it').waitFor();
	await strip(second).waitFor();

	// Who signs up from there takes along what is one's own.
	await signUp(page, anEmail());
	expect(await strip(page).count()).toBe(0);
	await page.goto('/transactions');
	await rowOf(page, 'My own kiosk').waitFor();
	expect(await page.getByText('Typed into it').count()).toBe(0);
	await strip(second).waitFor({ state: 'detached' });
	// The next start deletes what is left of it.
	await second.close();
	await page.reload();
	await expect.poll(() => countLedgers(page)).toBe(1);
	await page.goto('/settings');
	await page.getByText('@example.org').waitFor();
	device.expectNoComplaints();
	await device.context.close();
});

function countLedgers(page: Page): Promise<number> {
	return page.evaluate(async () => {
		const databases = await indexedDB.databases();
		return databases.filter(({ name }) => name?.startsWith('_pouch_outlay-ledger-')).length;
	});
}
