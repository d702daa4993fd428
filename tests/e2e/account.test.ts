import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { setOnlineStage } from '#tests/support/stage.ts';
import {
	addExpense,
	anEmail,
	PASSWORD,
	rowOf,
	signIn,
	signUp,
	untilInStep
} from '#tests/support/steps.ts';

const stage = setOnlineStage('phone', 'desktop');

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const dialogOf = (page: Page) => page.getByRole('dialog');

/** Opens the account's page and waits until it knows who is signed in. */
async function openAccount(page: Page, email: string): Promise<void> {
	await page.goto('/settings');
	await page.getByRole('link', { name: 'Account', exact: true }).click();
	await page.getByRole('main').getByText(email, { exact: true }).waitFor();
}

async function untilSignedOut(page: Page): Promise<void> {
	await page.getByLabel('Sync: Sign in again').first().waitFor({ state: 'attached' });
}

test('the password changes after the old one is said, and other devices are signed out', async () => {
	const email = anEmail();
	await signUp(stage.phone.page, email);
	await signIn(stage.desktop.page, email);
	await untilInStep(stage.phone.page);

	const { page } = stage.desktop;
	await openAccount(page, email);
	await press(page, 'Change the password');
	await page.getByLabel('Password now').fill('not my password');
	await page.getByLabel('New password').fill('a quite new password');
	await page.keyboard.press('Enter');
	await page.getByText('That is not your password.').waitFor();
	expect(await page.getByLabel('New password').inputValue()).toBe('a quite new password');
	await page.getByLabel('Password now').fill(PASSWORD);
	await page.keyboard.press('Enter');
	await dialogOf(page).waitFor({ state: 'hidden' });
	await page.getByText('The password is changed').waitFor();

	await untilSignedOut(stage.phone.page);
	await signIn(stage.phone.page, email, 'a quite new password');
	await untilInStep(stage.phone.page);
});

test('the email changes on this device, and on the others when they look', async () => {
	const [email, next] = [anEmail(), anEmail()];
	await signUp(stage.phone.page, email);
	await signIn(stage.desktop.page, email);
	const other = await stage.app.device();
	await signUp(other.page, next.replace('@', '-taken@'));
	await other.context.close();

	const { page } = stage.phone;
	await openAccount(page, email);
	await press(page, 'Change the email');
	await page.getByLabel('New email').fill(next.replace('@', '-taken@'));
	await dialogOf(page).getByLabel('Password', { exact: true }).fill(PASSWORD);
	await page.keyboard.press('Enter');
	await page.getByText('There is a profile with this email already.').waitFor();
	await page.getByLabel('New email').fill(next);
	await page.keyboard.press('Enter');
	await page.getByRole('main').getByText(next, { exact: true }).waitFor();
	for (const device of [stage.phone, stage.desktop]) {
		await device.page.goto('/settings');
		await device.page.getByRole('main').getByText(next, { exact: true }).waitFor();
	}
	await untilInStep(stage.desktop.page);
});

test('a device is ended from another one, at once, and keeps what it has', async () => {
	const email = anEmail();
	await signUp(stage.phone.page, email);
	await addExpense(stage.phone.page, { amount: '3', payee: 'From the phone' });
	await untilInStep(stage.phone.page);
	await signIn(stage.desktop.page, email);

	const { page } = stage.desktop;
	await openAccount(page, email);
	await page.getByText('This device', { exact: true }).waitFor();
	const rows = page.getByRole('listitem').filter({ hasText: 'Last seen a few minutes ago' });
	expect(await rows.count()).toBe(1);
	await rows.getByRole('button', { name: /^Sign out/ }).click();
	await rows.waitFor({ state: 'detached' });

	await untilSignedOut(stage.phone.page);
	await stage.phone.page.goto('/transactions');
	await rowOf(stage.phone.page, 'From the phone').waitFor();
	await stage.phone.page.goto('/settings/account');
	await stage.phone.page.getByText('You are not signed in on this device.').waitFor();
});

test('all other devices are ended together', async () => {
	const email = anEmail();
	await signUp(stage.phone.page, email);
	const third = await stage.app.device();
	for (const { page } of [stage.desktop, third]) await signIn(page, email);
	const { page } = stage.phone;
	await openAccount(page, email);
	await press(page, 'Sign out the 2 others');
	await page
		.getByRole('button', { name: /^Sign out/ })
		.first()
		.waitFor({ state: 'detached' });
	await page.getByText('This device', { exact: true }).waitFor();
	for (const device of [stage.desktop, third]) await untilSignedOut(device.page);
	await untilInStep(page);
	third.expectNoComplaints();
	await third.context.close();
});

test('new recovery codes are shown once, and cannot be dismissed unseen', async () => {
	const { page } = stage.phone;
	const email = anEmail();
	await signUp(page, email);
	await openAccount(page, email);
	await page.getByText('10 recovery codes are left.').waitFor();
	await press(page, 'Make new codes');
	await dialogOf(page).getByLabel('Password', { exact: true }).fill(PASSWORD);
	await page.keyboard.press('Enter');
	const codes = dialogOf(page).locator('ol code');
	await codes.first().waitFor();
	expect(await codes.count()).toBe(10);
	await page.keyboard.press('Escape');
	await page.goBack().catch(() => {});
	await page.getByRole('heading', { name: 'Save your recovery codes' }).waitFor();
	await press(page, 'I have saved them');
	await dialogOf(page).waitFor({ state: 'hidden' });
	await page.getByText('10 recovery codes are left.').waitFor();
});

test('a deleted profile is gone; the ledger stays on the device, and can begin anew', async () => {
	const email = anEmail();
	await signUp(stage.phone.page, email);
	await addExpense(stage.phone.page, { amount: '3', payee: 'Kept here' });
	await untilInStep(stage.phone.page);
	await signIn(stage.desktop.page, email);
	await stage.desktop.page.goto('/transactions');
	await rowOf(stage.desktop.page, 'Kept here').waitFor();

	const { page } = stage.phone;
	await openAccount(page, email);
	await press(page, 'Delete the profile');
	await page.getByText('the 1 entry on this device').waitFor();
	await dialogOf(page).getByLabel('Password', { exact: true }).fill('not my password');
	await press(page, 'Delete the profile for good');
	await page.getByText('That is not your password.').waitFor();
	await dialogOf(page).getByLabel('Password', { exact: true }).fill(PASSWORD);
	await press(page, 'Delete the profile for good');
	await page.waitForURL('**/settings');
	await page.getByText('Everything works without one.').waitFor();
	await page.getByLabel('Sync: On this device only').first().waitFor({ state: 'attached' });
	await page.goto('/transactions');
	await rowOf(page, 'Kept here').waitFor();

	await untilSignedOut(stage.desktop.page);
	await stage.desktop.page.goto('/sign-in');
	await stage.desktop.page.getByLabel('Email').fill(email);
	await stage.desktop.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
	await press(stage.desktop.page, 'Sign in');
	await stage.desktop.page.getByText('The email or the password is not right.').waitFor();
	await stage.desktop.page.goto('/settings');
	await press(stage.desktop.page, 'Part from the profile');
	await press(stage.desktop.page, 'Keep it on this device only');
	await stage.desktop.page.getByText('Everything works without one.').waitFor();
	await stage.desktop.page.goto('/transactions');
	await rowOf(stage.desktop.page, 'Kept here').waitFor();

	// What was another profile's goes along only when somebody says so, with a new profile too.
	await page.goto('/sign-up');
	await page.getByLabel('Email').fill(email);
	await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
	await press(page, 'Sign up');
	await page.getByText('This device has 1 entry that belong').waitFor();
	await press(page, `Add them to ${email}`);
	await press(page, 'I have saved them');
	await page.waitForURL((url) => url.pathname !== '/sign-up');
	await addExpense(page, { amount: '4', payee: 'Of the new profile' });
	await untilInStep(page);
	const other = await stage.app.device();
	await signIn(other.page, email);
	await other.page.goto('/transactions');
	await rowOf(other.page, 'Kept here').waitFor();
	await rowOf(other.page, 'Of the new profile').waitFor();
	other.expectNoComplaints();
	await other.context.close();
});

test('with no network the page says so, and goes on when it is asked again', async () => {
	const { page, context } = stage.phone;
	const email = anEmail();
	await signUp(page, email);
	await openAccount(page, email);
	// Its code is there from now on.
	await page.getByText('10 recovery codes are left.').waitFor();
	await page.goBack();
	await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
	await context.setOffline(true);
	await page.getByRole('link', { name: 'Account', exact: true }).click();
	await page.getByText('The service cannot be reached.').waitFor();
	await context.setOffline(false);
	await press(page, 'Try again');
	await page.getByText('10 recovery codes are left.').waitFor();
});
