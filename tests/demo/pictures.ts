/**
 * Takes the README's pictures from the running app, with a made-up year in it.
 *
 *     npm run pictures              # the README's, into docs/pictures
 *     npm run pictures -- FOLDER    # every page, both sizes, light and dark, to look at
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDemoLedger } from './demo-ledger.ts';
import { today } from '#lib/domain/calendar-day.ts';
import { launchBrowser } from '#tests/support/browser.ts';
import { makeAdmin } from '#tests/support/make-admin.ts';
import { spawnService } from '#tests/support/run-service.ts';
import {
	chooseFile,
	DIALOGS,
	importChosen,
	PROFILE_SCREENS,
	SCREENS,
	SIZES
} from '#tests/support/screens.ts';
import { anEmail, PASSWORD } from '#tests/support/steps.ts';

const README = [
	['home', 'phone'],
	['add', 'phone'],
	['list', 'phone'],
	['transactions', 'desktop']
] as const;

/** Months of entries are more than anybody looks at. */
const LONG = ['list', 'keys', 'selection', 'filter'];

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
				// A finger: what it types on is in the picture.
				hasTouch: size === 'phone',
				isMobile: size === 'phone',
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
					fullPage: everything !== undefined && !LONG.includes(name)
				});
			};
			if (everything) {
				await page.goto('/', { waitUntil: 'networkidle' });
				await shoot('home-empty');
			}
			await chooseFile(page, join(scratch, 'year.csv'));
			if (everything) await shoot('import');
			await importChosen(page);
			for (const [name, open] of Object.entries(
				everything ? { ...DIALOGS, ...SCREENS } : SCREENS
			)) {
				if (!everything && !README.some(([screen, at]) => screen === name && at === size)) continue;
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
				for (const [name, open] of Object.entries(PROFILE_SCREENS)) {
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
