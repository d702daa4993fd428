import type { Browser, Page } from 'playwright-core';
import type { Person } from '#tests/service/people.ts';
import { signIn, untilInStep } from '#tests/support/steps.ts';
import { describeTasks, recordTasks, type Task } from './main-thread.ts';
import { quantile } from './quantile.ts';

declare global {
	interface Window {
		frameTimes: number[];
	}
}

/** What the main thread went through. */
export interface Watched {
	tasks: readonly Task[];
	/** From one frame to the next, by the clock on the wall, in milliseconds. */
	frameTimes: readonly number[];
}

const SETTLED_MS = 500;

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

/** From here on the CPU is so many times slower. */
export async function slowDown(page: Page, rate: number): Promise<void> {
	const session = await page.context().newCDPSession(page);
	await session.send('Emulation.setCPUThrottlingRate', { rate });
}

/**
 * Records tasks and frames of the main thread.
 *
 * @returns ends it, and says what there was.
 */
export async function watch(page: Page): Promise<() => Promise<Watched>> {
	const readTasks = await recordTasks(page);
	await page.evaluate(() => {
		const times: number[] = [];
		window.frameTimes = times;
		let last = performance.now();
		const frame = () => {
			if (window.frameTimes !== times) return;
			times.push(performance.now() - last);
			last = performance.now();
			requestAnimationFrame(frame);
		};
		requestAnimationFrame(frame);
	});
	// Beginning to record is work of the browser, too.
	await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
	return async () => {
		const frameTimes = await page.evaluate(() => {
			const times = window.frameTimes;
			window.frameTimes = [];
			return times;
		});
		return { tasks: await readTasks(), frameTimes };
	};
}

/** Tasks over a limit in milliseconds, and frames. */
export function describe({ tasks, frameTimes }: Watched, limitMs = 50): string {
	return (
		`${describeTasks(tasks, limitMs)}; ` +
		`frames p50 ${quantile(frameTimes, 0.5).toFixed(1)} ms, p99 ${quantile(frameTimes, 0.99).toFixed(1)} ms, longest ${Math.max(...frameTimes).toFixed(0)} ms`
	);
}
