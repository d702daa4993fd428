import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { runApp, type RunningApp, type TestProfile } from '#tests/support/app.ts';
import {
	addExpense,
	anEmail,
	answer,
	fillEntry,
	rowOf,
	signIn,
	signOut,
	signUp,
	untilInstalled,
	untilInStep
} from '#tests/support/steps.ts';

let app: RunningApp;
let phone: TestProfile;
let desktop: TestProfile;

beforeAll(async () => {
	app = await runApp({ SIGN_UPS_PER_HOUR: '1000' });
});

beforeEach(async () => {
	phone = await app.device();
	desktop = await app.device();
});

afterEach(async () => {
	phone.expectNoComplaints();
	desktop.expectNoComplaints();
	await phone.context.close();
	await desktop.context.close();
});

afterAll(() => app.close());

/** Both devices with one profile, in step. */
async function pair(): Promise<string> {
	const email = anEmail();
	await signUp(phone.page, email);
	await untilInStep(phone.page);
	await signIn(desktop.page, email);
	await untilInStep(desktop.page);
	return email;
}

/** How many entries the list says it has. */
async function untilCount(page: Page, words: string): Promise<void> {
	if (!page.url().endsWith('/transactions')) await page.goto('/transactions');
	await page.getByText(words, { exact: true }).first().waitFor();
}

test('an expense saved while the service is down reaches the other device', async () => {
	await pair();
	await phone.page.goto('/');
	await untilInstalled(phone.page);
	await desktop.page.goto('/transactions');
	await untilInstalled(desktop.page);
	await app.stopService();
	await addExpense(phone.page, { amount: '42', category: 'Food', payee: 'Offline kiosk' });
	await phone.page.goto('/transactions');
	await rowOf(phone.page, 'Offline kiosk').waitFor();
	await phone.page.getByLabel('Sync: 1 to send').first().waitFor({ state: 'attached' });

	await app.startService();
	await rowOf(desktop.page, 'Offline kiosk').waitFor({ timeout: 45_000 });
	await untilInStep(phone.page);
});

test('what one device saves, edits and deletes the other shows by itself', async () => {
	await pair();
	await desktop.page.goto('/transactions');
	await addExpense(phone.page, { amount: '5', payee: 'Kiosk' });
	await rowOf(desktop.page, 'Kiosk').click();
	await fillEntry(desktop.page, { payee: 'Bakery' });
	await desktop.page.getByRole('button', { name: 'Save', exact: true }).click();
	await phone.page.goto('/transactions');
	await rowOf(phone.page, 'Bakery').click();
	await phone.page.getByRole('button', { name: 'Delete' }).click();
	await rowOf(desktop.page, 'Bakery').waitFor({ state: 'detached' });
	await phone.page.getByRole('button', { name: 'Undo' }).click();
	await rowOf(desktop.page, 'Bakery').waitFor();
});

test('both edit one entry offline: different fields both survive, of one field the later wins and the other is kept', async () => {
	await pair();
	await addExpense(phone.page, { amount: '10', payee: 'Kiosk', note: 'paper' });
	await untilInStep(phone.page);
	for (const { page, context } of [phone, desktop]) {
		await page.goto('/transactions');
		await rowOf(page, 'Kiosk').click();
		await page.getByLabel('Note').waitFor();
		await context.setOffline(true);
	}
	await fillEntry(phone.page, { amount: '11', note: 'paper and tea' });
	await phone.page.getByRole('button', { name: 'Save', exact: true }).click();
	await rowOf(phone.page, '11.00').waitFor();
	await fillEntry(desktop.page, { amount: '12', payee: 'The kiosk' });
	await desktop.page.getByRole('button', { name: 'Save', exact: true }).click();
	await rowOf(desktop.page, '12.00').waitFor();

	await phone.context.setOffline(false);
	await desktop.context.setOffline(false);
	for (const { page } of [phone, desktop]) {
		const merged = page
			.getByRole('link')
			.filter({ hasText: 'The kiosk' })
			.filter({ hasText: '12.00' });
		await merged.first().click();
		await page.getByRole('heading', { name: 'History' }).waitFor();
		expect(await page.getByLabel('Note').inputValue()).toBe('paper and tea');
		await page.getByText('11.00').first().waitFor();
	}
});

test('sign-up after fifty offline entries: all go along once, the starting categories too', async () => {
	const { page } = phone;
	await page.goto('/add');
	await untilInstalled(page);
	await page.reload();
	await phone.context.setOffline(true);
	for (let entry = 1; entry <= 50; entry++) {
		await fillEntry(page, { amount: String(entry), note: `entry ${entry}` });
		await page.getByRole('button', { name: 'Save & new' }).click();
		await page.waitForFunction(
			() => document.querySelector<HTMLInputElement>('input[name="amount"]')?.value === ''
		);
	}
	await phone.context.setOffline(false);
	const email = anEmail();
	await signUp(page, email);
	await untilInStep(page);

	await signIn(desktop.page, email);
	await untilInStep(desktop.page);
	for (const device of [phone, desktop]) {
		await untilCount(device.page, '50 entries');
		await device.page.goto('/add');
		const categories = device.page.getByLabel('Category', { exact: true });
		await categories.locator('option', { hasText: 'Food' }).waitFor({ state: 'attached' });
		const names = await categories.locator('option').allTextContents();
		expect(new Set(names).size).toBe(names.length);
		expect(names.length).toBe(12);
	}
});

test('a used device meets another sign-in: the first ledger is not touched, each opens its own', async () => {
	const [first, second] = [anEmail(), anEmail()];
	await addExpense(phone.page, { amount: '1', payee: 'First person' });
	await signUp(phone.page, first);
	await untilInStep(phone.page);
	await signOut(phone.page, 'keep');
	await phone.page.getByRole('link', { name: 'Sign in again' }).last().waitFor();

	await signUp(desktop.page, second);
	await addExpense(desktop.page, { amount: '2', payee: 'Second person' });
	await untilInStep(desktop.page);

	await signIn(phone.page, second);
	await phone.page.goto('/transactions');
	await rowOf(phone.page, 'Second person').waitFor();
	expect(await phone.page.getByText('First person').count()).toBe(0);
	await untilInStep(phone.page);
	await desktop.page.goto('/transactions');
	await untilCount(desktop.page, '1 entry');

	await signIn(phone.page, first);
	await phone.page.goto('/transactions');
	await rowOf(phone.page, 'First person').waitFor();
	expect(await phone.page.getByText('Second person').count()).toBe(0);
});

test('entries that belong to no profile are asked about: added, they go along', async () => {
	const email = anEmail();
	await signUp(phone.page, email);
	await addExpense(phone.page, { amount: '1', payee: 'From the phone' });
	await untilInStep(phone.page);
	await addExpense(desktop.page, { amount: '2', payee: 'Typed before' });
	await signIn(desktop.page, email);
	await desktop.page.getByText('This device has 1 entry that belong').waitFor();
	await answer(desktop.page, `Add them to ${email}`);
	await desktop.page.goto('/transactions');
	await rowOf(desktop.page, 'From the phone').waitFor();
	await phone.page.goto('/transactions');
	await rowOf(phone.page, 'Typed before').waitFor();
});

test('kept apart, they stay on the device and come back when the copy is removed', async () => {
	const email = anEmail();
	await signUp(phone.page, email);
	await addExpense(phone.page, { amount: '1', payee: 'From the phone' });
	await untilInStep(phone.page);
	await addExpense(desktop.page, { amount: '2', payee: 'Typed before' });
	await signIn(desktop.page, email);
	await answer(desktop.page, 'Keep them apart');
	await desktop.page.goto('/transactions');
	await rowOf(desktop.page, 'From the phone').waitFor();
	expect(await desktop.page.getByText('Typed before').count()).toBe(0);
	await untilInStep(desktop.page);

	await signOut(desktop.page, 'remove');
	await desktop.page.goto('/transactions');
	await rowOf(desktop.page, 'Typed before').waitFor();
	expect(await desktop.page.getByText('From the phone').count()).toBe(0);
	await phone.page.goto('/transactions');
	await untilCount(phone.page, '1 entry');
});

test('signing out warns of what is not in the cloud, and signed out the work goes on', async () => {
	const email = await pair();
	await signOut(phone.page, 'keep');
	await phone.page.getByLabel('Sync: Sign in again').first().waitFor({ state: 'attached' });
	await addExpense(phone.page, { amount: '9', payee: 'While signed out' });
	await phone.page.reload();
	await phone.page.goto('/transactions');
	await rowOf(phone.page, 'While signed out').waitFor();

	await signIn(phone.page, email);
	await untilInStep(phone.page);
	await desktop.page.goto('/transactions');
	await rowOf(desktop.page, 'While signed out').waitFor();
});

test('the service is killed: nothing acknowledged is lost, and devices mend themselves', async () => {
	await pair();
	await addExpense(phone.page, { amount: '1', payee: 'Before the kill' });
	await untilInStep(phone.page);
	await app.stopService('SIGKILL');
	await app.startService();
	await addExpense(phone.page, { amount: '2', payee: 'After the kill' });
	await desktop.page.goto('/transactions');
	await rowOf(desktop.page, 'Before the kill').waitFor();
	await rowOf(desktop.page, 'After the kill').waitFor({ timeout: 45_000 });
	await untilInStep(phone.page);
	await untilInStep(desktop.page);
	await untilCount(desktop.page, '2 entries');
});
