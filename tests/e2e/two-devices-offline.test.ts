import { expect, test } from 'vitest';
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
