import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { newTransaction } from '#lib/domain/draft.ts';
import { pushDocuments, signIn, toRevision } from '#tests/service/people.ts';
import { anExpense } from '#tests/support/an-expense.ts';
import { setOnlineStage } from '#tests/support/stage.ts';
import { addExpense, anEmail, rowOf, signUp, untilInStep } from '#tests/support/steps.ts';

const stage = setOnlineStage('device');

const STAMP = '001763800000000-0000-abcdefghij';
const DAMAGED = { type: 'transaction', version: 2, amountMinor: 'twelve', spentOn: 'yesterday' };

test('what cannot be read is counted, kept, and can be taken elsewhere; the rest goes on', async () => {
	const { page } = stage.device;
	const email = anEmail();
	await signUp(page, email);
	await addExpense(page, { amount: '5', payee: 'Kiosk' });
	await untilInStep(page);
	const elsewhere = await signIn(stage.app.url, email);
	await pushDocuments(elsewhere, toRevision('transaction:damaged', DAMAGED));
	await page.goto('/settings');
	await page.getByText('1 entry cannot be read').waitFor();
	await page.getByText('Which ones').click();
	await page.getByText('transaction:damaged').waitFor();
	const download = page.waitForEvent('download');
	await page.getByRole('button', { name: 'Export them as a file' }).click();
	const text = await readFile(await (await download).path(), 'utf8');
	expect(JSON.parse(text)).toEqual([expect.objectContaining(DAMAGED)]);

	// Once it can be read, it is an entry like any other.
	const mended = newTransaction('transaction:damaged', anExpense({ payee: 'Mended' }), STAMP);
	await pushDocuments(elsewhere, {
		...mended,
		_rev: '2-def',
		_revisions: { start: 2, ids: ['def', 'abc'] }
	});
	await page.getByText('1 entry cannot be read').waitFor({ state: 'detached' });
	await page.goto('/transactions');
	await page.getByText('2 entries', { exact: true }).waitFor();
	await rowOf(page, 'Mended').waitFor();
});

test('an entry of a newer version is shown and cannot be edited; an emptied one is not shown', async () => {
	const { page } = stage.device;
	const email = anEmail();
	await signUp(page, email);
	await addExpense(page, { amount: '5', payee: 'Kiosk' });
	await untilInStep(page);
	const elsewhere = await signIn(stage.app.url, email);
	const fields = newTransaction('transaction:newer', anExpense({ payee: 'Tomorrow' }), STAMP);
	const gone = newTransaction('transaction:gone', anExpense({ payee: 'Gone' }), STAMP);
	await pushDocuments(
		elsewhere,
		toRevision('transaction:newer', { ...fields, version: 99, moons: 2 }),
		toRevision('transaction:gone', { ...gone })
	);
	await page.goto('/transactions');
	await rowOf(page, 'Gone').waitFor();
	await rowOf(page, 'Tomorrow').click();
	await page.getByText('A newer version of Outlay wrote this entry.').waitFor();
	expect(await page.getByLabel('Payee').inputValue()).toBe('Tomorrow');
	expect(await page.getByLabel('Payee').isDisabled()).toBe(true);
	expect(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true);
	expect(await page.getByRole('button', { name: 'Delete' }).count()).toBe(0);

	await pushDocuments(elsewhere, {
		_id: 'transaction:gone',
		_rev: '2-def',
		_revisions: { start: 2, ids: ['def', 'abc'] },
		type: 'transaction',
		purged: '2026-11-22T12:00:00.000Z',
		stamps: gone.stamps
	});
	await page.goto('/transactions');
	await rowOf(page, 'Gone').waitFor({ state: 'detached' });
	await page.getByText('2 entries', { exact: true }).waitFor();
	await page.reload();
	await page.getByText('2 entries', { exact: true }).waitFor();
});
