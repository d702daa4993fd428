import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { startFaultProxy } from '#tests/support/fault-proxy.ts';
import { setStage } from '#tests/support/stage.ts';
import {
	addExpense,
	anEmail,
	fillEntry,
	rowOf,
	save,
	signIn,
	signUp,
	untilInStep,
	untilValue
} from '#tests/support/steps.ts';

const stage = setStage('device');

/** Has the browser say, when a write to a ledger is to be committed, that there is no room; or no more. */
async function setFull(page: Page, isFull: boolean): Promise<void> {
	// Chromium lets a test set a quota, and does not keep IndexedDB to it.
	await page.workers()[0]?.evaluate((full) => {
		const worker = globalThis as { isFull?: boolean };
		const isFirst = worker.isFull === undefined;
		worker.isFull = full;
		if (!isFirst) return;
		const doomed = new WeakSet<IDBTransaction>();
		const { put } = IDBObjectStore.prototype;
		IDBObjectStore.prototype.put = function (...args) {
			const { transaction } = this;
			if (worker.isFull && transaction.db.name.startsWith('_pouch_') && !doomed.has(transaction)) {
				doomed.add(transaction);
				let rounds = 0;
				// All else that the transaction asks for comes first.
				const abortLater = (): void => {
					if (++rounds < 50) this.get('').onsuccess = abortLater;
					else {
						const value = new DOMException('No room', 'QuotaExceededError');
						Object.defineProperty(transaction, 'error', { value });
						transaction.abort();
					}
				};
				abortLater();
			}
			return put.apply(this, args);
		};
	}, isFull);
}

test('no room on the device: nothing is half written, the form stays, and what is here can be read', async () => {
	const { page } = stage.device;
	await page.goto('/add');
	await fillEntry(page, { amount: '5', payee: 'Kiosk' });
	await page.getByRole('button', { name: 'Save & new' }).click();
	await untilValue(page, 'amount', '');
	await setFull(page, true);
	await fillEntry(page, { amount: '6', payee: 'Bakery' });
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	await page.getByText('This device has no room left. Nothing was written').waitFor();
	expect(await page.getByLabel('Payee').inputValue()).toBe('Bakery');
	await setFull(page, false);
	await save(page);
	await page.goto('/transactions');
	await rowOf(page, 'Kiosk').waitFor();
	await page.getByText('2 entries', { exact: true }).first().waitFor();
});

test('no room for what comes: it says so, what is here can be exported, and with room it goes on', async () => {
	const { page } = stage.device;
	const email = anEmail();
	await signUp(page, email);
	await addExpense(page, { amount: '5', payee: 'Kiosk' });
	await page.goto('/settings/sync');
	await untilInStep(page);
	await setFull(page, true);
	const other = await stage.app.device();
	await signIn(other.page, email);
	await addExpense(other.page, { amount: '6', payee: 'Bakery' });
	await untilInStep(other.page);
	await page.getByLabel('Sync: Device is full').first().waitFor({ state: 'attached' });
	const download = page.waitForEvent('download');
	await page.getByRole('button', { name: 'Export a copy' }).click();
	expect((await download).suggestedFilename()).toBe('outlay-ledger.json');
	await setFull(page, false);
	await page.getByRole('button', { name: 'Sync now' }).click();
	await untilInStep(page);
	await page.goto('/transactions');
	await rowOf(page, 'Bakery').waitFor();
	await other.context.close();
});

test('little room left is said before a save fails', async () => {
	const { page } = stage.device;
	await page.addInitScript(() => {
		navigator.storage.estimate = async () => ({ usage: 90, quota: 100 });
	});
	await page.goto('/');
	await page.getByText('This device has little room left for Outlay').waitFor();
});

test('the browser cleared everything: it is said how many entries were lost with it', async () => {
	const proxy = await startFaultProxy(stage.app.url);
	const device = await stage.app.device({ baseURL: proxy.url });
	const { page } = device;
	await signUp(page, anEmail());
	await addExpense(page, { amount: '5', payee: 'In the cloud' });
	await untilInStep(page);
	proxy.rules = [{ on: /\/sync\//, fault: { kind: 'reset' } }];
	proxy.cutAll();
	await addExpense(page, { amount: '6', payee: 'Only here' });
	await page.getByLabel('Sync: 1 to send').first().waitFor({ state: 'attached' });
	await page.goto('/robots.txt');
	await page.evaluate(async () => {
		for (const { name } of await indexedDB.databases()) {
			await new Promise((resolve) => {
				indexedDB.deleteDatabase(name ?? '').onsuccess = resolve;
			});
		}
	});
	proxy.rules = [];
	await page.goto('/');
	const said = page.getByText('The browser cleared this device: 1 entry');
	await said.waitFor();
	await untilInStep(page);
	await page.reload();
	await said.waitFor();
	await page.goto('/settings/sync');
	await page.getByRole('button', { name: 'Understood' }).click();
	await page.goto('/');
	await rowOf(page, 'In the cloud').waitFor();
	expect(await said.count()).toBe(0);
	device.expectNoComplaints();
	await device.context.close();
	await proxy.close();
});

test('the browser cuts the connection to the database: the next save opens it anew', async () => {
	const { page } = stage.device;
	await page.goto('/add');
	await fillEntry(page, { amount: '5', payee: 'Kiosk' });
	await page.getByRole('button', { name: 'Save & new' }).click();
	await untilValue(page, 'amount', '');
	await cutNow(page);
	await fillEntry(page, { amount: '6', payee: 'Bakery' });
	await save(page);
	await page.goto('/transactions');
	await rowOf(page, 'Kiosk').waitFor();
	await rowOf(page, 'Bakery').waitFor();
});

test('it cuts the connection while a form is open: what was typed stays, and all that follows goes on', async () => {
	const { page } = stage.device;
	const email = anEmail();
	await signUp(page, email);
	await addExpense(page, { amount: '5', payee: 'Kiosk' });
	await addExpense(page, { amount: '6', payee: 'Bakery' });
	await untilInStep(page);
	await page.goto('/transactions');
	await rowOf(page, 'Kiosk').click();
	await fillEntry(page, { payee: 'Newsagent', note: 'typed before' });
	await cutNow(page);
	await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
	expect(await page.getByLabel('Payee').inputValue()).toBe('Newsagent');
	expect(await page.getByLabel('Note').inputValue()).toBe('typed before');
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	await rowOf(page, 'Newsagent').waitFor();

	// Each kind of operation meets a connection that was cut just before.
	await cutNow(page);
	await rowOf(page, 'Bakery').click();
	await page.getByRole('button', { name: 'Delete' }).click();
	await rowOf(page, 'Bakery').waitFor({ state: 'detached' });
	await cutNow(page);
	await page.getByRole('button', { name: 'Undo' }).click();
	await rowOf(page, 'Bakery').waitFor();
	await untilInStep(page);

	const other = await stage.app.device();
	await signIn(other.page, email);
	await other.page.goto('/transactions');
	await rowOf(other.page, 'Newsagent').waitFor();
	await rowOf(other.page, 'Bakery').waitFor();
	other.expectNoComplaints();
	await other.context.close();
});

/** As WebKit does in the background: connections that are open answer no more, new ones do. */
async function cutNow(page: Page): Promise<void> {
	await page.workers()[0]?.evaluate(() => {
		const worker = globalThis as { fresh?: WeakSet<IDBDatabase> };
		const isFirst = worker.fresh === undefined;
		worker.fresh = new WeakSet();
		if (!isFirst) return;
		const { open } = IDBFactory.prototype;
		IDBFactory.prototype.open = function (...args) {
			const request = open.apply(this, args);
			request.addEventListener('success', () => worker.fresh?.add(request.result));
			return request;
		};
		const { transaction } = IDBDatabase.prototype;
		IDBDatabase.prototype.transaction = function (...args) {
			if (this.name.startsWith('_pouch_') && !worker.fresh?.has(this)) {
				throw new DOMException('Connection to Indexed Database server lost', 'UnknownError');
			}
			return transaction.apply(this, args);
		};
	});
}
