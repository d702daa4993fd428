import { execFile } from 'node:child_process';
import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openPage } from '#tests/support/browser.ts';
import { runService, type RunningService } from '#tests/support/run-service.ts';
import { fillEntry, untilInstalled, untilValue } from '#tests/support/steps.ts';

const root = join(import.meta.dirname, '..', '..');

let folder: string;
let service: RunningService;
let browser: Browser;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'outlay-update-'));
	await cp(join(root, 'build'), join(folder, 'pages'), { recursive: true });
	await promisify(execFile)(process.execPath, ['node_modules/vite/bin/vite.js', 'build'], {
		cwd: root,
		// Vitest's own NODE_ENV would make it a build for development.
		env: {
			...process.env,
			NODE_ENV: 'production',
			OUTLAY_VERSION: 'the-next-one',
			OUTLAY_PAGES: join(folder, 'next')
		}
	});
	service = await runService({ parts: { pagesFolder: join(folder, 'pages') } });
	browser = await launchBrowser();
});

afterAll(async () => {
	await browser.close();
	await service.stop();
	await rm(folder, { recursive: true, force: true });
});

test('a new version is offered, never forced, and taken when asked', async () => {
	const context = await browser.newContext({ baseURL: service.url });
	const { page, complaints } = await openPage(context);
	await page.goto('/add');
	await untilInstalled(page);
	await page.reload();
	await fillEntry(page, { amount: '12', note: 'half typed' });
	await page.getByRole('button', { name: 'Split', exact: true }).click();
	await page.getByLabel('Amount of part 2').fill('7');
	await page.getByRole('button', { name: 'Tags' }).click();
	await page.getByLabel('Tags').pressSequentially('holiday,');

	await rename(join(folder, 'pages'), join(folder, 'before'));
	await rename(join(folder, 'next'), join(folder, 'pages'));
	await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
	await page.getByText('A new version is ready').waitFor();
	expect(await page.getByLabel('Note', { exact: true }).inputValue()).toBe('half typed');

	await page.getByRole('button', { name: 'Update' }).click();
	// The page opens again by itself; what was typed is still there.
	await page.getByText('A new version is ready').waitFor({ state: 'detached' });
	await untilValue(page, 'note', 'half typed');
	await page.getByText('5.00 left').waitFor();
	await page.getByRole('button', { name: 'Remove #holiday' }).waitFor();
	await page.goto('/settings');
	await page.getByText('Version the-next-one').waitFor();
	await page.reload();
	await page.getByText('Version the-next-one').waitFor();
	expect(await page.getByText('A new version is ready').count()).toBe(0);
	expect(complaints).toEqual([]);
	await context.close();
});
