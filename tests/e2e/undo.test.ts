import { expect, test } from 'vitest';
import { setOnlineStage } from '#tests/support/stage.ts';
import { addExpense, rowOf, save } from '#tests/support/steps.ts';

const stage = setOnlineStage('phone');

const CSV = `Date,Account,Category,Payee,Note,Amount,Type,Currency
2026-11-02,Cash,Food,Noodle House,,12.50,Expense,EUR
2026-11-03,Cash,Food,Pizzeria,,9.00,Expense,EUR
`;

test('Ctrl+Z takes back one step after the other, after a reload too', async () => {
	const { page } = stage.phone;
	await addExpense(page, { amount: '12.50', payee: 'Bakery' });
	await page.goto('/transactions');
	await rowOf(page, 'Bakery').click();
	await page.getByLabel('Payee').fill('Baker');
	await save(page);
	await rowOf(page, 'Baker').waitFor();

	await page.reload();
	await rowOf(page, 'Baker').waitFor();
	await page.keyboard.press('Control+z');
	await page.getByText('Taken back').waitFor();
	await rowOf(page, 'Bakery').waitFor();
	await page.keyboard.press('Control+z');
	await page.getByText('Nothing here yet').waitFor();
	await page.keyboard.press('Control+z');
	await page.getByText('There is nothing to take back on this device').waitFor();
});

test('Ctrl+Z while somebody types is the field’s own', async () => {
	const { page } = stage.phone;
	await addExpense(page, { amount: '3', payee: 'Kiosk' });
	await page.goto('/add');
	await page.getByLabel('Note').fill('x');
	await page.keyboard.press('Control+z');
	await page.goto('/transactions');
	await rowOf(page, 'Kiosk').waitFor();
});

test('an import is taken back in the settings days later, and made to stand again', async () => {
	const { page } = stage.phone;
	await page.goto('/import');
	await page
		.locator('input[type="file"]')
		.setInputFiles({ name: 'bank.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) });
	await page.getByRole('button', { name: 'Import', exact: true }).click();
	await page.getByText('2 entries imported.').waitFor();

	await page.goto('/settings');
	await page.getByRole('button', { name: 'Undo Imported 2 entries from bank.csv' }).click();
	await page.getByText('Taken back').first().waitFor();
	await page.goto('/transactions');
	await page.getByText('Nothing here yet').waitFor();

	await page.goto('/settings');
	await page.getByRole('button', { name: 'Redo Imported 2 entries from bank.csv' }).click();
	await page.getByRole('button', { name: 'Undo Imported 2 entries from bank.csv' }).waitFor();
	await page.goto('/transactions');
	await rowOf(page, 'Noodle House').waitFor();
});

test('the trash is emptied only when asked twice, and then for good', async () => {
	const { page } = stage.phone;
	await addExpense(page, { amount: '12.50', payee: 'Bakery' });
	await page.goto('/transactions');
	await rowOf(page, 'Bakery').click();
	await page.getByRole('button', { name: 'Delete' }).click();
	await page.getByText('Moved to the trash').waitFor();

	await page.goto('/settings');
	await page.getByRole('button', { name: 'Empty the trash' }).click();
	await page.getByRole('button', { name: 'Keep them' }).click();
	await page.getByRole('button', { name: 'Restore Bakery' }).waitFor();
	await page.getByRole('button', { name: 'Empty the trash' }).click();
	await page.getByRole('button', { name: 'Delete 1 entry for good' }).click();
	await page.getByText('The trash is empty').waitFor();
	expect(await page.getByRole('button', { name: /^Restore/ }).count()).toBe(0);
	await page.reload();
	await page.getByText('What you delete waits here for 30 days').waitFor();
});
