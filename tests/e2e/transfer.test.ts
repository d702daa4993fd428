import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Account } from '#contract/documents/account.ts';
import { newAccount } from '#lib/domain/starting-documents.ts';
import { pushDocuments, signIn, toRevision } from '#tests/service/people.ts';
import { setOnlineStage } from '#tests/support/stage.ts';
import {
	addExpense,
	anEmail,
	fillEntry,
	rowOf,
	save,
	signUp,
	untilInStep,
	untilValue
} from '#tests/support/steps.ts';

const stage = setOnlineStage('device');

const STAMP = '001763800000000-0000-abcdefghij';

/** A profile with accounts beside its cash, which is in euros. */
async function openAccounts(page: Page, ...added: Pick<Account, '_id' | 'name' | 'currency'>[]) {
	const email = anEmail();
	await signUp(page, email);
	await addExpense(page, { amount: '1', payee: 'Kiosk' });
	await untilInStep(page);
	const documents = added.map(({ _id, name, currency }, at) => ({
		...newAccount(_id, { name, kind: 'bank', order: at + 1 }, STAMP),
		currency
	}));
	await pushDocuments(
		await signIn(stage.app.url, email),
		...documents.map((document) => toRevision(document._id, document))
	);
	await page.goto('/add');
	await page.getByRole('radio', { name: 'Transfer' }).check();
	await page
		.getByLabel('To account')
		.locator('option', { hasText: added.at(-1)?.name ?? '' })
		.waitFor({ state: 'attached' });
}

test('a transfer between two currencies has an amount on each side, which a reload and an edit keep', async () => {
	const { page } = stage.device;
	await openAccounts(
		page,
		{ _id: 'account:bank', name: 'Bank', currency: null },
		{ _id: 'account:tokyo', name: 'Tokyo', currency: 'JPY' }
	);
	await fillEntry(page, { amount: '20', note: 'for the trip' });
	await page.getByLabel('To account').selectOption({ label: 'Bank' });
	expect(await page.getByLabel(/^Arrives/).count()).toBe(0);
	await page.getByLabel('To account').selectOption({ label: 'Tokyo' });
	await page.getByLabel('Arrives, in JPY').fill('');
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	await page.getByText('Enter an amount.').waitFor();
	await page.getByLabel('Arrives, in JPY').fill('3200');

	await page.reload();
	await page.getByLabel('Arrives, in JPY').waitFor();
	await untilValue(page, 'amount', '20');
	await untilValue(page, 'arrives', '3200');
	await save(page);

	await rowOf(page, 'for the trip').click();
	await untilValue(page, 'arrives', '3200');
	await fillEntry(page, { amount: '25' });
	await save(page);
	await rowOf(page, 'for the trip').click();
	await untilValue(page, 'arrives', '3200');
	await page.getByRole('button', { name: 'Duplicate' }).click();
	await page.getByText('Duplicated, for today').waitFor();
	await untilValue(page, 'arrives', '3200');
	await untilValue(page, 'amount', '25.00');

	// Into an account in the same currency there is but one amount.
	await page.getByLabel('To account').selectOption({ label: 'Bank' });
	await page.getByLabel('Arrives, in JPY').waitFor({ state: 'detached' });
	await save(page);
});
