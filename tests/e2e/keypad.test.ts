import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { setOnlineStage } from '#tests/support/stage.ts';
import { addExpense, rowOf, untilValue } from '#tests/support/steps.ts';

const stage = setOnlineStage();

/** A phone in somebody's hand. */
const PHONE = { hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } };

const key = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function tapAll(page: Page, ...names: string[]): Promise<void> {
	for (const name of names) await key(page, name).tap();
}

async function typePayee(page: Page, name: string): Promise<void> {
	await page.getByLabel('Payee').selectText();
	await page.keyboard.type(name);
	await page.keyboard.press('Tab');
}

test('on a phone a usual expense takes three presses, digits aside', async () => {
	const { page, expectNoComplaints } = await stage.app.device(PHONE);
	await addExpense(page, { amount: '3,40', category: 'Groceries', payee: 'Corner shop' });
	await page.goto('/');
	let presses = 0;
	const press = async (target: ReturnType<Page['getByRole']>) => {
		await target.tap();
		presses += 1;
	};
	await press(page.getByRole('navigation').getByRole('link', { name: 'Add' }));
	await tapAll(page, '1', '2', 'Decimal sign', '5');
	await untilValue(page, 'amount', '12.5');
	await press(page.getByRole('button', { name: 'Groceries' }));
	await press(key(page, 'Save'));
	await page.getByText('Saved on this device').waitFor();
	await page.goto('/transactions');
	await rowOf(page, '12.50').filter({ hasText: 'Groceries' }).waitFor();
	expect(presses).toBeLessThanOrEqual(3);
	expectNoComplaints();
});

test('the keypad does sums, deletes, clears when held, and gives way to the phone’s keyboard', async () => {
	const { page, expectNoComplaints } = await stage.app.device(PHONE);
	await page.goto('/add');
	const amount = page.getByRole('textbox', { name: 'Amount' });
	await expect.poll(() => amount.getAttribute('inputmode')).toBe('none');
	await tapAll(page, '1', '2', 'Times', '3', 'Plus', '4', '4', 'Delete');
	await untilValue(page, 'amount', '12×3+4');
	await page.getByText('= €40.00').waitFor();
	await tapAll(page, 'Work it out');
	await untilValue(page, 'amount', '40.00');
	expect(await amount.evaluate((element) => element === document.activeElement)).toBe(true);
	// A key goes where the caret is, and replaces what is selected.
	await amount.evaluate((field: HTMLInputElement) => field.setSelectionRange(0, 1));
	await tapAll(page, '00');
	await untilValue(page, 'amount', '000.00');
	await key(page, 'Delete').dispatchEvent('pointerdown');
	await untilValue(page, 'amount', '');
	await key(page, 'Delete').dispatchEvent('pointerup');

	await page.getByLabel('Payee').tap();
	await key(page, '7').waitFor({ state: 'hidden' });
	await amount.tap();
	await tapAll(page, '7', 'Keyboard');
	await key(page, '7').waitFor({ state: 'hidden' });
	await expect.poll(() => amount.getAttribute('inputmode')).toBe('decimal');
	await page.reload();
	await untilValue(page, 'amount', '7');
	expect(await key(page, '7').isVisible()).toBe(false);
	await key(page, 'Keypad').tap();
	await tapAll(page, '8');
	await untilValue(page, 'amount', '78');
	expectNoComplaints();
});

test('a payee fills in what it cost the last time, which the next key replaces', async () => {
	const { page, expectNoComplaints } = await stage.app.device(PHONE);
	await addExpense(page, { amount: '3.40', category: 'Groceries', payee: 'Corner shop' });
	await page.goto('/add');
	await typePayee(page, 'Corner shop');
	await untilValue(page, 'amount', '3.40');
	await page.getByText('As last time').waitFor();
	await page.getByRole('button', { name: 'Why?' }).tap();
	await page.getByText('Groceries comes first: you chose it once for Corner shop.').waitFor();
	await page.getByText('it was what you chose for Corner shop the last time').waitFor();
	await page.getByRole('button', { name: 'Why?' }).tap();
	await typePayee(page, 'Elsewhere');
	await untilValue(page, 'amount', '');
	await typePayee(page, 'Corner shop');
	await untilValue(page, 'amount', '3.40');
	await page.getByRole('textbox', { name: 'Amount' }).tap();
	await tapAll(page, '5');
	await untilValue(page, 'amount', '5');
	await page.getByLabel('Payee').press('Enter');
	await page.getByText('Saved on this device').waitFor();
	await page.goto('/transactions');
	await rowOf(page, '5.00').filter({ hasText: 'Groceries' }).waitFor();
	expectNoComplaints();
});

test('with a mouse there is no keypad', async () => {
	const { page } = await stage.app.device();
	await page.goto('/add');
	await page.getByRole('textbox', { name: 'Amount' }).waitFor();
	expect(await key(page, '7').isVisible()).toBe(false);
});
