import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { SIZES } from '#tests/support/screens.ts';
import { setStage } from '#tests/support/stage.ts';
import {
	addExpense,
	anEmail,
	rowOf,
	signIn,
	signUp,
	untilInStep,
	untilInstalled
} from '#tests/support/steps.ts';

const stage = setStage('device');

interface Exported {
	_id: string;
	_rev: string;
	payee?: string;
}

/** Presses the button and reads the file. */
async function exportCopy(page: Page): Promise<Exported[]> {
	const download = page.waitForEvent('download');
	await page.getByRole('button', { name: 'Export a copy' }).click();
	const text = await readFile(await (await download).path(), 'utf8');
	return JSON.parse(text) as Exported[];
}

const payees = (documents: readonly Exported[]) =>
	documents.flatMap(({ payee }) => (payee ? [payee] : []));

test.each(Object.entries(SIZES))(
	'%s: on this device alone, it says so, and a copy has everything as it was last saved',
	async (_, size) => {
		const { page } = stage.device;
		await page.setViewportSize(size);
		await addExpense(page, { amount: '5', payee: 'Kiosk' });
		await page.goto('/settings');
		await page.getByRole('link', { name: 'Where your data is' }).click();
		await page.getByText('Nothing: there is no profile').waitFor();
		await page.getByText('1 entry', { exact: false }).first().waitFor();
		await page.getByText('None was made on this device').waitFor();
		await page.getByText(/^Here since /).waitFor();
		const documents = await exportCopy(page);
		expect(payees(documents)).toEqual(['Kiosk']);
		expect(documents.every(({ _id, _rev }) => _id !== '' && /^\d+-/.test(_rev))).toBe(true);
		await page.getByText('The file is among your downloads.').waitFor();
		await page.getByText('None was made on this device').waitFor({ state: 'detached' });
		const width = await page.evaluate(() => document.documentElement.scrollWidth);
		expect(width).toBeLessThanOrEqual(size.width);
	}
);

test('what is not sent yet is named and leads to its entry, and other devices are listed', async () => {
	const { page, context } = stage.device;
	const email = anEmail();
	await signUp(page, email);
	await untilInStep(page);
	const other = await stage.app.device();
	await signIn(other.page, email);
	await page.goto('/settings/sync');
	await page.getByText(/^Last seen /).waitFor();
	await untilInstalled(page);
	await page.reload();
	await untilInStep(page);
	await context.setOffline(true);
	await addExpense(page, { amount: '5', payee: 'In the tunnel' });
	await page.goto('/settings/sync');
	await page.getByText(/last in step /).waitFor();
	await page.getByText('Which ones').click();
	await rowOf(page, 'In the tunnel').click();
	await page.waitForURL(/\/transactions\/./);
	await context.setOffline(false);
	await other.context.close();
});

test('a browser that starts no worker and has lost the device’s notes still gives a copy', async () => {
	const { page } = stage.device;
	await addExpense(page, { amount: '5', payee: 'Kiosk' });
	await page.goto('/robots.txt');
	await page.evaluate(
		() =>
			new Promise((resolve) => {
				indexedDB.deleteDatabase('outlay-device').onsuccess = resolve;
			})
	);
	const broken = await stage.device.newTab();
	await broken.addInitScript(() => {
		Reflect.set(window, 'Worker', () => {
			throw new Error('No workers today');
		});
	});
	await broken.goto('/');
	await broken.getByRole('link', { name: 'Export a copy' }).click();
	await broken.getByText('Your ledger could not be opened').waitFor();
	expect(payees(await exportCopy(broken))).toEqual(['Kiosk']);
});

test('a browser that refuses to protect it says what to do about that', async () => {
	const { page } = stage.device;
	await page.addInitScript(() => {
		navigator.storage.persisted = async () => false;
		navigator.storage.persist = async () => false;
		navigator.storage.estimate = async () => ({ usage: 90_000_000, quota: 100_000_000 });
	});
	await page.goto('/settings/sync');
	await page.getByText('There is little room left for Outlay').waitFor();
	await page.getByRole('button', { name: 'Protect' }).click();
	await page.getByText('Browsers allow it once the app is installed').waitFor();
	await page.getByRole('button', { name: 'Ask again' }).waitFor();
});
