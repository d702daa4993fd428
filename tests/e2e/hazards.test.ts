import { test } from 'vitest';
import { setStage } from '#tests/support/stage.ts';
import {
	addExpense,
	anEmail,
	rowOf,
	signIn,
	signUp,
	untilInstalled,
	untilInStep
} from '#tests/support/steps.ts';

const stage = setStage('device');

test('the browser evicted everything: the ledger comes back by itself', async () => {
	const { page } = stage.device;
	await signUp(page, anEmail());
	await addExpense(page, { amount: '5', payee: 'Kiosk' });
	await untilInStep(page);
	// As an eviction does it: no page of ours is open, cookies stay.
	await page.goto('/robots.txt');
	await page.evaluate(async () => {
		for (const { name } of await indexedDB.databases()) {
			await new Promise<void>((resolve, reject) => {
				const request = indexedDB.deleteDatabase(name ?? '');
				request.onsuccess = () => resolve();
				request.onerror = () => reject(request.error);
			});
		}
		localStorage.clear();
		sessionStorage.clear();
	});
	await page.goto('/transactions');
	await rowOf(page, 'Kiosk').waitFor();
	await untilInStep(page);
});

test('only the ledger’s database is gone: it is fetched again', async () => {
	const { page } = stage.device;
	await signUp(page, anEmail());
	await addExpense(page, { amount: '5', payee: 'Kiosk' });
	await untilInStep(page);
	await page.goto('/robots.txt');
	await page.evaluate(async () => {
		for (const { name } of await indexedDB.databases()) {
			if (!name?.startsWith('_pouch_')) continue;
			await new Promise((resolve) => {
				indexedDB.deleteDatabase(name).onsuccess = resolve;
			});
		}
	});
	await page.goto('/transactions');
	await rowOf(page, 'Kiosk').waitFor();
	await untilInStep(page);
});

test('the tab that syncs is closed: another one takes over', async () => {
	const email = anEmail();
	await signUp(stage.device.page, email);
	await untilInStep(stage.device.page);
	const second = await stage.device.newTab();
	await second.goto('/transactions');
	await untilInStep(second);
	await stage.device.page.close();
	await addExpense(second, { amount: '5', payee: 'Kiosk' });
	await untilInStep(second);
	const other = await stage.app.device();
	await signIn(other.page, email);
	await other.page.goto('/transactions');
	await rowOf(other.page, 'Kiosk').waitFor();
	await other.context.close();
});

test('signing out offline warns of what is only here, and says what cannot be done', async () => {
	const { page, context } = stage.device;
	await signUp(page, anEmail());
	await untilInStep(page);
	await page.goto('/settings');
	await untilInstalled(page);
	await page.reload();
	await context.setOffline(true);
	await addExpense(page, { amount: '5', payee: 'Kiosk' });
	await page.goto('/settings');
	await page.getByRole('button', { name: 'Sign out', exact: true }).click();
	const dialog = page.getByRole('dialog');
	await dialog.getByText('1 entry is not in the cloud yet.').waitFor();
	await dialog.getByRole('button', { name: 'Sign out and remove the copy' }).click();
	await dialog.getByText('The service cannot be reached.').waitFor();
	await dialog.getByRole('button', { name: 'Stay signed in' }).click();
	await page.goto('/transactions');
	await rowOf(page, 'Kiosk').waitFor();
	await context.setOffline(false);
	await untilInStep(page);
});

test('a sign-in that was cut off before its answer was used is finished by the next start', async () => {
	const { page } = stage.device;
	const email = anEmail();
	const other = await stage.app.device();
	await signUp(other.page, email);
	await addExpense(other.page, { amount: '5', payee: 'Kiosk' });
	await untilInStep(other.page);

	await page.goto('/sign-in');
	await page.getByLabel('Email').fill(email);
	await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
	// The service answers, its cookie arrives, and the tab is gone before anybody reads the answer.
	await page.route('**/api/session', async (route) => {
		if (route.request().method() !== 'POST') return route.continue();
		await route.fetch();
		await page.goto('/robots.txt');
	});
	await page.getByRole('button', { name: 'Sign in', exact: true }).click();
	await page.waitForURL('**/robots.txt');
	await page.goto('/transactions');
	await rowOf(page, 'Kiosk').waitFor();
	await untilInStep(page);
	await other.context.close();
});

test('a service that is killed and started under load loses nothing it acknowledged', async () => {
	const { page } = stage.device;
	const email = anEmail();
	await signUp(page, email);
	for (let entry = 1; entry <= 5; entry++) {
		await addExpense(page, { amount: String(entry), payee: `Entry ${entry}` });
		if (entry === 3) {
			await stage.app.stopService('SIGKILL');
			await stage.app.startService();
		}
	}
	await untilInStep(page);
	const other = await stage.app.device();
	await signIn(other.page, email);
	await other.page.goto('/transactions');
	await other.page.getByText('5 entries', { exact: true }).waitFor();
	await other.context.close();
});
