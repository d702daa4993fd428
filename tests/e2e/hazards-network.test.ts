import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TestProfile } from '#tests/support/app.ts';
import { startFaultProxy, type FaultProxy } from '#tests/support/fault-proxy.ts';
import { setOnlineStage, showPages } from '#tests/support/stage.ts';
import {
	addExpense,
	anEmail,
	fillEntry,
	rowOf,
	save,
	signIn,
	signUp,
	untilInStep
} from '#tests/support/steps.ts';

const stage = setOnlineStage();
let proxy: FaultProxy;
let device: TestProfile;

beforeEach(async () => {
	proxy = await startFaultProxy(stage.app.url);
	device = await stage.app.device({ baseURL: proxy.url });
});

afterEach(async ({ task }) => {
	if (task.result?.state === 'fail') {
		await showPages('the device', device);
		process.stderr.write(`\nThe proxy was asked:\n${proxy.requests.join('\n')}\n`);
	}
	await device.context.close();
	await proxy.close();
	device.expectNoComplaints();
});

test('the tab that syncs is closed in the middle of sending: another tab sends it', async () => {
	const { page } = device;
	const email = anEmail();
	await signUp(page, email);
	await untilInStep(page);
	await page.goto('/add');
	await untilInStep(page);
	const second = await device.newTab();
	await second.goto('/transactions');
	await untilInStep(second);
	const sent: string[] = [];
	const isSent = (body: string) => body.includes('Kiosk') && sent.push(body) > 0;
	proxy.rules = [{ on: /_bulk_docs/, body: isSent, fault: { kind: 'stall' } }];
	await fillEntry(page, { amount: '5', payee: 'Kiosk' });
	await save(page);
	// A tab may try again while it waits: nothing is doubled by that.
	await expect.poll(() => sent.length).toBeGreaterThan(0);
	await second.getByLabel('Sync: 1 to send').first().waitFor({ state: 'attached' });
	proxy.rules = [];
	await page.close();
	await untilInStep(second);
	const other = await stage.app.device();
	await signIn(other.page, email);
	await other.page.goto('/transactions');
	await rowOf(other.page, 'Kiosk').waitFor();
	await other.page.getByText('1 entry', { exact: true }).first().waitFor();
	await other.context.close();
});

test('the space in the cloud is full: it says so, work goes on, "Sync now" sends what waits', async () => {
	const { page } = device;
	await signUp(page, anEmail());
	await untilInStep(page);
	const body = '{"error":"quota-exceeded","reason":"The store is full."}';
	proxy.rules = [{ on: /_bulk_docs/, fault: { kind: 'answer', status: 507, body } }];
	await addExpense(page, { amount: '5', payee: 'Kiosk' });
	await page.getByLabel('Sync: Cloud is full').first().waitFor({ state: 'attached' });
	await addExpense(page, { amount: '6', payee: 'Bakery' });
	await page.goto('/');
	await page.getByText('Your space in the cloud is full: 2 entries on this device alone').waitFor();
	await page.goto('/settings/sync');
	proxy.requests.length = 0;
	await page.getByRole('button', { name: 'Sync now' }).click();
	await expect.poll(() => proxy.requests.some((request) => /_bulk_docs/.test(request))).toBe(true);
	await page
		.getByRole('definition')
		.filter({ hasText: 'Your space in the cloud is full: 2 entries wait on this device' })
		.waitFor();
	proxy.rules = [];
	await page.getByRole('button', { name: 'Sync now' }).click();
	await untilInStep(page);
});

test('one entry that the cloud will not take: it needs the person, and goes once it may', async () => {
	const { page } = device;
	await signUp(page, anEmail());
	await untilInStep(page);
	const fault = { kind: 'refuse', error: 'forbidden', ids: isTransaction } as const;
	proxy.rules = [{ on: /_bulk_docs/, fault }];
	await addExpense(page, { amount: '5', payee: 'Kiosk' });
	await page.getByLabel('Sync: 1 entry needs you').first().waitFor({ state: 'attached' });
	proxy.rules = [];
	await page.goto('/settings/sync');
	await page.getByRole('button', { name: 'Sync now' }).click();
	await untilInStep(page);
});

function isTransaction(id: string): boolean {
	return id.startsWith('transaction:');
}

test('the service is out of reach for long: looking at the page is enough to try again', async () => {
	const { page } = device;
	await signUp(page, anEmail());
	await untilInStep(page);
	proxy.rules = [{ on: /\/sync\//, fault: { kind: 'reset' } }];
	proxy.cutAll();
	await addExpense(page, { amount: '5', payee: 'Kiosk' });
	await page.getByLabel('Sync: 1 to send').first().waitFor({ state: 'attached' });
	const tries = (): number => proxy.requests.filter((request) => /\/sync\//.test(request)).length;
	const before = tries();
	await page.evaluate(() => window.dispatchEvent(new Event('focus')));
	await expect.poll(tries).toBeGreaterThan(before);
	proxy.rules = [];
	await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
	await untilInStep(page);
});

test('a clock that lies is told of, and no longer once it is right', async () => {
	const { page } = device;
	const date = new Date(Date.now() + 3 * 3_600_000);
	proxy.rules = [{ on: /^GET \/sync\/[^/]+\/$/, fault: { kind: 'date', date } }];
	await signUp(page, anEmail());
	await addExpense(page, { amount: '1', payee: 'Kiosk' });
	await untilInStep(page);
	await page.goto('/');
	const said = page.getByText('This device’s clock is 3 hours behind.');
	await said.waitFor();
	proxy.rules = [];
	await page.reload();
	await untilInStep(page);
	expect(await said.count()).toBe(0);
});
