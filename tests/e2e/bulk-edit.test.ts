import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signUp, type Person } from '#tests/service/people.ts';
import { ONLINE_ONLY, runApp, type RunningApp, type TestProfile } from '#tests/support/app.ts';
import { fillLedger, olderEntries } from '#tests/support/filled-ledger.ts';
import { SIZES } from '#tests/support/screens.ts';
import { signIn, untilInStep } from '#tests/support/steps.ts';

/** More than one write of the database holds. */
const ENTRIES = 400;

let app: RunningApp;

beforeAll(async () => {
	app = await runApp({ SIGN_UPS_PER_HOUR: '100' }, ONLINE_ONLY);
});

afterAll(() => app.close());

/** A device of somebody with so many entries, on the list. */
async function openList(
	count: number,
	options: Parameters<RunningApp['device']>[0]
): Promise<{ person: Person; device: TestProfile; page: Page }> {
	const person = await signUp(app.url);
	await fillLedger(person, olderEntries(count));
	const device = await app.device(options);
	await signIn(device.page, person.email);
	await toList(device.page, count);
	return { person, device, page: device.page };
}

async function toList(page: Page, count: number): Promise<void> {
	await page.goto('/transactions');
	await page
		.getByText(`${new Intl.NumberFormat('en').format(count)} entries`)
		.first()
		.waitFor();
	await untilInStep(page);
}

async function close({ device }: { device: TestProfile }): Promise<void> {
	device.expectNoComplaints();
	await device.context.close();
}

function barOf(page: Page): Locator {
	return page.getByRole('region', { name: 'Selected entries' });
}

function placeOf(page: Page, place: number): Locator {
	return page.locator(`[data-place="${place}"]`);
}

async function setCategory(page: Page, name: string): Promise<void> {
	await barOf(page).getByRole('button', { name: 'Category' }).click();
	const dialog = page.getByRole('dialog', { name: 'Category' });
	await dialog.getByLabel('Category').selectOption({ label: name });
	await dialog.getByRole('button', { name: /^Change/ }).click();
}

/** Presses with a finger, and lets go after so long, in milliseconds. */
async function touch(
	page: Page,
	on: Locator,
	options: { forMs?: number; by?: number; from?: number } = {}
): Promise<void> {
	const box = await on.boundingBox();
	if (!box) throw new Error('It is not on the page.');
	const client = await page.context().newCDPSession(page);
	const point = { x: options.from ?? box.x + box.width / 2, y: box.y + box.height - 20 };
	await client.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] });
	if (options.forMs) await barOf(page).waitFor();
	for (let step = 1; step <= 8 && options.by; step++) {
		const moved = { ...point, x: point.x + (options.by * step) / 8 };
		await client.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [moved] });
	}
	await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
	await client.detach();
}

test('desktop: all that the list shows gets a category, and one press takes it back', async () => {
	const opened = await openList(ENTRIES, { viewport: SIZES.desktop });
	const { page, person } = opened;
	await page.keyboard.press('Control+a');
	await barOf(page).getByText('400 entries').waitFor();
	await setCategory(page, 'Leisure');
	await page.getByText('400 entries changed').waitFor();
	await placeOf(page, 0).getByText('Leisure').waitFor();
	await page.getByRole('button', { name: 'Undo' }).click();
	await page.getByText('Taken back').waitFor();
	await placeOf(page, 0).getByText('Leisure').waitFor({ state: 'detached' });

	// By the key, after a reload, and seen on another device.
	await barOf(page).getByRole('button', { name: 'End selecting' }).click();
	await page.keyboard.press('Control+a');
	await setCategory(page, 'Leisure');
	await page.getByText('400 entries changed').waitFor();
	await untilInStep(page);
	const other = await app.device({ viewport: SIZES.desktop });
	await signIn(other.page, person.email);
	await toList(other.page, ENTRIES);
	await placeOf(other.page, 0).getByText('Leisure').waitFor();
	await page.reload();
	await placeOf(page, 0).getByText('Leisure').waitFor();
	await page.keyboard.press('Control+z');
	await page.getByText('Taken back').waitFor();
	await placeOf(other.page, 0).getByText('Leisure').waitFor({ state: 'detached' });
	await close({ device: other });
	await close(opened);
});

test('desktop: boxes, Shift+click, X and Escape select; tags are put on and taken off', async () => {
	const opened = await openList(40, { viewport: SIZES.desktop });
	const { page } = opened;
	await placeOf(page, 1).hover();
	await placeOf(page, 1).getByRole('checkbox').click();
	await placeOf(page, 4)
		.getByRole('checkbox')
		.click({ modifiers: ['Shift'] });
	await barOf(page).getByText('4 entries').waitFor();
	await page.keyboard.press('j');
	await page.keyboard.press('x');
	await barOf(page).getByText('5 entries').waitFor();
	await page.keyboard.press('x');
	await barOf(page).getByText('4 entries').waitFor();
	expect(await page.locator('[data-place] input:checked').count()).toBe(4);

	await barOf(page).getByRole('button', { name: 'Tags' }).click();
	const dialog = page.getByRole('dialog', { name: 'Tags' });
	await dialog.getByLabel('Add').fill('trip, work');
	await dialog.getByRole('button', { name: 'Change 4 entries' }).click();
	await page.getByText('4 entries changed').waitFor();
	await barOf(page).getByRole('button', { name: 'Tags' }).click();
	await dialog.getByLabel('#work').check();
	await dialog.getByRole('button', { name: 'Change 4 entries' }).click();
	await dialog.waitFor({ state: 'hidden' });
	await page.keyboard.press('Escape');
	await barOf(page).waitFor({ state: 'hidden' });
	await page.goto('/transactions?tag=trip');
	await page.getByText('4 entries found').waitFor();
	await page.goto('/transactions?tag=work');
	await page.getByText('0 entries found').waitFor();
	await close(opened);
});

test('phone: a long press selects, a tap selects more, and what is deleted comes back', async () => {
	const opened = await openList(40, { viewport: SIZES.phone, hasTouch: true, isMobile: true });
	const { page } = opened;
	await touch(page, placeOf(page, 0), { forMs: 600 });
	await barOf(page).getByText('1 entry').waitFor();
	await touch(page, placeOf(page, 2));
	await barOf(page).getByText('2 entries').waitFor();
	expect(new URL(page.url()).pathname).toBe('/transactions');
	await barOf(page).getByRole('button', { name: 'Delete' }).click();
	await page.getByText('38 entries').first().waitFor();
	await barOf(page).waitFor({ state: 'hidden' });
	await page.getByRole('button', { name: 'Undo' }).click();
	await page.getByText('40 entries').first().waitFor();
	await close(opened);
});

test('phone: a swipe deletes or selects; one at the edge, and one that is short, do nothing', async () => {
	const opened = await openList(40, { viewport: SIZES.phone, hasTouch: true, isMobile: true });
	const { page } = opened;
	const titleAt = (place: number) => placeOf(page, place).getByRole('link').innerText();
	const [kept, edge, gone] = [await titleAt(1), await titleAt(2), await titleAt(3)];
	// What can be done to rows is there: the third swipe shows that, and comes after the two.
	await touch(page, placeOf(page, 1), { by: -40 });
	await touch(page, placeOf(page, 2), { from: 10, by: 200 });
	await touch(page, placeOf(page, 3), { by: -150 });
	await page.getByText('39 entries').first().waitFor();
	expect(await barOf(page).count()).toBe(0);
	expect([await titleAt(1), await titleAt(2)]).toEqual([kept, edge]);
	expect(await titleAt(3)).not.toBe(gone);
	await page.getByRole('button', { name: 'Undo' }).click();
	await page.getByText('40 entries').first().waitFor();
	await touch(page, placeOf(page, 1), { by: 150 });
	await barOf(page).getByText('1 entry').waitFor();
	expect(new URL(page.url()).pathname).toBe('/transactions');
	await close(opened);
});
