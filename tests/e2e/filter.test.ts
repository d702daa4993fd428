import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { setOnlineStage } from '#tests/support/stage.ts';
import { addExpense, rowOf } from '#tests/support/steps.ts';

const stage = setOnlineStage('phone');

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const found = (page: Page, count: string) => page.getByText(count, { exact: true }).waitFor();
const query = (page: Page) => new URL(page.url()).searchParams;

async function addThree(page: Page): Promise<void> {
	await addExpense(page, { amount: '12', category: 'Food', payee: 'Bakery' });
	await addExpense(page, { amount: '40', category: 'Food', payee: 'Noodle House' });
	await addExpense(page, { amount: '40', category: 'Home', payee: 'Florist' });
}

test('a filter narrows the list, stands in the address, survives a reload and is taken back part by part', async () => {
	const { page } = stage.phone;
	await addThree(page);

	await page.getByRole('link', { name: 'Transactions' }).first().click();
	await found(page, '3 entries');
	await press(page, 'Filter');
	const form = page.getByRole('dialog', { name: 'Filter' });
	await form.getByLabel('Category').selectOption({ label: 'Food' });
	await form.getByLabel('At least').fill('20');
	await form.getByLabel('At most').fill('10');
	await press(page, 'Show');
	await form.getByText('This is less than the least amount.').waitFor();
	expect(await form.getByLabel('At least').inputValue()).toBe('20');
	await form.getByLabel('At most').fill('50');
	await press(page, 'Show');
	await found(page, '1 entry found');
	await rowOf(page, 'Noodle House').waitFor();

	await expect.poll(() => query(page).get('least')).toBe('2000');
	await page.reload();
	await found(page, '1 entry found');

	// An entry is opened and left again: the filter is still there, in the list and in the address.
	await rowOf(page, 'Noodle House').click();
	await page.getByLabel('Note').waitFor();
	await page.getByRole('link', { name: 'Back to the transactions' }).click();
	await found(page, '1 entry found');
	await expect.poll(() => query(page).get('most')).toBe('5000');

	await page.getByRole('button', { name: /^Remove the filter At least/ }).click();
	await found(page, '2 entries found');
	await page.getByLabel('Search').fill('bakery');
	await found(page, '1 entry found');
	await expect.poll(() => query(page).get('text')).toBe('bakery');

	await page.getByRole('button', { name: 'Remove the filter Food' }).click();
	await page.getByRole('button', { name: /^Remove the filter At most/ }).click();
	await page.getByLabel('Search').fill('');
	await found(page, '3 entries');
	await expect.poll(() => query(page).size).toBe(0);
});

test('an address of somebody else’s making is read as far as it makes sense', async () => {
	const { page } = stage.phone;
	await addThree(page);
	await page.goto('/transactions?kind=gift&from=soon&most=1300&category=none%00');
	await page.getByText('No entry fits.').waitFor();
	await press(page, 'Show all');
	await found(page, '3 entries');
});

test('who goes back finds what was looked for, and who comes anew everything', async () => {
	const { page } = stage.phone;
	await addThree(page);
	await page.goto('/transactions?most=1300');
	await found(page, '1 entry found');
	await page.getByRole('link', { name: 'Settings' }).first().click();
	await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
	await page.goBack();
	await found(page, '1 entry found');
	await page.getByRole('link', { name: 'Transactions' }).first().click();
	await found(page, '3 entries');
});

test.each(['/', '/insights'])(
	'a category on %s leads to its entries of the month',
	async (path) => {
		const { page } = stage.phone;
		await addThree(page);
		await page.goto(path);
		await page.getByRole('link', { name: 'Food', exact: true }).click();
		await found(page, '2 entries found');
		await page.getByRole('button', { name: 'Remove the filter Food' }).waitFor();
	}
);

test('a filter is saved under a name, is there on another start, renamed, and removed with a way back', async () => {
	const { page } = stage.phone;
	await addExpense(page, { amount: '12.50', payee: 'Bakery' });
	await addExpense(page, { amount: '3', payee: 'Kiosk' });
	await page.goto('/transactions?text=Bakery');
	await page.getByRole('button', { name: 'Save this filter' }).click();
	await page.getByRole('textbox', { name: 'Name' }).fill('Bread');
	await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
	await page.getByText('Filter saved').waitFor();

	await page.goto('/transactions');
	await page.getByText('2 entries').first().waitFor();
	await page.getByRole('button', { name: 'Bread' }).click();
	await page.getByText('1 entry found').waitFor();
	await page.waitForURL('**/transactions?text=Bakery');
	await page.getByRole('button', { name: 'Rename' }).click();
	await page.getByRole('textbox', { name: 'Name' }).fill('Rolls');
	await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
	await page.getByRole('button', { name: 'Rolls', pressed: true }).waitFor();
	await page.getByRole('button', { name: 'Remove', exact: true }).click();
	await page.getByText('Filter removed').waitFor();
	await page.getByRole('button', { name: 'Rolls' }).waitFor({ state: 'detached' });
	await page.getByRole('button', { name: 'Undo' }).click();
	await page.getByRole('button', { name: 'Rolls', pressed: true }).waitFor();
});
