/**
 * Takes the README's pictures from the running app, with a made-up year in it.
 *
 *     npm run pictures              # the README's, into docs/pictures
 *     npm run pictures -- FOLDER    # every page, both sizes, light and dark, to look at
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { makeDemoLedger } from './demo-ledger.ts';
import { today } from '#lib/domain/calendar-day.ts';
import { launchBrowser } from '#tests/support/browser.ts';
import { makeAdmin, untilAdmin } from '#tests/support/make-admin.ts';
import { spawnService } from '#tests/support/run-service.ts';
import { anEmail, fillEntry, PASSWORD, untilInStep } from '#tests/support/steps.ts';

const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } };

/** Every page, and how to get it to where it is worth looking at. */
const PAGES: Record<string, (page: Page) => Promise<unknown>> = {
	home: (page) => page.goto('/', { waitUntil: 'networkidle' }),
	transactions: openFirst,
	list: (page) => page.goto('/transactions', { waitUntil: 'networkidle' }),
	add: async (page) => {
		await page.goto('/add', { waitUntil: 'networkidle' });
		await fillEntry(page, { amount: '12+3*2', category: 'Food', payee: 'Bakery' });
	},
	insights: (page) => page.goto('/insights', { waitUntil: 'networkidle' }),
	settings: (page) => page.goto('/settings', { waitUntil: 'networkidle' }),
	'sign-in': (page) => page.goto('/sign-in', { waitUntil: 'networkidle' }),
	recover: (page) => page.goto('/recover', { waitUntil: 'networkidle' }),
	'sign-up': (page) => page.goto('/sign-up', { waitUntil: 'networkidle' })
};

/** What only somebody with a profile sees: an admin, who has signed up on this page. */
const PROFILE_PAGES: Record<string, (page: Page) => Promise<unknown>> = {
	'settings-profile': async (page) => {
		await page.goto('/settings');
		await untilInStep(page);
	},
	account: async (page) => {
		await page.goto('/settings/account');
		await page.getByText('This device').first().waitFor();
	},
	admin: async (page) => {
		await untilAdmin(page);
		await page.goto('/admin');
		await page.getByText('@example.org').first().waitFor();
	}
};

const README = [
	['home', 'phone'],
	['add', 'phone'],
	['list', 'phone'],
	['transactions', 'desktop']
] as const;

async function openFirst(page: Page): Promise<void> {
	await page.goto('/transactions', { waitUntil: 'networkidle' });
	await page.locator('main a[href^="/transactions/"]').first().click();
	await page.getByLabel('Note').waitFor();
}

const everything = process.argv[2];
const folder = everything ?? join(import.meta.dirname, '..', '..', 'docs', 'pictures');
const scratch = await mkdtemp(join(tmpdir(), 'outlay-pictures-'));
const service = await spawnService();
const browser = await launchBrowser();
try {
	await mkdir(folder, { recursive: true });
	await writeFile(join(scratch, 'year.csv'), makeDemoLedger(today(), 11));
	for (const [size, viewport] of Object.entries(SIZES)) {
		for (const colorScheme of everything ? (['light', 'dark'] as const) : (['light'] as const)) {
			const context = await browser.newContext({
				baseURL: service.url,
				viewport,
				colorScheme,
				locale: 'en-IE',
				deviceScaleFactor: everything ? 1 : 2
			});
			const page = await context.newPage();
			const shoot = async (name: string): Promise<void> => {
				const suffix = everything ? `-${colorScheme}` : '';
				await page.screenshot({
					path: join(folder, `${name}-${size}${suffix}.png`),
					animations: 'disabled',
					fullPage: everything !== undefined && name !== 'list'
				});
			};
			if (everything) {
				await page.goto('/', { waitUntil: 'networkidle' });
				await shoot('home-empty');
			}
			await page.goto('/import');
			await page.locator('input[type="file"]').setInputFiles(join(scratch, 'year.csv'));
			await page.getByRole('button', { name: 'Import', exact: true }).waitFor();
			if (everything) await shoot('import');
			await page.getByRole('button', { name: 'Import', exact: true }).click();
			await page.getByText('imported.').waitFor();
			for (const [name, open] of Object.entries(PAGES)) {
				if (!everything && !README.some(([page, at]) => page === name && at === size)) continue;
				await open(page);
				await shoot(name);
			}
			if (everything) {
				const email = anEmail();
				await page.getByLabel('Email').fill(email);
				await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
				await page.getByRole('button', { name: 'Sign up', exact: true }).click();
				await page.getByText('Your profile is ready').waitFor();
				await shoot('recovery-codes');
				await page.getByRole('button', { name: 'I have saved them' }).click();
				await makeAdmin(service, email);
				for (const [name, open] of Object.entries(PROFILE_PAGES)) {
					await open(page);
					await shoot(name);
				}
			}
			await context.close();
		}
	}
} finally {
	await browser.close();
	await service.clean();
	await rm(scratch, { recursive: true, force: true });
}
