import type { CDPSession, Page } from 'playwright-core';

/** A task of a page's main thread, in milliseconds. */
export interface Task {
	/** By the clock on the wall: with all that the machine did meanwhile. */
	wall: number;
	/**
	 * What the thread itself ran, the slowing down of the CPU included: the same as `wall` where every thread
	 * that is busy has a core, as the page's has on a phone. Here the service and the browser's other
	 * processes take theirs from the same two.
	 */
	own: number;
}

interface TraceEvent {
	name: string;
	pid: number;
	tid: number;
	/** Microseconds. */
	dur?: number;
	tdur?: number;
}

const TASK = 'ThreadControllerImpl::RunTask';
/** Says which of all threads is the page's own. */
const MARK = 'outlay-bench';

/**
 * Records the tasks of a page's main thread, by Chromium's own trace. One page of a browser at a time.
 *
 * @returns ends it, and says which tasks there were, in their order.
 */
export async function recordTasks(page: Page): Promise<() => Promise<Task[]>> {
	const session = await browserSession(page);
	const events: TraceEvent[] = [];
	session.on('Tracing.dataCollected', ({ value }) => {
		const part = value as unknown as TraceEvent[];
		events.push(...part.filter(({ name }) => name === TASK || name === MARK));
	});
	await session.send('Tracing.start', {
		transferMode: 'ReportEvents',
		traceConfig: {
			recordMode: 'recordContinuously',
			includedCategories: ['toplevel', 'blink.user_timing']
		}
	});
	await page.evaluate((mark) => performance.mark(mark), MARK);
	return async () => {
		const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
		await session.send('Tracing.end');
		await complete;
		await session.detach();
		const main = events.find(({ name }) => name === MARK);
		if (!main) throw new Error('The trace has no mark of the page.');
		return events
			.filter(({ name, pid, tid }) => name === TASK && pid === main.pid && tid === main.tid)
			.map(({ dur = 0, tdur = 0 }) => ({ wall: dur / 1000, own: tdur / 1000 }));
	};
}

/** "tasks over 50 ms: 0 of the thread’s own time, the longest 41 ms; 2 by the clock, the longest 67 ms" */
export function describeTasks(tasks: readonly Task[], limitMs: number): string {
	const over = (kind: keyof Task) =>
		`${tasks.filter((task) => task[kind] > limitMs).length}, the longest ` +
		`${Math.max(0, ...tasks.map((task) => task[kind])).toFixed(0)} ms`;
	return `tasks over ${limitMs.toFixed(0)} ms by the thread’s own time: ${over('own')}; by the clock: ${over('wall')}`;
}

async function browserSession(page: Page): Promise<CDPSession> {
	const browser = page.context().browser();
	if (!browser) throw new Error('The page has no browser of its own.');
	return browser.newBrowserCDPSession();
}
