import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { setOnlineStage } from '#tests/support/stage.ts';
import { addExpense, fillEntry, rowOf, save, untilValue } from '#tests/support/steps.ts';

const stage = setOnlineStage('device');

test('an expense is split over categories, what is left fills the last part, and an edit keeps the parts', async () => {
	const { page } = stage.device;
	await openForm(page);
	await fillEntry(page, { amount: '20', category: 'Food', payee: 'Market' });
	await page.getByRole('button', { name: 'Split', exact: true }).click();
	await page.getByLabel('Amount of part 1').fill('12,50');
	await page.getByText('€7.50 left').waitFor();
	await page.getByLabel('Category of part 2').selectOption({ label: 'Home' });
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	await page.getByText('Enter an amount.').waitFor();
	await page.getByRole('button', { name: 'Put it into the last part' }).click();
	await page.getByText('The parts add up.').waitFor();
	await save(page);

	await rowOf(page, 'Market').click();
	expect(await page.getByLabel('Category of part 1').inputValue()).toBe('category:food');
	expect(await page.getByLabel('Amount of part 2').inputValue()).toBe('7.50');
	await fillEntry(page, { amount: '21' });
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	await page.getByText('Enter an amount.').waitFor({ state: 'detached' });
	await page.getByText('The parts do not add up to the amount.').waitFor();
	await page.getByRole('button', { name: 'Put it into the last part' }).click();
	await save(page);
	await rowOf(page, 'Market').click();
	expect(await page.getByLabel('Amount of part 2').inputValue()).toBe('8.50');

	await page.getByRole('button', { name: 'Remove part 1' }).click();
	expect(await page.getByLabel('Category', { exact: true }).inputValue()).toBe('category:home');
});

test('tags are added by Enter and comma, completed out of those in use, and taken off again', async () => {
	const { page } = stage.device;
	await openForm(page);
	await fillEntry(page, { amount: '5', payee: 'Kiosk' });
	await page.getByRole('button', { name: 'Tags' }).click();
	await page.getByLabel('Tags').pressSequentially('#holiday,work');
	await page.keyboard.press('Enter');
	await page.getByRole('button', { name: 'Remove #work' }).waitFor();
	// What is still being typed is saved too.
	await page.getByLabel('Tags').pressSequentially('late');
	await save(page);

	await rowOf(page, 'Kiosk').click();
	await page.getByRole('button', { name: 'Remove #holiday' }).click();
	await save(page);
	await rowOf(page, 'Kiosk').click();
	await page.getByRole('button', { name: 'Remove #late' }).waitFor();
	expect(await page.getByRole('button', { name: /^Remove #/ }).allInnerTexts()).toEqual([
		'#late',
		'#work'
	]);

	await openForm(page);
	await page.getByRole('button', { name: 'Tags' }).click();
	await page.locator('datalist option[value="late"]').waitFor({ state: 'attached' });
	await page.locator('datalist option[value="work"]').waitFor({ state: 'attached' });
});

test('one press makes it yesterday, and one more makes it today again', async () => {
	const { page } = stage.device;
	await addExpense(page, { amount: '5', payee: 'Kiosk' });
	await openForm(page);
	const date = page.getByLabel('Date');
	const today = await date.inputValue();
	const yesterday = new Date(Date.parse(today) - 86_400_000).toISOString().slice(0, 10);
	const button = page.getByRole('button', { name: 'Yesterday' });
	await button.click();
	expect(await date.inputValue()).toBe(yesterday);
	expect(await button.getAttribute('aria-pressed')).toBe('true');
	await button.click();
	expect(await date.inputValue()).toBe(today);
});

test('tags are put on and taken off with the keyboard alone, and Enter saves once nothing is typed', async () => {
	const { page } = stage.device;
	await openForm(page);
	await fillEntry(page, { amount: '5', payee: 'Kiosk' });
	await page.getByRole('button', { name: 'Tags' }).focus();
	await page.keyboard.press('Enter');
	await untilFocused(page, 'tag');
	await page.keyboard.type('holiday,work,late');
	await page.keyboard.press('Enter');
	await page.getByRole('button', { name: 'Remove #late' }).waitFor();
	await page.keyboard.press('Tab');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Enter');
	await page.getByRole('button', { name: 'Remove #work' }).waitFor({ state: 'detached' });
	await untilFocused(page, 'tag');
	await page.keyboard.press('Enter');
	await page.getByText('Saved on this device').waitFor();
	await rowOf(page, 'Kiosk').click();
	await page.getByRole('button', { name: 'Remove #late' }).waitFor();
	expect(await page.getByRole('button', { name: /^Remove #/ }).allInnerTexts()).toEqual([
		'#holiday',
		'#late'
	]);
});

test('parts, tags and the day are still there after a reload half-way', async () => {
	const { page } = stage.device;
	await openForm(page);
	await fillEntry(page, { amount: '20', category: 'Food', date: '2026-03-04' });
	await page.getByRole('button', { name: 'Split', exact: true }).click();
	await page.getByLabel('Amount of part 1').fill('12,5');
	await page.getByRole('button', { name: 'Notes' }).click();
	await page.getByLabel('Note of part 2').fill('soap');
	await page.getByRole('button', { name: 'Tags' }).click();
	await page.getByLabel('Tags').pressSequentially('holiday,half a ta');
	await page.reload();
	await page.getByText('€7.50 left').waitFor();
	// The categories to choose from come with the ledger.
	await expect.poll(() => page.getByLabel('Category of part 1').inputValue()).toBe('category:food');
	expect(await page.getByLabel('Note of part 2').inputValue()).toBe('soap');
	await untilValue(page, 'date', '2026-03-04');
	await untilValue(page, 'tag', 'half a ta');
	await page.getByRole('button', { name: 'Remove #holiday' }).waitFor();
	// The page begins where it always does, whatever was open.
	await untilFocused(page, 'amount');
});

test('who goes on typing while a part of the form is loaded stays where they are', async () => {
	const device = await stage.app.device();
	const { page } = device;
	await openForm(page);
	await page.waitForLoadState('networkidle');
	let release = (): void => undefined;
	const held = new Promise<void>((resolve) => (release = resolve));
	await page.route('**/_app/immutable/**', async (route) => {
		await held;
		await route.continue();
	});
	await page.getByRole('button', { name: 'Tags' }).click();
	await page.getByRole('button', { name: 'Split', exact: true }).click();
	await page.getByLabel('Note', { exact: true }).click();
	await page.keyboard.type('milk ');
	release();
	await page.getByLabel('Tags').waitFor();
	await page.getByLabel('Amount of part 1').waitFor();
	await page.keyboard.type('and bread');
	await untilValue(page, 'note', 'milk and bread');
	device.expectNoComplaints();
	await device.context.close();
});

/** Waits until a field, by its name, has the focus. */
async function untilFocused(page: Page, name: string): Promise<void> {
	await page.waitForFunction(
		(field) => document.activeElement?.getAttribute('name') === field,
		name
	);
}

/** Opens `/add` and waits until it answers to presses: the page's code knows which day it is, the page as it was built does not. */
async function openForm(page: Page): Promise<void> {
	await page.goto('/add');
	await page.waitForFunction(
		() => document.querySelector<HTMLInputElement>('input[name="date"]')?.value
	);
}
