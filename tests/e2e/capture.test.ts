import { expect, test } from 'vitest';
import { setOnlineStage } from '#tests/support/stage.ts';
import { addExpense, fillEntry, rowOf, save, untilValue } from '#tests/support/steps.ts';

const stage = setOnlineStage('device');

test('with no sign-in, an expense is added, seen, edited, deleted and brought back', async () => {
	const { page } = stage.device;
	await addExpense(page, { amount: '12+3*2', category: 'Food', payee: 'Bakery', note: 'bread' });
	await page.goto('/transactions');
	await rowOf(page, 'Bakery').waitFor();
	await page.goto('/');
	await page.getByRole('region', { name: 'This month' }).getByText('18.00').waitFor();

	await rowOf(page, 'Bakery').click();
	await fillEntry(page, { amount: '20,50', note: 'bread and rolls' });
	await save(page);
	await page.goto('/');
	await page.getByRole('region', { name: 'This month' }).getByText('20.50').waitFor();

	await page.goto('/transactions');
	await rowOf(page, 'Bakery').click();
	await page.getByText('18.00').first().waitFor();
	await page.getByRole('button', { name: 'Delete' }).click();
	await rowOf(page, 'Bakery').waitFor({ state: 'detached' });
	await page.getByRole('button', { name: 'Undo' }).click();
	await rowOf(page, 'Bakery').waitFor();
});

test('the amount has the focus, Enter saves, and both decimal signs work', async () => {
	const { page } = stage.device;
	await page.goto('/add');
	const amount = page.getByRole('textbox', { name: 'Amount' });
	expect(await amount.evaluate((element) => element === document.activeElement)).toBe(true);
	await page.keyboard.type('7,25');
	await page.keyboard.press('Enter');
	await page.getByText('Saved on this device').waitFor();
	await rowOf(page, '7.25').waitFor();
});

test('what is wrong is said at its field, and nothing typed is lost, not even by a reload', async () => {
	const { page } = stage.device;
	await page.goto('/add');
	await fillEntry(page, { amount: 'milk', payee: 'Bakery', note: 'a long note' });
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	const amount = page.getByRole('textbox', { name: 'Amount' });
	await page.getByText('That is not an amount.').waitFor();
	expect(await amount.getAttribute('aria-invalid')).toBe('true');
	expect(await amount.evaluate((element) => element === document.activeElement)).toBe(true);
	await page.reload();
	await untilValue(page, 'payee', 'Bakery');
	await untilValue(page, 'note', 'a long note');
	await untilValue(page, 'amount', 'milk');
});

test('an entry survives a reload, and a second tab sees it at once', async () => {
	const { page } = stage.device;
	const second = await stage.device.newTab();
	await second.goto('/transactions');
	await second.getByRole('heading', { name: 'Nothing here yet' }).waitFor();
	await addExpense(page, { amount: '5', payee: 'Kiosk' });
	await rowOf(second, 'Kiosk').waitFor();
	await page.goto('/transactions');
	await page.reload();
	await rowOf(page, 'Kiosk').waitFor();
});

test('an edit in one tab keeps what another tab changed meanwhile', async () => {
	const { page } = stage.device;
	await addExpense(page, { amount: '5', payee: 'Kiosk', note: 'paper' });
	await page.goto('/transactions');
	await rowOf(page, 'Kiosk').click();
	await page.getByLabel('Note').waitFor();
	const second = await stage.device.newTab();
	await second.goto(page.url());
	await fillEntry(second, { amount: '6' });
	await second.getByRole('button', { name: 'Save', exact: true }).click();
	await rowOf(second, '6.00').waitFor();
	await fillEntry(page, { note: 'paper and tea' });
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	await rowOf(page, '6.00').click();
	expect(await page.getByLabel('Note').inputValue()).toBe('paper and tea');
});

test('an entry is duplicated for today, with what was just typed, and taken back', async () => {
	const { page } = stage.device;
	await addExpense(page, { amount: '9', category: 'Food', payee: 'Bakery', date: '2026-01-05' });
	await page.goto('/transactions');
	await rowOf(page, 'Bakery').click();
	await page.getByLabel('Note').fill('once more');
	const address = page.url();
	await page.getByRole('button', { name: 'Duplicate' }).click();
	await page.waitForURL((url) => url.href !== address);
	await untilValue(page, 'note', 'once more');
	await untilValue(page, 'amount', '9.00');
	expect(await page.getByLabel('Date').inputValue()).not.toBe('2026-01-05');
	await page.goto('/transactions');
	await rowOf(page, 'once more').waitFor();
	expect(await page.getByRole('link').filter({ hasText: 'Bakery' }).count()).toBe(2);

	await rowOf(page, 'once more').click();
	await page.getByRole('button', { name: 'Duplicate' }).click();
	await page.getByRole('button', { name: 'Undo' }).click();
	await page.getByText('This entry is in the trash.').waitFor();
});

test('a value out of the history comes back', async () => {
	const { page } = stage.device;
	await addExpense(page, { amount: '5', payee: 'Kiosk' });
	await page.goto('/transactions');
	await rowOf(page, 'Kiosk').click();
	await fillEntry(page, { payee: 'Kioks' });
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	await rowOf(page, 'Kioks').click();
	await page
		.getByRole('button', { name: /^Bring back/ })
		.first()
		.click();
	await page.getByText('Brought back').waitFor();
	await page.goto('/transactions');
	await rowOf(page, 'Kiosk').waitFor();
});

test('what is typed before the page’s code has arrived is in the saved entry', async () => {
	const { page } = stage.device;
	const arrived = Promise.withResolvers<undefined>();
	await page.route('**/_app/**/*.js', async (route) => {
		await arrived.promise;
		await route.continue();
	});
	await page.goto('/add', { waitUntil: 'commit' });
	const amount = page.getByRole('textbox', { name: 'Amount' });
	await amount.waitFor();
	await page.keyboard.type('31,70');
	await page.getByLabel('Note').fill('early');
	arrived.resolve(undefined);
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	await page.getByText('Saved on this device').waitFor();
	await rowOf(page, '31.70').filter({ hasText: 'early' }).waitFor();
});

test('an edit that was not saved is in the form again, over what changed elsewhere, and can be discarded', async () => {
	const { page } = stage.device;
	await addExpense(page, { amount: '5', payee: 'Kiosk', note: 'paper' });
	await page.goto('/transactions');
	await rowOf(page, 'Kiosk').click();
	await fillEntry(page, { note: 'paper and tea' });
	const address = page.url();
	const second = await stage.device.newTab();
	await second.goto(address);
	await fillEntry(second, { amount: '6' });
	await save(second);
	await page.reload();
	await page.getByText('You had not saved this.').waitFor();
	await untilValue(page, 'note', 'paper and tea');
	await untilValue(page, 'amount', '6.00');
	await page.goto('/');
	await page.goto(address);
	await untilValue(page, 'note', 'paper and tea');
	await page.getByRole('button', { name: 'Discard' }).click();
	await untilValue(page, 'note', 'paper');
	await page.reload();
	await untilValue(page, 'note', 'paper');
	expect(await page.getByText('You had not saved this.').count()).toBe(0);
	await fillEntry(page, { note: 'tea' });
	await save(page);
	await page.goto(address);
	await untilValue(page, 'note', 'tea');
	expect(await page.getByText('You had not saved this.').count()).toBe(0);
});

test('a page that is left in the middle of a save shows neither a blank form too early nor an entry twice', async () => {
	const { page } = stage.device;
	await addExpense(page, { amount: '1', payee: 'Before' });
	await page.goto('/add');
	await fillEntry(page, { amount: '7', payee: 'Kiosk' });
	// What the page keeps while it saves is put back afterwards: as if it had ended right then.
	const whileSaving = await page.evaluateHandle(() => {
		const seen = { kept: '' };
		const set = Storage.prototype.setItem;
		Storage.prototype.setItem = function (key, value) {
			if (key === 'outlay:draft' && value.includes('savingAs')) seen.kept = value;
			set.call(this, key, value);
		};
		return seen;
	});
	await save(page);
	const { kept } = await whileSaving.jsonValue();
	await page.evaluate((text) => sessionStorage.setItem('outlay:draft', text), kept);
	expect(kept).toContain('savingAs');
	await page.goto('/add');
	await untilValue(page, 'amount', '');
	await untilValue(page, 'payee', '');
	// Of one that never came through everything is there still.
	await page.evaluate((text) => {
		const { draft } = JSON.parse(text) as { draft: object };
		const never = { draft, savingAs: 'transaction:never' };
		sessionStorage.setItem('outlay:draft', JSON.stringify(never));
	}, kept);
	await page.reload();
	await untilValue(page, 'payee', 'Kiosk');
	await untilValue(page, 'amount', '7');
});
