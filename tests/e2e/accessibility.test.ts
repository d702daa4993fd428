import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { today } from '#lib/domain/calendar-day.ts';
import { makeDemoLedger } from '#tests/demo/demo-ledger.ts';
import { makeAdmin } from '#tests/support/make-admin.ts';
import {
	chooseFile,
	DIALOGS,
	importChosen,
	PROFILE_SCREENS,
	SCREENS,
	type Screens,
	SIZES
} from '#tests/support/screens.ts';
import { setOnlineStage } from '#tests/support/stage.ts';
import { anEmail, signUp } from '#tests/support/steps.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What is asked in each theme: another theme changes colours alone. */
const THEMES: ['light' | 'dark', RunOptions][] = [
	['light', { resultTypes: ['violations'], runOnly: TAGS }],
	['dark', { resultTypes: ['violations'], runOnly: { type: 'rule', values: ['color-contrast'] } }]
];

const stage = setOnlineStage();
let axe: string;
let folder: string;

beforeAll(async () => {
	axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
	folder = await mkdtemp(join(tmpdir(), 'outlay-axe-'));
	await writeFile(join(folder, 'year.csv'), makeDemoLedger(today(), 2));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** What axe finds on a screen in either theme, and whatever is wider than the screen, in either direction and size. */
async function faultsOf(page: Page, screen: string): Promise<string[]> {
	const faults: string[] = [];
	for (const [colorScheme, options] of THEMES) {
		await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		const { violations } = await runAxe(page, options);
		for (const { id, nodes } of violations) {
			for (const { target, failureSummary } of nodes) {
				faults.push(`${screen}, ${colorScheme}: ${id} at ${String(target)}: ${failureSummary}`);
			}
		}
	}
	if (await isCut(page)) faults.push(`${screen}: scrolls sideways`);
	faults.push(...(await mirroredFaults(page, screen)), ...(await enlargedFaults(page, screen)));
	return faults;
}

/** What is wrong where people read from right to left: colours and names are the same, places are not. */
async function mirroredFaults(page: Page, screen: string): Promise<string[]> {
	const turn = (direction: string) =>
		page.evaluate((to) => (document.documentElement.dir = to), direction);
	await turn('rtl');
	const { violations } = await runAxe(page, {
		resultTypes: ['violations'],
		runOnly: { type: 'rule', values: ['target-size', 'scrollable-region-focusable'] }
	});
	const faults = violations.map(({ id, nodes }) => `${id} at ${String(nodes[0]?.target)}`);
	if (await isCut(page)) faults.push('scrolls sideways');
	await turn('');
	return faults.map((fault) => `${screen}, right to left: ${fault}`);
}

/** Whether anything is lost when all is twice as large: half as many pixels are left, but no fewer than a small phone has. */
async function enlargedFaults(page: Page, screen: string): Promise<string[]> {
	const size = page.viewportSize();
	if (!size) return [];
	await page.setViewportSize({
		width: Math.max(320, size.width / 2),
		height: Math.max(320, size.height / 2)
	});
	const faults = (await isCut(page)) ? [`${screen}, at 200 %: scrolls sideways`] : [];
	await page.setViewportSize(size);
	return faults;
}

/** Whether the page is wider than what shows it. */
function isCut(page: Page): Promise<boolean> {
	return page.evaluate(() => {
		const { scrollWidth, clientWidth } = document.documentElement;
		return scrollWidth > clientWidth;
	});
}

async function runAxe(page: Page, asked: RunOptions): Promise<AxeResults> {
	if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
	return page.evaluate(
		(options) =>
			(globalThis as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run(
				options
			),
		asked
	);
}

test.each(Object.entries(SIZES))('axe finds nothing on any screen, %s', async (size, viewport) => {
	const inHand = size === 'phone';
	const device = await stage.app.device({ viewport, hasTouch: inHand, isMobile: inHand });
	const { page } = device;
	const faults: string[] = [];
	const look = async (screens: Screens): Promise<void> => {
		for (const [name, open] of Object.entries(screens)) {
			await open(page);
			faults.push(...(await faultsOf(page, name)));
		}
	};
	const empty = (path: string) => (page: Page) => page.goto(path, { waitUntil: 'networkidle' });
	await look({
		'home, empty': empty('/'),
		'list, empty': empty('/transactions'),
		'insights, empty': empty('/insights'),
		'no such page': empty('/nowhere')
	});
	await look({
		demonstration: async () => {
			await page.goto('/');
			await page.getByRole('button', { name: 'Open a demonstration' }).click();
			await page.getByText('Spent by category').waitFor();
			await page.getByRole('button', { name: 'Remove the demonstration' }).waitFor();
		}
	});
	await page.getByRole('button', { name: 'Remove the demonstration' }).click();
	await page.getByRole('button', { name: 'Open a demonstration' }).waitFor();
	await look({ import: () => chooseFile(page, join(folder, 'year.csv')) });
	await importChosen(page);
	await look({ ...SCREENS, ...DIALOGS });
	const email = anEmail();
	await signUp(page, email);
	await makeAdmin(stage.app, email);
	await look(PROFILE_SCREENS);
	expect(faults).toEqual([]);
	await device.context.close();
});
