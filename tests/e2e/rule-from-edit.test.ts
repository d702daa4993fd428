import { expect, test } from 'vitest';
import { setOnlineStage } from '#tests/support/stage.ts';
import { addExpense, fillEntry, rowOf, save } from '#tests/support/steps.ts';

const stage = setOnlineStage('device');

test('"always do this" after an edit leads to a rule that is filled in', async () => {
	const { page } = stage.device;
	await addExpense(page, { amount: '5', category: 'Food', payee: 'Corner shop' });
	await rowOf(page, 'Corner shop').click();
	await fillEntry(page, { category: 'Home' });
	await page.getByRole('button', { name: 'Tags' }).click();
	await page.getByLabel('Tags').pressSequentially('work,');
	await save(page);
	await page.getByRole('button', { name: 'Always do this for Corner shop' }).click();
	const dialog = page.getByRole('dialog');
	await dialog.waitFor();
	expect(await dialog.getByLabel('Payee', { exact: true }).inputValue()).toBe('Corner shop');
	expect(await dialog.getByLabel('Category', { exact: true }).inputValue()).toBe('category:home');
	await dialog.getByRole('button', { name: 'Save' }).click();
	await page.getByText('Rule saved').waitFor();

	// A rule decides it: another one would never have its turn.
	await page.goto('/transactions');
	await rowOf(page, 'Corner shop').click();
	await fillEntry(page, { category: 'Food' });
	await save(page);
	expect(await page.getByRole('button', { name: /^Always do this/ }).count()).toBe(0);
});
