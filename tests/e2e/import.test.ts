import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { formatMoney } from '#lib/domain/money.ts';
import { runApp, type RunningApp, type TestProfile } from '#tests/support/app.ts';
import { generateLedger } from '#tests/support/generated-ledger.ts';
import { hasHouseholdCsv, HOUSEHOLD_CSV, HOUSEHOLD_SUMS } from '#tests/support/household.ts';
import { anEmail, signIn, signUp, untilInStep } from '#tests/support/steps.ts';

let app: RunningApp;
let folder: string;
let first: TestProfile;
let second: TestProfile;

beforeAll(async () => {
	app = await runApp();
	folder = await mkdtemp(join(tmpdir(), 'outlay-import-'));
});

beforeEach(async () => {
	first = await app.device();
	second = await app.device();
});

afterEach(async () => {
	first.expectNoComplaints();
	second.expectNoComplaints();
	await first.context.close();
	await second.context.close();
});

afterAll(async () => {
	await app.close();
	await rm(folder, { recursive: true, force: true });
});

interface Expected {
	rows: number;
	repeats: number;
	sums: Record<'expense' | 'income' | 'transfer', number>;
}

/** Chooses a file on the import page and waits until what is in it is shown. */
async function choose(page: Page, file: string): Promise<void> {
	await page.goto('/import');
	await page.locator('input[type="file"]').setInputFiles(file);
	await page.getByRole('button', { name: 'Import', exact: true }).waitFor();
}

/** The sums on a page, as texts without the spaces between symbol and digits. */
async function expectSums(page: Page, { sums }: Expected): Promise<void> {
	const expected = Object.values(sums).map((minor) => plain(formatMoney(minor, 'INR', 'en-IE')));
	await page.waitForFunction(
		(texts) => {
			const shown = (document.querySelector('main')?.innerText ?? '').replace(/\s/g, '');
			return texts.every((text) => shown.includes(text));
		},
		expected,
		{ timeout: 60_000 }
	);
}

function plain(text: string): string {
	return text.replace(/\s/g, '');
}

async function importAndCompare(file: string, expected: Expected): Promise<void> {
	await choose(first.page, file);
	await expectSums(first.page, expected);
	expect(await first.page.getByText(`${expected.repeats} `).count()).toBeGreaterThan(0);
	const count = new Intl.NumberFormat('en-IE').format(expected.rows);

	// Looked at, not imported: nothing was written.
	const tab = await first.newTab();
	await tab.goto('/transactions');
	await tab.getByRole('heading', { name: 'Nothing here yet' }).waitFor();

	await first.page.getByRole('button', { name: 'Import', exact: true }).click();
	await first.page.getByText(`${count} entries imported`).waitFor({ timeout: 60_000 });
	await tab.getByText(`${count} entries`, { exact: true }).waitFor();
	await expectSums(tab, expected);

	const email = anEmail();
	await signUp(first.page, email);
	await untilInStep(first.page);
	await signIn(second.page, email);
	await untilInStep(second.page);
	await second.page.goto('/transactions');
	await second.page.getByText(`${count} entries`, { exact: true }).waitFor();
	await expectSums(second.page, expected);

	await choose(second.page, file);
	expect(await second.page.getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(
		true
	);
	await second.page.getByText('Everything in this file is here already.').waitFor();
}

test('a generated ledger arrives whole, on both devices, and only once', async () => {
	const ledger = generateLedger(400, 7);
	const file = join(folder, 'generated.csv');
	await writeFile(file, ledger.csv);
	await importAndCompare(file, ledger);
});

test.skipIf(!hasHouseholdCsv)(
	'the household ledger arrives to the paisa, on both devices, and only once',
	{ timeout: 180_000 },
	() => importAndCompare(HOUSEHOLD_CSV, { rows: 2461, repeats: 11, sums: HOUSEHOLD_SUMS })
);

test('an import is undone in one press, and brought back in another', async () => {
	const ledger = generateLedger(30, 8);
	const file = join(folder, 'small.csv');
	await writeFile(file, ledger.csv);
	await choose(first.page, file);
	await first.page.getByRole('button', { name: 'Import', exact: true }).click();
	await first.page.getByRole('button', { name: 'Undo import' }).click();
	await first.page.getByText('Import undone.').waitFor();
	await first.page.goto('/transactions');
	await first.page.getByRole('heading', { name: 'Nothing here yet' }).waitFor();
	// The trash keeps them: nothing comes back unasked, and all of it when asked.
	await choose(first.page, file);
	await first.page.getByRole('button', { name: `Restore ${ledger.rows} entries` }).click();
	await first.page.getByText(`${ledger.rows} entries restored.`).waitFor();
	await first.page.goto('/transactions');
	await first.page.getByText(`${ledger.rows} entries`, { exact: true }).waitFor();
});

test.each([
	['empty.csv', '', 'This file is empty.'],
	['picture.csv', 'PNG\0\0\0binary', 'This file is not text.'],
	['words.csv', 'just some words\nand more', 'This file has only one column.']
])('%s gets a sentence and writes nothing', async (name, content, sentence) => {
	const file = join(folder, name);
	await writeFile(file, content);
	await first.page.goto('/import');
	await first.page.locator('input[type="file"]').setInputFiles(file);
	await first.page.getByText(sentence).waitFor();
	await first.page.goto('/transactions');
	await first.page.getByRole('heading', { name: 'Nothing here yet' }).waitFor();
});
