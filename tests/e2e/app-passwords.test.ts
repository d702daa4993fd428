import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { setOnlineStage } from '#tests/support/stage.ts';
import { addExpense, anEmail, signUp, untilInStep } from '#tests/support/steps.ts';

const stage = setOnlineStage('phone');

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** What a shell prints for a line, and the status that curl was answered with. */
async function runLine(line: string): Promise<{ body: string; status: number }> {
	const { stdout } = await promisify(execFile)('sh', ['-c', `${line} -s -w '\\n%{http_code}'`]);
	const end = stdout.lastIndexOf('\n');
	return { body: stdout.slice(0, end), status: Number(stdout.slice(end + 1)) };
}

test('an app password is shown once, with a line that works until it is revoked', async () => {
	const { page } = stage.phone;
	await signUp(page, anEmail());
	await addExpense(page, { amount: '3', payee: 'For the spreadsheet' });
	await untilInStep(page);
	await page.goto('/settings/account');
	await press(page, 'Make an app password');
	await press(page, 'Make it');
	await page.getByText('Give it a name.').waitFor();
	await page.getByLabel('Name').fill('Spreadsheet');
	await page.keyboard.press('Enter');
	await page.getByRole('heading', { name: 'App password “Spreadsheet”' }).waitFor();
	await page.keyboard.press('Escape');
	const line = await page.getByRole('dialog').locator('code').last().textContent();
	const password = await page.getByRole('dialog').locator('code').first().textContent();
	expect(line).toContain(password);
	await press(page, 'I have saved it');
	await page.getByText('Reads only, never used').waitFor();
	expect(await page.content()).not.toContain(password);

	const read = await runLine(String(line));
	expect(read.status).toBe(200);
	expect(read.body).toContain('For the spreadsheet');

	await press(page, 'Revoke Spreadsheet');
	await press(page, 'Revoke');
	await page.getByText('Reads only').waitFor({ state: 'detached' });
	expect((await runLine(String(line))).status).toBe(401);
});

test('everything in the cloud can be had as a file', async () => {
	const { page } = stage.phone;
	await signUp(page, anEmail());
	await addExpense(page, { amount: '3', payee: 'In the file' });
	await untilInStep(page);
	await page.goto('/settings/account');
	const downloading = page.waitForEvent('download');
	await press(page, 'Export');
	const download = await downloading;
	expect(download.suggestedFilename()).toMatch(/^outlay-.*\.json$/);
	expect(await readFile(await download.path(), 'utf8')).toContain('In the file');
});
