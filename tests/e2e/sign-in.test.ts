import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { runApp } from '#tests/support/app.ts';
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

/** Signs up, and stays where the recovery codes are shown. */
async function signUpToCodes(page: Page, email: string): Promise<string[]> {
	await page.goto('/sign-up');
	await page.getByLabel('Email').fill(email);
	await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
	await page.keyboard.press('Enter');
	await page.getByRole('heading', { name: 'Save your recovery codes' }).waitFor();
	return page.locator('ol code').allTextContents();
}

/** Asks for a new password with a recovery code. */
async function recover(page: Page, email: string, code: string, password: string): Promise<void> {
	await page.goto('/recover');
	await page.getByLabel('Email').fill(email);
	await page.getByLabel('Recovery code').fill(code);
	await page.getByLabel('New password').fill(password);
	await page.getByRole('button', { name: 'Set the password and sign in' }).click();
}

test('the codes are shown once, can be saved, and are not left without asking', async () => {
	const { page } = stage.phone;
	const email = anEmail();
	const codes = await signUpToCodes(page, email);
	expect(new Set(codes).size).toBe(10);

	const download = page.waitForEvent('download');
	await page.getByRole('button', { name: 'Save as a file' }).click();
	const file = await readFile(await (await download).path(), 'utf8');
	expect(file).toContain(email);
	for (const code of codes) expect(file).toContain(code);

	await page.getByRole('link', { name: 'Home' }).first().click();
	await page.getByRole('heading', { name: 'Leave without the codes?' }).waitFor();
	await page.getByRole('button', { name: 'Back to the codes' }).click();
	const asking = page.waitForEvent('dialog');
	await page.close({ runBeforeUnload: true });
	const question = await asking;
	expect(question.type()).toBe('beforeunload');
	await question.dismiss();
	await page.getByRole('button', { name: 'I have saved them' }).click();
	await page.waitForURL('**/settings');

	const kept = await page.evaluate(async () => {
		const names = (await indexedDB.databases()).map(({ name }) => name);
		return JSON.stringify([names, { ...localStorage }, { ...sessionStorage }, document.cookie]);
	});
	for (const code of codes) expect(kept).not.toContain(code);
	await page.goBack();
	expect(await page.getByText(String(codes[0])).count()).toBe(0);
});

test('copied, the codes are in the clipboard, one a line', async () => {
	const { page, context } = stage.phone;
	await context.grantPermissions(['clipboard-read', 'clipboard-write']);
	const codes = await signUpToCodes(page, anEmail());
	await page.getByRole('button', { name: 'Copy' }).click();
	await page.getByText('Copied').waitFor();
	expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(codes.join('\n'));
});

test('how strong a password is is said while it is typed, and what makes it stronger', async () => {
	const { page } = stage.phone;
	await page.goto('/sign-up');
	await page.getByLabel('Email').fill('maria.hoffmann@example.org');
	const password = page.getByLabel('Password', { exact: true });
	await password.pressSequentially('password1');
	await page.getByText('Guessed at once.').waitFor();
	await page.getByText('the less usual the better').waitFor();
	await password.fill('heron lamp 41 sideways');
	await page.getByText('Strong.').waitFor();

	await password.fill('password1');
	await page.getByRole('button', { name: 'Sign up', exact: true }).click();
	await page.getByText('That is easily guessed').waitFor();
	expect(await password.inputValue()).toBe('password1');
	expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe(
		'new-password'
	);
});

test('who types and sends before the page’s code has arrived is signed up all the same', async () => {
	const { page } = stage.phone;
	const arrived = Promise.withResolvers<undefined>();
	await page.route('**/_app/**/*.js', async (route) => {
		await arrived.promise;
		await route.continue();
	});
	await page.goto('/sign-up', { waitUntil: 'commit' });
	await page.getByLabel('Email').fill(anEmail());
	await page.getByLabel('Password', { exact: true }).fill('password1');
	arrived.resolve(undefined);
	await page.getByText('Guessed at once.').waitFor();
	await page.unrouteAll();

	const later = Promise.withResolvers<undefined>();
	await page.route('**/_app/**/*.js', async (route) => {
		await later.promise;
		await route.continue();
	});
	await page.goto('/sign-up', { waitUntil: 'commit' });
	await page.getByLabel('Email').fill(anEmail());
	await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
	await page.getByRole('button', { name: 'Sign up', exact: true }).click();
	later.resolve(undefined);
	await page.getByText('Your profile is ready').waitFor();
	expect(page.url()).not.toContain('password');
});

test('a wrong password keeps what was typed, and too many say for how long to wait', async () => {
	const email = anEmail();
	await signUp(stage.phone.page, email);
	const { page } = stage.desktop;
	await page.goto('/sign-in');
	await page.getByLabel('Email').fill(email);
	const password = page.getByLabel('Password', { exact: true });
	await password.fill('not my password');
	const submit = page.getByRole('button', { name: 'Sign in', exact: true });
	await submit.click();
	await page.getByText('The email or the password is not right.').waitFor();
	expect(await page.getByLabel('Email').inputValue()).toBe(email);
	expect(await password.inputValue()).toBe('not my password');

	await expect
		.poll(
			async () => {
				await submit.click();
				await page.locator('button[aria-busy="true"]').waitFor({ state: 'detached' });
				return page.getByRole('alert').allTextContents();
			},
			{ timeout: 30_000, interval: 50 }
		)
		.toContainEqual(
			expect.stringMatching(/^Too many tries\. Try again in \d+ (minutes?|seconds?)\.$/)
		);
	expect(await password.inputValue()).toBe('not my password');
});

test('who forgot the password comes in with a code, once, and the other device is signed out', async () => {
	const email = anEmail();
	const codes = await signUpToCodes(stage.phone.page, email);
	await stage.phone.page.getByRole('button', { name: 'I have saved them' }).click();
	await addExpense(stage.phone.page, { amount: '3', payee: 'From the phone' });
	await untilInStep(stage.phone.page);

	const { page } = stage.desktop;
	await page.goto('/sign-in');
	await page.getByRole('link', { name: 'Forgot the password?' }).click();
	await recover(page, email, 'AAAA-AAAA-AAAA-AAAA', 'a quite new password');
	await page.getByText('do not belong together').waitFor();
	expect(await page.getByLabel('New password').inputValue()).toBe('a quite new password');

	const typed = String(codes[0]).toLowerCase().replaceAll('-', ' ');
	await recover(page, email, typed, 'a quite new password');
	await page.getByRole('heading', { name: 'You are signed in' }).waitFor();
	await page.getByText('9 recovery codes are left.').waitFor();
	await page.goto('/transactions');
	await rowOf(page, 'From the phone').waitFor();

	await stage.phone.page.getByLabel('Sync: Sign in again').first().waitFor({ state: 'attached' });
	await recover(stage.phone.page, email, String(codes[0]), 'another new password');
	await stage.phone.page.getByText('do not belong together').waitFor();
	await signIn(stage.phone.page, email, 'a quite new password');
	await untilInStep(stage.phone.page);
});

test('with no network the form says so, and has everything still', async () => {
	const { page, context } = stage.phone;
	await page.goto('/sign-up');
	// Its worker is here too.
	await page.getByLabel('Sync: On this device only').first().waitFor({ state: 'attached' });
	await page.getByLabel('Email').fill(anEmail());
	await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
	await context.setOffline(true);
	await page.getByRole('button', { name: 'Sign up', exact: true }).click();
	await page.getByText('The service cannot be reached.').waitFor();
	expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe(PASSWORD);
	await context.setOffline(false);
	await page.getByRole('button', { name: 'Sign up', exact: true }).click();
	await page.getByRole('heading', { name: 'Save your recovery codes' }).waitFor();
});

test('a service that takes nobody new says so instead of asking for a password', async () => {
	const app = await runApp({ SIGN_UP: 'closed' });
	try {
		const { page, expectNoComplaints } = await app.device();
		await page.goto('/sign-up');
		await page.getByText('This Outlay takes no new profiles.').waitFor();
		expect(await page.getByLabel('Password', { exact: true }).count()).toBe(0);
		expectNoComplaints();
	} finally {
		await app.close();
	}
});

test('by invitation the code is asked for, and taken out of the link', async () => {
	const app = await runApp({ SIGN_UP: 'invite' });
	try {
		const { page, expectNoComplaints } = await app.device();
		await page.goto('/sign-up');
		await page.getByLabel('Email').fill(anEmail());
		await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
		await page.getByLabel('Invitation').waitFor();
		await page.getByRole('button', { name: 'Sign up', exact: true }).click();
		await page.getByText('Enter the code of your invitation.').waitFor();

		await page.goto('/settings');
		await page.goto('/sign-up#invite=not-a-good-one');
		await page.getByLabel('Email').fill(anEmail());
		await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
		expect(await page.getByLabel('Invitation').inputValue()).toBe('not-a-good-one');
		await page.getByRole('button', { name: 'Sign up', exact: true }).click();
		await page.getByText('This invitation is not good any more.').waitFor();
		expectNoComplaints();
	} finally {
		await app.close();
	}
});
