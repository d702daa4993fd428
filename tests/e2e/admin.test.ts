import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { makeAdmin, untilAdmin } from '#tests/support/make-admin.ts';
import { setOnlineStage } from '#tests/support/stage.ts';
import { addExpense, anEmail, PASSWORD, rowOf, signUp, untilInStep } from '#tests/support/steps.ts';

const stage = setOnlineStage('admin', 'member');

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** Makes a profile on a device, and an admin of it; the page for admins is then open. */
async function signUpAdmin(page: Page): Promise<string> {
	const email = anEmail();
	await signUp(page, email);
	await makeAdmin(stage.app, email);
	await untilAdmin(page);
	await page.goto('/settings/account');
	await page.getByRole('link', { name: 'Look after accounts' }).click();
	await page.getByLabel('Find by email').waitFor();
	return email;
}

/** Looks for an account, and waits until it alone is shown. */
async function find(page: Page, email: string) {
	await page.getByLabel('Find by email').fill(email);
	const rows = page.getByRole('listitem').filter({ hasText: /document|Size unknown/ });
	await expect.poll(() => rows.count()).toBe(1);
	await rows.filter({ hasText: email }).waitFor();
	return rows;
}

test('who is no admin sees nothing of the page', async () => {
	const { page } = stage.member;
	await page.goto('/admin');
	await page.getByText('You are not signed in on this device.').waitFor();
	await signUp(page, anEmail());
	await page.goto('/settings/account');
	await page.getByText('This device', { exact: true }).waitFor();
	expect(await page.getByRole('link', { name: 'Look after accounts' }).count()).toBe(0);
	await page.goto('/admin');
	await page.getByText('Only an admin looks after the accounts.').waitFor();
});

test('somebody is found, suspended, told so, and let in again; nothing of the ledger is shown', async () => {
	const email = anEmail();
	await signUp(stage.member.page, email);
	await addExpense(stage.member.page, { amount: '3', payee: 'Secret kiosk' });
	await untilInStep(stage.member.page);

	const { page } = stage.admin;
	const own = await signUpAdmin(page);
	await (await find(page, own)).getByText('Admin', { exact: true }).waitFor();
	expect(await page.getByRole('button', { name: `Suspend ${own}` }).count()).toBe(0);
	const row = await find(page, email);
	expect(await page.content()).not.toContain('Secret kiosk');
	await row.getByRole('button', { name: `Suspend ${email}` }).click();
	await press(page, 'Suspend');
	await row.getByText('Suspended', { exact: true }).waitFor();

	await stage.member.page
		.getByLabel('Sync: This account is suspended')
		.first()
		.waitFor({ state: 'attached' });
	await addExpense(stage.member.page, { amount: '4', payee: 'Meanwhile' });
	await stage.member.page.goto('/transactions');
	await rowOf(stage.member.page, 'Meanwhile').waitFor();

	await row.getByRole('button', { name: `Let in again ${email}` }).click();
	await press(page, 'Let in again');
	await row.getByText('Suspended', { exact: true }).waitFor({ state: 'detached' });
	await stage.member.page.reload();
	await untilInStep(stage.member.page);
});

test('a quota of one’s own is set, and taken back', async () => {
	const email = anEmail();
	await signUp(stage.member.page, email);
	const { page } = stage.admin;
	await signUpAdmin(page);
	const row = await find(page, email);
	await row.getByText('As much as everybody').waitFor();
	await row.getByRole('button', { name: `Quota of ${email}` }).click();
	await page.getByLabel('Documents').fill('many');
	await press(page, 'Set the quota');
	await page.getByText('Enter a whole number').waitFor();
	await page.getByLabel('Documents').fill('5');
	await page.getByLabel('Megabytes').fill('1.5');
	await page.keyboard.press('Enter');
	await row.getByText('Up to 5 documents, 1.5 MB').waitFor();

	// Its starting documents alone are more than that.
	await addExpense(stage.member.page, { amount: '3', payee: 'One too many' });
	await stage.member.page
		.getByLabel(/Sync: Your space in the cloud is full/)
		.first()
		.waitFor({ state: 'attached' });
	await stage.member.page.goto('/transactions');
	await rowOf(stage.member.page, 'One too many').waitFor();

	await page.reload();
	await (await find(page, email)).getByText('Up to 5 documents, 1.5 MB').waitFor();
	await row.getByRole('button', { name: `Quota of ${email}` }).click();
	await page.getByLabel('Documents').fill('');
	await page.getByLabel('Megabytes').fill('');
	await page.keyboard.press('Enter');
	await row.getByText('As much as everybody').waitFor();
});

test('an invitation is shown once as a link, lets one person in, and can be revoked', async () => {
	const { page } = stage.admin;
	await signUpAdmin(page);
	await press(page, 'Invite somebody');
	await press(page, 'Make an invitation');
	const link = String(await page.getByRole('dialog').locator('code').first().textContent());
	expect(new URL(link).search).toBe('');
	await press(page, 'I have sent it');
	await page.getByText('Whoever has the link').waitFor();
	expect(await page.content()).not.toContain(new URL(link).hash.split('=')[1]);

	const asked: string[] = [];
	stage.member.page.on('request', (request) => asked.push(request.url()));
	await stage.member.page.goto(link);
	await stage.member.page.getByLabel('Email').fill(anEmail());
	await stage.member.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
	await press(stage.member.page, 'Sign up');
	await stage.member.page.getByRole('heading', { name: 'Save your recovery codes' }).waitFor();
	const code = String(new URL(link).hash.split('=')[1]);
	expect(asked.filter((url) => url.replace(/#.*/, '').includes(code))).toEqual([]);

	await press(page, 'Invite somebody');
	await page.getByLabel('Email (optional)').fill('friend@example.org');
	await page.keyboard.press('Enter');
	await press(page, 'I have sent it');
	await press(page, 'Revoke the invitation of friend@example.org');
	await page.getByText('friend@example.org', { exact: true }).waitFor({ state: 'detached' });
});
