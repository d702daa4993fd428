import { expect, test } from 'vitest';
import type { TestProfile } from '#tests/support/app.ts';
import { setStage } from '#tests/support/stage.ts';
import {
	addExpense,
	anEmail,
	fillEntry,
	pair,
	rowOf,
	signIn,
	signUp,
	untilInstalled,
	untilInStep,
	untilValue
} from '#tests/support/steps.ts';

const stage = setStage('phone', 'desktop');

/** What the simple set offers. */
const SIMPLE = ['No category', 'Food', 'Transport', 'Home', 'Leisure', 'Salary', 'Other'];

test('an expense saved while the service is down reaches the other device', async () => {
	await pair(stage.phone.page, stage.desktop.page);
	await stage.phone.page.goto('/');
	await untilInstalled(stage.phone.page);
	await stage.desktop.page.goto('/transactions');
	await untilInstalled(stage.desktop.page);
	await stage.app.stopService();
	await addExpense(stage.phone.page, { amount: '42', category: 'Food', payee: 'Offline kiosk' });
	await stage.phone.page.goto('/transactions');
	await rowOf(stage.phone.page, 'Offline kiosk').waitFor();
	await stage.phone.page.getByLabel('Sync: 1 to send').first().waitFor({ state: 'attached' });

	await stage.app.startService();
	await rowOf(stage.desktop.page, 'Offline kiosk').waitFor({ timeout: 45_000 });
	await untilInStep(stage.phone.page);
});

test('sign-up after fifty offline entries: all go along once, the starting categories too', async () => {
	const { page } = stage.phone;
	await page.goto('/add');
	await untilInstalled(page);
	await page.reload();
	await stage.phone.context.setOffline(true);
	for (let entry = 1; entry <= 50; entry++) {
		await fillEntry(page, { amount: String(entry), note: `entry ${entry}` });
		await page.getByRole('button', { name: 'Save & new' }).click();
		await untilValue(page, 'amount', '');
	}
	await stage.phone.context.setOffline(false);
	const email = anEmail();
	await signUp(page, email);
	await untilInStep(page);

	await signIn(stage.desktop.page, email);
	await untilInStep(stage.desktop.page);
	for (const device of [stage.phone, stage.desktop]) {
		await device.page.goto('/transactions');
		await device.page.getByText('50 entries', { exact: true }).first().waitFor();
		await device.page.goto('/add');
		const categories = device.page.getByLabel('Category', { exact: true });
		await categories.locator('option', { hasText: 'Food' }).waitFor({ state: 'attached' });
		const names = await categories.locator('option').allTextContents();
		expect(new Set(names).size).toBe(names.length);
		expect(names.length).toBe(12);
	}
});

test('two devices that choose different starting categories offline end with the same ones', async () => {
	const devices = [stage.phone, stage.desktop];
	await pair(stage.phone.page, stage.desktop.page);
	const set = ({ page }: TestProfile, name: string) =>
		page.getByRole('radio', { name: new RegExp(`^${name}`) });
	for (const { page, context } of devices) {
		await page.goto('/settings');
		await page.getByRole('radio', { name: /^Everyday/ }).waitFor();
		await context.setOffline(true);
	}
	await set(stage.phone, 'Detailed').check();
	await set(stage.desktop, 'Simple').check();
	for (const { page, context } of devices) {
		await page.getByLabel('Sync: 1 to send').first().waitFor({ state: 'attached' });
		await context.setOffline(false);
	}
	// The later choice is that of both.
	for (const device of devices) {
		await expect.poll(() => set(device, 'Simple').isChecked()).toBe(true);
		await untilInStep(device.page);
	}
	for (const { page } of devices) {
		await page.goto('/add');
		const options = page.getByLabel('Category', { exact: true }).locator('option');
		await expect.poll(() => options.allTextContents()).toEqual(SIMPLE);
	}
});
