import { expect, test } from 'vitest';
import { setOnlineStage } from '#tests/support/stage.ts';
import { addExpense } from '#tests/support/steps.ts';

const stage = setOnlineStage('phone');

test('a rule is added, applied to the past as one step, taken back, put in order, and removed with a way back', async () => {
	const { page } = stage.phone;
	await addExpense(page, { amount: '12', category: 'Food', payee: 'Cinema' });
	await addExpense(page, { amount: '9', payee: 'Cinema Rex' });
	await addExpense(page, { amount: '3', payee: 'Kiosk' });
	await page.goto('/settings');
	await page.getByRole('link', { name: 'Rules' }).click();
	await page.getByText('No rules yet').waitFor();

	const dialog = page.getByRole('dialog');
	await page.getByRole('button', { name: 'Add a rule' }).click();
	await dialog.getByRole('button', { name: 'Save' }).click();
	await dialog.getByText('Say which payee or which amounts it is for.').waitFor();
	await dialog.getByLabel('How the payee is compared').selectOption('contains');
	await dialog.getByRole('combobox', { name: 'Payee', exact: true }).fill('cinema');
	await dialog.getByLabel('Category').selectOption({ label: 'Leisure' });
	await dialog.getByRole('button', { name: 'Save' }).click();
	await page.getByText('→ Leisure').waitFor();

	await page.getByRole('button', { name: /^Apply to the past:/ }).click();
	await dialog.getByText('1 entry would change.').waitFor();
	await dialog.getByLabel('Change 1 entry with another category too').check();
	await dialog.getByText('2 entries would change.').waitFor();
	expect(await dialog.getByRole('listitem').count()).toBe(2);
	await dialog.getByRole('button', { name: 'Change 2 entries' }).click();
	await page.getByText('2 entries changed').waitFor();
	await page.goto('/transactions');
	await page.getByText('3 entries').first().waitFor();
	expect(await page.locator('[data-place]').filter({ hasText: 'Leisure' }).count()).toBe(2);
	await page.keyboard.press('Control+z');
	await page.getByText('Taken back').waitFor();
	await page.locator('[data-place]').filter({ hasText: 'Food' }).waitFor();
	await page
		.locator('[data-place]')
		.filter({ hasText: 'Leisure' })
		.first()
		.waitFor({ state: 'detached' });

	await page.goto('/settings/rules');
	await page.getByRole('button', { name: 'Add a rule' }).click();
	await dialog.getByRole('combobox', { name: 'Payee', exact: true }).fill('Kiosk');
	await dialog.getByLabel('Tags').fill('small');
	await dialog.getByRole('button', { name: 'Save' }).click();
	await page.getByRole('button', { name: 'Move up: Payee is Kiosk' }).click();
	await page.getByRole('button', { name: 'Move up: Payee contains cinema' }).waitFor();
	await page.getByRole('button', { name: 'Remove: Payee is Kiosk' }).click();
	await page.getByText('Rule removed').waitFor();
	await page.getByText('Payee is Kiosk').waitFor({ state: 'detached' });
	await page.getByRole('button', { name: 'Undo' }).click();
	await page.getByText('Payee is Kiosk').waitFor();
});

test('a rule may be for amounts alone, in one currency, and says what is wrong with them', async () => {
	const { page } = stage.phone;
	await addExpense(page, { amount: '250', payee: 'Landlord' });
	await page.goto('/settings/rules');
	await page.getByRole('button', { name: 'Add a rule' }).click();
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel('At least').fill('200');
	await dialog.getByLabel('At most').fill('20');
	await dialog.getByLabel('Category').selectOption({ label: 'Home' });
	await dialog.getByRole('button', { name: 'Save' }).click();
	await dialog.getByText('This is less than the least amount.').waitFor();
	await dialog.getByLabel('At most').fill('2x');
	await dialog.getByRole('button', { name: 'Save' }).click();
	await dialog.getByText('That is not an amount.').waitFor();
	expect(await dialog.getByLabel('At least').inputValue()).toBe('200');
	await dialog.getByLabel('At most').fill('');
	await dialog.getByRole('button', { name: 'Save' }).click();
	await page.getByText('→ Home').waitFor();
	expect(await page.getByText('at least €200.00').count()).toBe(1);
	// Opened again, the amount stands as it was typed, and may go.
	await page.getByRole('button', { name: 'Edit: at least €200.00' }).click();
	expect(await dialog.getByLabel('At least').inputValue()).toBe('200.00');
	await dialog.getByLabel('At least').fill('');
	await dialog.getByRole('combobox', { name: 'Payee', exact: true }).fill('Landlord');
	await dialog.getByRole('button', { name: 'Save' }).click();
	await page.getByRole('button', { name: 'Edit: Payee is Landlord' }).waitFor();
});
