import type { BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { ONLINE_ONLY, runApp, type RunningApp, type TestProfile } from './app.ts';

/** What a browser test plays on: the running app, and a fresh browser profile for every name. */
export type Stage<Name extends string> = { app: RunningApp } & Record<Name, TestProfile>;

/**
 * Sets the stage for all tests of a file: the app runs throughout, the profiles are new for each test, and
 * a test fails if one of them complained on its console.
 */
export function setStage<Name extends string>(...names: Name[]): Stage<Name> {
	return furnish(names, {});
}

/** The same for tests in which nobody goes offline. */
export function setOnlineStage<Name extends string>(...names: Name[]): Stage<Name> {
	return furnish(names, ONLINE_ONLY);
}

function furnish<Name extends string>(names: Name[], options: BrowserContextOptions): Stage<Name> {
	const stage = {} as Stage<Name>;
	const profiles = stage as Record<Name, TestProfile>;

	beforeAll(async () => {
		stage.app = await runApp({ SIGN_UPS_PER_HOUR: '1000' }, options);
	});

	beforeEach(async () => {
		// A test that failed may have left it stopped.
		await stage.app.startService();
		for (const name of names) profiles[name] = await stage.app.device();
	});

	afterEach(async ({ task }) => {
		if (task.result?.state === 'fail') {
			const named = new Map(names.map((name) => [profiles[name], name]));
			for (const device of stage.app.openDevices()) {
				await showPages(named.get(device) ?? 'another device', device);
			}
			process.stderr.write(`\nThe service said:\n${stage.app.serviceOutput()}\n`);
		}
		// Those that a test which failed has left open too: they would go on with their work beside the next one.
		for (const { context } of stage.app.openDevices()) await context.close();
		for (const name of names) profiles[name].expectNoComplaints();
	});

	afterAll(() => stage.app.close());
	return stage;
}

/** Says what every page of a profile shows: a test that failed elsewhere is understood from its log. */
export async function showPages(name: string, { context }: TestProfile): Promise<void> {
	for (const page of context.pages()) {
		// A page that hangs says nothing at all.
		const patience = { timeout: 5_000 };
		const sign = page.getByLabel(/^Sync: /).first();
		const said = await sign.getAttribute('aria-label', patience).catch(() => 'No sign of sync');
		const shown = await page.locator('body').innerText(patience).catch(String);
		process.stderr.write(`\n${name} at ${page.url()} shows:\n${said}\n${shown}\n`);
	}
}
