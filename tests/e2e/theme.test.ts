import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { SIZES } from '#tests/support/screens.ts';
import { setOnlineStage } from '#tests/support/stage.ts';

const stage = setOnlineStage('device');

/** How light the page's ground is, from 0 to 1. */
const lightness = (page: Page): Promise<number> =>
	page.evaluate(() =>
		Number(/oklch\(([\d.]+)/.exec(getComputedStyle(document.documentElement).backgroundColor)?.[1])
	);

test.each(Object.entries(SIZES))(
	'%s: dark by choice over a light system, in another tab too, and back',
	async (_, size) => {
		const { page } = stage.device;
		await page.setViewportSize(size);
		await page.emulateMedia({ colorScheme: 'light' });
		await page.goto('/settings');
		expect(await lightness(page)).toBeGreaterThan(0.9);
		// Shown when the ledger is: a choice is heard from then on.
		await page.getByRole('heading', { name: 'Trash' }).waitFor();
		await page.getByLabel('Dark', { exact: true }).check();
		expect(await lightness(page)).toBeLessThan(0.3);

		const tab = await stage.device.newTab();
		await tab.emulateMedia({ colorScheme: 'light' });
		await tab.goto('/');
		expect(await lightness(tab)).toBeLessThan(0.3);
		const bars = tab.locator('meta[name="theme-color"]').first();
		expect(await bars.getAttribute('content')).toBe('#0d1115');

		await tab.goto('/settings');
		await expect.poll(() => tab.getByLabel('Dark', { exact: true }).isChecked()).toBe(true);
		await tab.getByLabel('System', { exact: true }).check();
		expect(await lightness(tab)).toBeGreaterThan(0.9);
		await tab.emulateMedia({ colorScheme: 'dark' });
		expect(await lightness(tab)).toBeLessThan(0.3);
	}
);
