import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { setOnlineStage } from '#tests/support/stage.ts';
import {
	addExpense,
	anEmail,
	answer,
	fillEntry,
	pair,
	rowOf,
	save,
	signIn,
	signOut,
	signUp,
	untilInStep,
	untilValue
} from '#tests/support/steps.ts';

const stage = setOnlineStage('phone', 'desktop');

/** How many entries the list says it has. */
async function untilCount(page: Page, words: string): Promise<void> {
	if (!page.url().endsWith('/transactions')) await page.goto('/transactions');
	await page.getByText(words, { exact: true }).first().waitFor();
}

test('what one device saves, edits and deletes the other shows by itself', async () => {
	await pair(stage.phone.page, stage.desktop.page);
	await stage.desktop.page.goto('/transactions');
	await addExpense(stage.phone.page, { amount: '5', payee: 'Kiosk' });
	await rowOf(stage.desktop.page, 'Kiosk').click();
	await fillEntry(stage.desktop.page, { payee: 'Bakery' });
	await stage.desktop.page.getByRole('button', { name: 'Save', exact: true }).click();
	await stage.phone.page.goto('/transactions');
	await rowOf(stage.phone.page, 'Bakery').click();
	await stage.phone.page.getByRole('button', { name: 'Delete' }).click();
	await rowOf(stage.desktop.page, 'Bakery').waitFor({ state: 'detached' });
	await stage.phone.page.getByRole('button', { name: 'Undo' }).click();
	await rowOf(stage.desktop.page, 'Bakery').waitFor();
});

test('both edit one entry offline: different fields both survive, of one field the later wins and the other is kept', async () => {
	await pair(stage.phone.page, stage.desktop.page);
	await addExpense(stage.phone.page, { amount: '10', payee: 'Kiosk', note: 'paper' });
	await untilInStep(stage.phone.page);
	for (const { page, context } of [stage.phone, stage.desktop]) {
		await page.goto('/transactions');
		await rowOf(page, 'Kiosk').click();
		await page.getByLabel('Note').waitFor();
		await context.setOffline(true);
	}
	await fillEntry(stage.phone.page, { amount: '11', note: 'paper and tea' });
	await stage.phone.page.getByRole('button', { name: 'Save', exact: true }).click();
	await rowOf(stage.phone.page, '11.00').waitFor();
	await fillEntry(stage.desktop.page, { amount: '12', payee: 'The kiosk' });
	await stage.desktop.page.getByRole('button', { name: 'Save', exact: true }).click();
	await rowOf(stage.desktop.page, '12.00').waitFor();

	await stage.phone.context.setOffline(false);
	await stage.desktop.context.setOffline(false);
	for (const { page } of [stage.phone, stage.desktop]) {
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

test('one changes the amount and one the parts, offline: the parts fit the amount on both, the others are kept', async () => {
	await pair(stage.phone.page, stage.desktop.page);
	await stage.phone.page.goto('/add');
	await fillEntry(stage.phone.page, { amount: '20', category: 'Food', payee: 'Market' });
	await stage.phone.page.getByRole('button', { name: 'Split', exact: true }).click();
	await fillParts(stage.phone.page, '12.00', '8.00');
	await save(stage.phone.page);
	await untilInStep(stage.phone.page);
	for (const { page, context } of [stage.phone, stage.desktop]) {
		await page.goto('/transactions');
		await rowOf(page, 'Market').click();
		await page.getByLabel('Amount of part 2').waitFor();
		await context.setOffline(true);
	}
	await fillParts(stage.desktop.page, '5.00', '15.00');
	await save(stage.desktop.page);
	await fillEntry(stage.phone.page, { amount: '30' });
	await stage.phone.page.getByRole('button', { name: 'Save', exact: true }).click();
	await stage.phone.page.getByText('The parts do not add up to the amount.').waitFor();
	await stage.phone.page.getByRole('button', { name: 'Put it into the last part' }).click();
	await save(stage.phone.page);

	await stage.phone.context.setOffline(false);
	await stage.desktop.context.setOffline(false);
	for (const { page } of [stage.phone, stage.desktop]) {
		await page.goto('/transactions');
		await rowOf(page, '30.00').click();
		await page.getByText('€20.00: Food €5.00, No category €15.00').first().waitFor();
		await untilParts(page, '12.00', '18.00');
		await untilValue(page, 'amount', '30.00');
	}
});

test('parts that the other device changes under an amount that is being typed are made to fit before it is saved', async () => {
	await pair(stage.phone.page, stage.desktop.page);
	await stage.phone.page.goto('/add');
	await fillEntry(stage.phone.page, { amount: '20', category: 'Food', payee: 'Market' });
	await stage.phone.page.getByRole('button', { name: 'Split', exact: true }).click();
	await fillParts(stage.phone.page, '12.00', '8.00');
	await save(stage.phone.page);
	for (const { page } of [stage.phone, stage.desktop]) {
		await page.goto('/transactions');
		await rowOf(page, 'Market').click();
		await page.getByLabel('Amount of part 2').waitFor();
	}
	await fillEntry(stage.phone.page, { amount: '30' });
	await fillParts(stage.desktop.page, '5.00', '15.00');
	await save(stage.desktop.page);
	await stage.phone.page.getByText('This entry was changed elsewhere just now.').waitFor();
	await untilParts(stage.phone.page, '5.00', '15.00');
	await untilValue(stage.phone.page, 'amount', '30');
	await stage.phone.page.getByRole('button', { name: 'Save', exact: true }).click();
	await stage.phone.page.getByText('The parts do not add up to the amount.').waitFor();
	await stage.phone.page.getByRole('button', { name: 'Put it into the last part' }).click();
	await save(stage.phone.page);
	await rowOf(stage.desktop.page, '30.00').click();
	await untilParts(stage.desktop.page, '5.00', '25.00');
});

async function fillParts(page: Page, ...amounts: string[]): Promise<void> {
	for (const [at, amount] of amounts.entries()) {
		await page.getByLabel(`Amount of part ${at + 1}`).fill(amount);
	}
}

/** Waits until the parts of the entry that is open are these. */
async function untilParts(page: Page, ...amounts: string[]): Promise<void> {
	await page.waitForFunction(
		(texts) =>
			[...document.querySelectorAll<HTMLInputElement>('main li input[inputmode="decimal"]')]
				.map(({ value }) => value)
				.join() === texts.join(),
		amounts
	);
}

test('a used device meets another sign-in: the first ledger is not touched, each opens its own', async () => {
	const [first, second] = [anEmail(), anEmail()];
	await addExpense(stage.phone.page, { amount: '1', payee: 'First person' });
	await signUp(stage.phone.page, first);
	await untilInStep(stage.phone.page);
	await signOut(stage.phone.page, 'keep');
	await stage.phone.page.getByRole('link', { name: 'Sign in again' }).last().waitFor();

	await signUp(stage.desktop.page, second);
	await addExpense(stage.desktop.page, { amount: '2', payee: 'Second person' });
	await untilInStep(stage.desktop.page);

	await signIn(stage.phone.page, second);
	await stage.phone.page.goto('/transactions');
	await rowOf(stage.phone.page, 'Second person').waitFor();
	expect(await stage.phone.page.getByText('First person').count()).toBe(0);
	await untilInStep(stage.phone.page);
	await stage.desktop.page.goto('/transactions');
	await untilCount(stage.desktop.page, '1 entry');

	await signIn(stage.phone.page, first);
	await stage.phone.page.goto('/transactions');
	await rowOf(stage.phone.page, 'First person').waitFor();
	expect(await stage.phone.page.getByText('Second person').count()).toBe(0);
});

test('entries that belong to no profile are asked about: added, they go along', async () => {
	const email = anEmail();
	await signUp(stage.phone.page, email);
	await addExpense(stage.phone.page, { amount: '1', payee: 'From the phone' });
	await untilInStep(stage.phone.page);
	await addExpense(stage.desktop.page, { amount: '2', payee: 'Typed before' });
	await signIn(stage.desktop.page, email);
	await stage.desktop.page.getByText('This device has 1 entry that belong').waitFor();
	await answer(stage.desktop.page, `Add them to ${email}`);
	await stage.desktop.page.goto('/transactions');
	await rowOf(stage.desktop.page, 'From the phone').waitFor();
	await stage.phone.page.goto('/transactions');
	await rowOf(stage.phone.page, 'Typed before').waitFor();
});

test('kept apart, they stay on the device and come back when the copy is removed', async () => {
	const email = anEmail();
	await signUp(stage.phone.page, email);
	await addExpense(stage.phone.page, { amount: '1', payee: 'From the phone' });
	await untilInStep(stage.phone.page);
	await addExpense(stage.desktop.page, { amount: '2', payee: 'Typed before' });
	await signIn(stage.desktop.page, email);
	await answer(stage.desktop.page, 'Keep them apart');
	await stage.desktop.page.goto('/transactions');
	await rowOf(stage.desktop.page, 'From the phone').waitFor();
	expect(await stage.desktop.page.getByText('Typed before').count()).toBe(0);
	await untilInStep(stage.desktop.page);

	await stage.desktop.page.goto('/add');
	await fillEntry(stage.desktop.page, { payee: 'Half typed' });
	await signOut(stage.desktop.page, 'remove');
	// Nor is what was being typed into that copy left for whoever comes next.
	await stage.desktop.page.goto('/add');
	await untilValue(stage.desktop.page, 'payee', '');
	await stage.desktop.page.goto('/transactions');
	await rowOf(stage.desktop.page, 'Typed before').waitFor();
	expect(await stage.desktop.page.getByText('From the phone').count()).toBe(0);
	await stage.phone.page.goto('/transactions');
	await untilCount(stage.phone.page, '1 entry');
});

test('signing out warns of what is not in the cloud, and signed out the work goes on', async () => {
	const email = await pair(stage.phone.page, stage.desktop.page);
	await signOut(stage.phone.page, 'keep');
	await stage.phone.page.getByLabel('Sync: Sign in again').first().waitFor({ state: 'attached' });
	await addExpense(stage.phone.page, { amount: '9', payee: 'While signed out' });
	await stage.phone.page.reload();
	await stage.phone.page.goto('/transactions');
	await rowOf(stage.phone.page, 'While signed out').waitFor();

	await signIn(stage.phone.page, email);
	await untilInStep(stage.phone.page);
	await stage.desktop.page.goto('/transactions');
	await rowOf(stage.desktop.page, 'While signed out').waitFor();
});

test('the service is killed: nothing acknowledged is lost, and devices mend themselves', async () => {
	await pair(stage.phone.page, stage.desktop.page);
	await addExpense(stage.phone.page, { amount: '1', payee: 'Before the kill' });
	await untilInStep(stage.phone.page);
	await stage.app.stopService('SIGKILL');
	await stage.app.startService();
	await addExpense(stage.phone.page, { amount: '2', payee: 'After the kill' });
	await stage.desktop.page.goto('/transactions');
	await rowOf(stage.desktop.page, 'Before the kill').waitFor();
	await rowOf(stage.desktop.page, 'After the kill').waitFor({ timeout: 45_000 });
	await untilInStep(stage.phone.page);
	await untilInStep(stage.desktop.page);
	await untilCount(stage.desktop.page, '2 entries');
});
