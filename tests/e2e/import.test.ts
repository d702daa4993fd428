import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatMoney } from '#lib/domain/money.ts';
import { setOnlineStage } from '#tests/support/stage.ts';
import { generateLedger } from '#tests/support/generated-ledger.ts';
import { hasHouseholdCsv, HOUSEHOLD_CSV, HOUSEHOLD_SUMS } from '#tests/support/household.ts';
import { anEmail, signIn, signUp, untilInStep } from '#tests/support/steps.ts';

const stage = setOnlineStage('first', 'second');

let folder: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'outlay-import-'));
});

afterAll(async () => {
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
	await choose(stage.first.page, file);
	await expectSums(stage.first.page, expected);
	expect(await stage.first.page.getByText(`${expected.repeats} `).count()).toBeGreaterThan(0);
	const count = new Intl.NumberFormat('en-IE').format(expected.rows);

	// Looked at, not imported: nothing was written.
	const tab = await stage.first.newTab();
	await tab.goto('/transactions');
	await tab.getByRole('heading', { name: 'Nothing here yet' }).waitFor();

	await stage.first.page.getByRole('button', { name: 'Import', exact: true }).click();
	await stage.first.page.getByText(`${count} entries imported`).waitFor({ timeout: 60_000 });
	await tab.getByText(`${count} entries`, { exact: true }).waitFor();
	await expectSums(tab, expected);

	const email = anEmail();
	await signUp(stage.first.page, email);
	await untilInStep(stage.first.page);
	await signIn(stage.second.page, email);
	await untilInStep(stage.second.page);
	await stage.second.page.goto('/transactions');
	await stage.second.page.getByText(`${count} entries`, { exact: true }).waitFor();
	await expectSums(stage.second.page, expected);

	await choose(stage.second.page, file);
	expect(
		await stage.second.page.getByRole('button', { name: 'Import', exact: true }).isDisabled()
	).toBe(true);
	await stage.second.page.getByText('Everything in this file is here already.').waitFor();
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
	await choose(stage.first.page, file);
	await stage.first.page.getByRole('button', { name: 'Import', exact: true }).click();
	await stage.first.page.getByRole('button', { name: 'Undo import' }).click();
	await stage.first.page.getByText('Import undone.').waitFor();
	await stage.first.page.goto('/transactions');
	await stage.first.page.getByRole('heading', { name: 'Nothing here yet' }).waitFor();
	// The trash keeps them: nothing comes back unasked, and all of it when asked.
	await choose(stage.first.page, file);
	await stage.first.page.getByRole('button', { name: `Restore ${ledger.rows} entries` }).click();
	await stage.first.page.getByText(`${ledger.rows} entries restored.`).waitFor();
	await stage.first.page.goto('/transactions');
	await stage.first.page.getByText(`${ledger.rows} entries`, { exact: true }).waitFor();
});

test.each([
	['empty.csv', '', 'This file is empty.'],
	['picture.csv', 'PNG\0\0\0binary', 'This file is not text.'],
	['words.csv', 'just some words\nand more', 'This file has only one column.']
])('%s gets a sentence and writes nothing', async (name, content, sentence) => {
	const file = join(folder, name);
	await writeFile(file, content);
	await stage.first.page.goto('/import');
	await stage.first.page.locator('input[type="file"]').setInputFiles(file);
	await stage.first.page.getByText(sentence).waitFor();
	await stage.first.page.goto('/transactions');
	await stage.first.page.getByRole('heading', { name: 'Nothing here yet' }).waitFor();
});
