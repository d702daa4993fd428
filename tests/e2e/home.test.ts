import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { setStage } from '#tests/support/stage.ts';
import { SIZES } from '#tests/support/screens.ts';
import { addExpense, fillEntry, rowOf, save } from '#tests/support/steps.ts';

const stage = setStage();

const month = (page: Page) => page.getByRole('region', { name: 'This month' });
const attention = (page: Page) => page.getByRole('list', { name: 'Needs your attention' });

test('home says what needs attention, and where to do something about it', async () => {
	const device = await stage.app.device();
	const { page } = device;
	await addExpense(page, { amount: '12', payee: 'Kiosk' });
	await addExpense(page, { amount: '30', payee: 'Market', category: 'Groceries' });
	await page.goto('/');
	await month(page).getByText('42.00').waitFor();
	const link = attention(page).getByRole('link', { name: /1 entry of 2 has no category/ });
	await link.click();
	await page.waitForURL(/category=none/);
	await rowOf(page, 'Kiosk').waitFor();
	expect(await page.getByText('Market').count()).toBe(0);

	// Dismissed, it stays away until there are more of them; the focus is not lost.
	await page.goto('/');
	const dismiss = page.getByRole('button', { name: /Dismiss: 1 entry/ });
	await dismiss.focus();
	await page.keyboard.press('Enter');
	await attention(page).waitFor({ state: 'detached' });
	await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN');
	await page.reload();
	await page.getByText('Spent by category').waitFor();
	expect(await attention(page).count()).toBe(0);
	await addExpense(page, { amount: '1', payee: 'Another kiosk' });
	await page.goto('/');
	await attention(page).getByText('2 entries of 3 have no category').waitFor();
	device.expectNoComplaints();
	await device.context.close();
});

test('home shows the month against its budget, and says when one is spent', async () => {
	const device = await stage.app.device({ viewport: SIZES.desktop });
	const { page } = device;
	await page.goto('/settings');
	await page.getByRole('button', { name: 'Open a demonstration' }).click();
	// 1,850 of everything, for a made-up month of whatever it came to.
	await expect.poll(() => month(page).innerText()).toMatch(/of\s*€\s*1,850\.00/);
	await month(page)
		.getByText(/(Left of|Over) the budget/)
		.waitFor();
	await month(page)
		.getByText(/than an even pace/)
		.waitFor();
	await expect
		.poll(() => month(page).getByRole('img').getAttribute('aria-label'))
		.toMatch(/^Day \d+ of \d+, [\d,]+% of the budget spent$/);
	const { moved } = await shiftsOf(page);
	expect(moved).toBeLessThan(0.01);

	// A large dinner: the budget of Food is spent, and the notice leads to what was spent.
	await page.goto('/add');
	await fillEntry(page, { amount: '5000', payee: 'A wedding', category: 'Food' });
	await save(page);
	await page.goto('/');
	await month(page).getByText('Over the budget').waitFor();
	await attention(page)
		.getByRole('link', { name: /^Food: €[\d,.]+ over its budget/ })
		.click();
	await rowOf(page, 'A wedding').waitFor();
	expect(new URL(page.url()).searchParams.get('category')).toBe('category:food');
	device.expectNoComplaints();
	await device.context.close();
});

/** By how much the page moved by itself while it was loaded anew. */
async function shiftsOf(page: Page): Promise<{ moved: number }> {
	await page.addInitScript(() => {
		const shifts = ((globalThis as { shifts?: number[] }).shifts = [] as number[]);
		new PerformanceObserver((list) => {
			for (const entry of list.getEntries()) shifts.push((entry as { value?: number }).value ?? 0);
		}).observe({ type: 'layout-shift', buffered: true });
	});
	await page.reload();
	await page.getByText('Spent by category').waitFor();
	await page.getByRole('complementary', { name: 'Demonstration' }).waitFor();
	return page.evaluate(() => ({
		moved: ((globalThis as { shifts?: number[] }).shifts ?? []).reduce((sum, each) => sum + each, 0)
	}));
}
