import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signUp, type Person } from '#tests/service/people.ts';
import { ONLINE_ONLY, runApp, type RunningApp, type TestProfile } from '#tests/support/app.ts';
import { fillLedger, olderEntries, withRevision } from '#tests/support/filled-ledger.ts';
import { signIn, untilInStep } from '#tests/support/steps.ts';

/** Far more than a window shows; nine a day. */
const ENTRIES = 2_000;
/** So many rows are on the page at most, of whatever length the list is. */
const DRAWN = 60;

const SIZES = [
	{ size: 'phone', viewport: { width: 390, height: 844 } },
	{ size: 'desktop', viewport: { width: 1440, height: 900 } }
];

let app: RunningApp;
let person: Person;
const devices = new Map<string, TestProfile>();

beforeAll(async () => {
	app = await runApp({}, ONLINE_ONLY);
	person = await signUp(app.url);
	await fillLedger(person, olderEntries(ENTRIES));
	for (const { size, viewport } of SIZES) {
		const device = await app.device({ viewport });
		devices.set(size, device);
		await signIn(device.page, person.email);
	}
});

afterAll(async () => {
	for (const device of devices.values()) {
		device.expectNoComplaints();
		await device.context.close();
	}
	await app.close();
});

/** Opens the list, and waits until all of it is there. */
async function openList(size: string): Promise<Page> {
	const { page } = devices.get(size)!;
	await page.goto('/transactions');
	await page.getByText(`${new Intl.NumberFormat('en').format(ENTRIES)} entries`).waitFor();
	await page.locator('[data-place="0"]').waitFor();
	await untilInStep(page);
	return page;
}

async function scrollTo(page: Page, top: number): Promise<void> {
	await page.evaluate((to) => window.scrollTo(0, to), top);
	await untilDrawn(page);
}

/** Waits for the frame in which what is seen has been drawn. */
async function untilDrawn(page: Page): Promise<void> {
	await page.evaluate(
		() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
	);
}

interface Seen {
	link: string;
	place: number;
	/** From the top of the window, in CSS pixels. */
	top: number;
}

/** The first entry that is wholly in the window. */
function firstSeen(page: Page): Promise<Seen> {
	return page.evaluate(() => {
		for (const row of document.querySelectorAll<HTMLElement>('[data-place]')) {
			const { top } = row.getBoundingClientRect();
			if (top < 0) continue;
			const link = row.querySelector('a')?.getAttribute('href') ?? '';
			return { link, place: Number(row.dataset.place), top };
		}
		throw new Error('No entry is in the window.');
	});
}

/** Where the entry behind a link stands now. */
function topOf(page: Page, link: string): Promise<number | undefined> {
	return page.evaluate(
		(href) =>
			document
				.querySelector(`[data-place] a[href="${href}"]`)
				?.closest('[data-place]')
				?.getBoundingClientRect().top,
		link
	);
}

function countDrawn(page: Page): Promise<number> {
	return page.locator('[data-place]').count();
}

/** The place of the entry that has the focus, and whether all of it is in the window. */
function readFocus(page: Page): Promise<{ place: number; isSeen: boolean }> {
	return page.evaluate(() => {
		const row = document.activeElement?.closest<HTMLElement>('[data-place]');
		const { top = -1, bottom = 0 } = row?.getBoundingClientRect() ?? {};
		return {
			place: Number(row?.dataset.place ?? NaN),
			isSeen: top >= 0 && bottom <= window.innerHeight
		};
	});
}

for (const { size } of SIZES) {
	test(`${size}: few rows are on the page, and rows are wherever it is scrolled to`, async () => {
		const page = await openList(size);
		const height = await page.evaluate(() => document.documentElement.scrollHeight);
		expect(await countDrawn(page)).toBeLessThan(DRAWN);

		// A fling: every frame goes further than a window, and none may show a gap.
		const gaps = await page.evaluate(async () => {
			const list = document.querySelector('[data-place]')?.parentElement;
			const found: number[] = [];
			for (let frame = 0; frame < 60; frame++) {
				window.scrollBy(0, window.innerHeight * 1.3);
				await new Promise(requestAnimationFrame);
				const { top = 0, bottom = 0, left = 0 } = list?.getBoundingClientRect() ?? {};
				const end = Math.min(bottom, window.innerHeight);
				for (let y = Math.max(top, 0) + 2; y < end; y += 20) {
					if (document.elementFromPoint(left + 40, y) === list) found.push(frame);
				}
			}
			return found;
		});
		expect(gaps).toEqual([]);

		await scrollTo(page, height);
		expect(await countDrawn(page)).toBeLessThan(DRAWN);
		expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(height);
		const last = page.locator(`[data-place="${ENTRIES - 1}"]`);
		expect(await last.boundingBox()).toSatisfy(
			(box: { y: number; height: number }) =>
				box.y > 0 && box.y + box.height <= page.viewportSize()!.height
		);
	});

	test(`${size}: every row says where it stands in the whole`, async () => {
		const page = await openList(size);
		await scrollTo(page, 20_000);
		const { place } = await firstSeen(page);
		const row = page.locator(`[data-place="${place}"]`);
		if (size === 'phone') {
			expect(await row.getAttribute('aria-posinset')).toBe(String(place + 1));
			expect(await row.getAttribute('aria-setsize')).toBe(String(ENTRIES));
		} else {
			const rows = ENTRIES + Math.ceil(ENTRIES / 9) + 1;
			expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe(String(rows));
			const indices = await page
				.locator('tbody [aria-rowindex]')
				.evaluateAll((all) => all.map((each) => Number(each.getAttribute('aria-rowindex'))));
			expect(indices).toEqual(indices.map((_, at) => indices[0]! + at));
			// The headings of the columns and of the days before it are rows, too.
			const before = await page.evaluate(
				(at) => document.querySelector(`[data-place="${at}"]`)?.getAttribute('aria-rowindex'),
				place
			);
			expect(Number(before)).toBeGreaterThan(place + 2);
		}
	});

	test(`${size}: keys move the focus beyond the window, and scrolling does not take it away`, async () => {
		const page = await openList(size);
		await page.keyboard.press('j');
		expect(await readFocus(page)).toEqual({ place: 0, isSeen: true });
		for (let press = 0; press < 40; press++) await page.keyboard.press('j');
		expect(await readFocus(page)).toEqual({ place: 40, isSeen: true });

		await scrollTo(page, 50_000);
		expect(await readFocus(page)).toEqual({ place: 40, isSeen: false });
		expect(await countDrawn(page)).toBeLessThan(DRAWN + 1);
		await page.keyboard.press('ArrowUp');
		expect(await readFocus(page)).toEqual({ place: 39, isSeen: true });
		await page.keyboard.press('k');
		expect(await readFocus(page)).toEqual({ place: 38, isSeen: true });
	});

	test(`${size}: who comes back from an entry finds the place again, and the focus`, async () => {
		const page = await openList(size);
		await scrollTo(page, 30_000);
		const seen = await firstSeen(page);
		const middle = page.locator(`[data-place="${seen.place + 5}"] a`);
		await middle.click();
		await page.getByLabel('Note').waitFor();
		await page.goBack();
		await page.locator(`a[href="${seen.link}"]`).waitFor();
		await untilDrawn(page);
		expect(await topOf(page, seen.link)).toBeCloseTo(seen.top, 0);
		expect(await readFocus(page)).toEqual({ place: seen.place + 5, isSeen: true });

		await middle.click();
		// Pressed without a pointer, for which this browser's driver would first scroll the page.
		await page.getByRole('link', { name: 'Back to the transactions' }).dispatchEvent('click');
		await page.locator(`a[href="${seen.link}"]`).waitFor();
		await untilDrawn(page);
		expect(await topOf(page, seen.link)).toBeCloseTo(seen.top, 0);

		await page.getByRole('link', { name: 'Settings' }).first().click();
		await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
		await page.goBack();
		await page.locator(`a[href="${seen.link}"]`).waitFor();
		expect(await topOf(page, seen.link)).toBeCloseTo(seen.top, 0);
	});

	test(`${size}: a print has more than the window, and no blank pages`, async () => {
		const page = await openList(size);
		await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
		await page.emulateMedia({ media: 'print' });
		expect(await countDrawn(page)).toBe(1_000);
		const { height, rows } = await page.evaluate(() => ({
			height: document.documentElement.scrollHeight,
			rows: [...document.querySelectorAll('[data-place], .day')]
				.map((row) => row.getBoundingClientRect().height)
				.reduce((sum, each) => sum + each)
		}));
		expect(height).toBeGreaterThan(rows - 2_000);
		expect(height).toBeLessThan(rows + 2_000);
		await page.emulateMedia({ media: null });
		await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
		await untilDrawn(page);
		expect(await countDrawn(page)).toBeLessThan(DRAWN);
	});

	test(`${size}: what is read stays where it is with larger text`, async () => {
		const page = await openList(size);
		await scrollTo(page, 30_000);
		const { link } = await firstSeen(page);
		const isSeen = async () => {
			const top = await topOf(page, link);
			return top !== undefined && top > -200 && top < 300;
		};
		await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
		await expect.poll(isSeen).toBe(true);
		const cut = await page.evaluate(() =>
			[...document.querySelectorAll('[data-place] .amount')].some((amount) => {
				const row = amount.closest('[data-place]')?.getBoundingClientRect();
				const { bottom, right } = amount.getBoundingClientRect();
				return !row || bottom > row.bottom + 1 || right > row.right + 1;
			})
		);
		expect(cut).toBe(false);
		await page.evaluate(() => (document.documentElement.style.fontSize = ''));
		await expect.poll(isSeen).toBe(true);
	});
}

// These change the ledger: they come last.
for (const [nth, { size }] of SIZES.entries()) {
	test(`${size}: what is read stays where it is while entries arrive above`, async () => {
		const page = devices.get(size)!.page;
		await page.goto('/transactions');
		await page.locator('[data-place="0"]').waitFor();
		await untilInStep(page);
		await scrollTo(page, 30_000);
		const seen = await firstSeen(page);
		await page.evaluate(() => {
			window.shifts = [];
			new PerformanceObserver((list) => {
				for (const each of list.getEntries())
					window.shifts.push((each as unknown as { value: number }).value);
			}).observe({ type: 'layout-shift' });
		});
		const newer = [...olderEntries(200, `newer0000${nth}`)].map((document) => {
			const fields = Object.fromEntries(
				Object.entries(document).filter(([name]) => !name.startsWith('_rev'))
			);
			return withRevision({ ...fields, _id: document._id, spentOn: '2026-11-01' }, 1);
		});
		await fillLedger(person, newer);
		const count = ENTRIES + 200 * (nth + 1);
		await page.getByText(`${new Intl.NumberFormat('en').format(count)} entries`).waitFor();
		await untilDrawn(page);
		expect(await firstSeen(page)).toMatchObject({ link: seen.link, place: seen.place + 200 });
		expect(await topOf(page, seen.link)).toBeCloseTo(seen.top, 0);
		expect(await page.evaluate(() => window.shifts)).toEqual([]);
	});
}

declare global {
	interface Window {
		shifts: number[];
	}
}
