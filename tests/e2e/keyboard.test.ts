import { expect, test } from 'vitest';
import { setOnlineStage } from '#tests/support/stage.ts';
import { SIZES } from '#tests/support/screens.ts';
import { anEmail, PASSWORD, rowOf, untilInStep } from '#tests/support/steps.ts';
import { tabTo } from '#tests/support/keyboard.ts';

const stage = setOnlineStage();

test('with the keyboard alone from a first run to a second device that has it all', async () => {
	const first = await stage.app.device({ viewport: SIZES.desktop });
	const { page } = first;
	const keys = page.keyboard;
	const home = page.getByRole('region', { name: 'This month' });
	await page.goto('/');

	// The set of categories: one stop, arrows within.
	await tabTo(page, 'radio', /^Everyday/);
	await keys.press('ArrowDown');
	await page.getByText('Saved on this device').waitFor();
	await tabTo(page, 'link', 'Add an expense');
	await keys.press('Enter');
	await page.getByLabel('Amount', { exact: true }).waitFor();
	await tabTo(page, 'textbox', 'Amount');
	await keys.type('12.50');
	await tabTo(page, 'combobox', 'Category');
	await keys.type('Food');
	await tabTo(page, 'textbox', 'Payee');
	await keys.type('Corner café');
	await keys.press('Enter');
	await home.waitFor();

	// A second one by its key, and its note put right.
	await keys.press('n');
	await page.waitForURL('**/add');
	await tabTo(page, 'textbox', 'Amount');
	await keys.type('3');
	await tabTo(page, 'textbox', 'Payee');
	await keys.type('Kiosk');
	await keys.press('Enter');
	await home.waitFor();
	await keys.press('/');
	await page.waitForURL('**/transactions');
	await keys.type('kiosk');
	await page.getByText('1 entry found').waitFor();
	await tabTo(page, 'link', 'Kiosk');
	await keys.press('Enter');
	await page.getByRole('heading', { name: 'Expense' }).waitFor();
	await tabTo(page, 'textbox', 'Note');
	await keys.type('two papers');
	await keys.press('Enter');
	await page.getByText('Saved on this device').waitFor();

	const email = anEmail();
	await tabTo(page, 'link', 'Settings');
	await keys.press('Enter');
	await page.waitForURL('**/settings');
	await tabTo(page, 'link', 'Sign up');
	await keys.press('Enter');
	await page.waitForURL('**/sign-up');
	await tabTo(page, 'textbox', 'Email');
	await keys.type(email);
	await tabTo(page, 'textbox', 'Password');
	await keys.type(PASSWORD);
	await keys.press('Enter');
	await page.getByText('Your profile is ready').waitFor();
	await tabTo(page, 'button', 'I have saved them');
	await keys.press('Enter');
	await page.waitForURL((url) => url.pathname !== '/sign-up');
	await untilInStep(page);

	const second = await stage.app.device({ viewport: SIZES.phone });
	const other = second.page;
	await other.goto('/');
	await tabTo(other, 'link', 'I already use Outlay');
	await other.keyboard.press('Enter');
	await other.waitForURL('**/sign-in');
	await tabTo(other, 'textbox', 'Email');
	await other.keyboard.type(email);
	await tabTo(other, 'textbox', 'Password');
	await other.keyboard.type(PASSWORD);
	await other.keyboard.press('Enter');
	await other.waitForURL((url) => url.pathname !== '/sign-in');
	await untilInStep(other);
	await tabTo(other, 'link', 'Transactions');
	await other.keyboard.press('Enter');
	await rowOf(other, 'Corner café').getByText('12.50').waitFor();
	await rowOf(other, 'two papers').waitFor();

	// There, down to an entry and into it, and back to where it stood.
	await other.keyboard.press('j');
	await other.keyboard.press('Enter');
	await other.getByLabel('Note').waitFor();
	await tabTo(other, 'link', 'Back to the transactions');
	await other.keyboard.press('Enter');
	await expect
		.poll(() => other.evaluate(() => document.activeElement?.closest('li')?.textContent))
		.toMatch(/Corner café|Kiosk/);
	first.expectNoComplaints();
	second.expectNoComplaints();
});
