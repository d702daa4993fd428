import type { Browser, Page } from 'playwright-core';
import type { Person } from '#tests/service/people.ts';
import { signIn, untilInStep } from '#tests/support/steps.ts';
import { quantile } from './quantile.ts';

declare global {
	interface Window {
		longTasks: number[];
		frameTimes: number[];
	}
}

/** What the main thread went through, in milliseconds. */
export interface Watched {
	/** Tasks over 50 ms. */
	longTasks: number[];
	/** From one frame to the next. */
	frameTimes: number[];
}

/** The sizes of screen that the app is made for. */
export const SIZES = {
	phone: { width: 390, height: 844 },
	desktop: { width: 1440, height: 900 }
} as const;

/** Opens a page on which everything is in step. */
export async function openInStep(
	browser: Browser,
	url: string,
	path: string,
	person: Person,
	size: keyof typeof SIZES = 'desktop'
): Promise<Page> {
	const context = await browser.newContext({
		baseURL: url,
		serviceWorkers: 'block',
		viewport: SIZES[size]
	});
	const page = await context.newPage();
	page.setDefaultTimeout(300_000);
	await signIn(page, person.email);
	await page.goto(path);
	await untilInStep(page);
	return page;
}

/** From here on the CPU is slowed so many times, and tasks and frames are counted. */
export async function watch(page: Page, slowed: number): Promise<void> {
	const session = await page.context().newCDPSession(page);
	await session.send('Emulation.setCPUThrottlingRate', { rate: slowed });
	await page.evaluate(() => {
		window.longTasks = [];
		window.frameTimes = [];
		new PerformanceObserver((list) => {
			for (const { duration } of list.getEntries()) window.longTasks.push(duration);
		}).observe({ type: 'longtask' });
		let last = performance.now();
		const frame = () => {
			window.frameTimes.push(performance.now() - last);
			last = performance.now();
			requestAnimationFrame(frame);
		};
		requestAnimationFrame(frame);
	});
}

export function readWatched(page: Page): Promise<Watched> {
	return page.evaluate(() => ({ longTasks: window.longTasks, frameTimes: window.frameTimes }));
}

/** "tasks over 50 ms: 2, the longest 61 ms; frames p50 16.7 ms, p99 33 ms, longest 70 ms" */
export function describe({ longTasks, frameTimes }: Watched): string {
	const [longest = 0] = [...longTasks].sort((a, b) => b - a);
	return (
		`tasks over 50 ms: ${longTasks.length}${longest > 0 ? `, the longest ${longest.toFixed(0)} ms` : ''}; ` +
		`frames p50 ${quantile(frameTimes, 0.5).toFixed(1)} ms, p99 ${quantile(frameTimes, 0.99).toFixed(1)} ms, longest ${Math.max(...frameTimes).toFixed(0)} ms`
	);
}
