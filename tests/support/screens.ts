import type { Page } from 'playwright-core';
import { untilAdmin } from './make-admin.ts';
import { fillEntry, untilInStep } from './steps.ts';

/** The two sizes that every screen is designed for, in CSS pixels. */
export const SIZES = {
	phone: { width: 390, height: 844 },
	desktop: { width: 1440, height: 900 }
};

/** How to get a page to where it is worth looking at. */
export type Screens = Record<string, (page: Page) => Promise<unknown>>;

/** What everybody sees, with entries in the ledger. */
export const SCREENS: Screens = {
	home: (page) => goTo(page, '/'),
	transactions: openFirst,
	list: (page) => goTo(page, '/transactions'),
	add: async (page) => {
		await goTo(page, '/add');
		await fillEntry(page, { category: 'Food', payee: 'Bakery' });
		// The amount has the focus at last, and with it a phone its keypad.
		await fillEntry(page, { amount: '12+3*2' });
	},
	'add-split': async (page) => {
		await goTo(page, '/add');
		await fillEntry(page, { amount: '20' });
		await page.getByRole('button', { name: 'Split', exact: true }).click();
		await page.getByLabel('Amount of part 1').fill('12.50');
		await page.getByRole('button', { name: 'Notes' }).click();
		await page.getByRole('button', { name: 'Tags' }).click();
		await page.getByLabel('Tags').pressSequentially('holiday,');
	},
	insights: (page) => goTo(page, '/insights'),
	settings: (page) => goTo(page, '/settings'),
	rules: (page) => goTo(page, '/settings/rules'),
	'where-my-data-is': (page) => goTo(page, '/settings/sync'),
	'sign-in': (page) => goTo(page, '/sign-in'),
	recover: (page) => goTo(page, '/recover'),
	'sign-up': (page) => goTo(page, '/sign-up')
};

/** What only somebody with a profile sees: an admin, who has signed up on this page. */
export const PROFILE_SCREENS: Screens = {
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

/** What opens over a page, from that page. */
export const DIALOGS: Screens = {
	keys: async (page) => {
		await goTo(page, '/transactions');
		await page.locator('h1').click();
		await page.keyboard.press('?');
		await page.getByRole('dialog').waitFor();
	},
	selection: async (page) => {
		await goTo(page, '/transactions');
		await page.keyboard.press('j');
		await page.keyboard.press('x');
		await page.getByRole('region', { name: 'Selected entries' }).getByText('1 entry').waitFor();
	},
	rule: async (page) => {
		await goTo(page, '/settings/rules');
		await page.getByRole('button', { name: 'Add a rule' }).click();
		await page.getByRole('dialog').waitFor();
	},
	filter: async (page) => {
		await goTo(page, '/transactions');
		await page.getByRole('button', { name: 'Filter' }).first().click();
		await page.getByRole('dialog').waitFor();
	}
};

/** Imports a file as people do, up to the last question. */
export async function chooseFile(page: Page, path: string): Promise<void> {
	await page.goto('/import');
	await page.locator('input[type="file"]').setInputFiles(path);
	await page.getByRole('button', { name: 'Import', exact: true }).waitFor();
}

/** Answers that question. */
export async function importChosen(page: Page): Promise<void> {
	await page.getByRole('button', { name: 'Import', exact: true }).click();
	await page.getByText('imported.').waitFor();
}

async function openFirst(page: Page): Promise<void> {
	await goTo(page, '/transactions');
	await page.locator('main a[href^="/transactions/"]').first().click();
	await page.getByLabel('Note').waitFor();
}

async function goTo(page: Page, path: string): Promise<void> {
	await page.goto(path, { waitUntil: 'networkidle' });
}
