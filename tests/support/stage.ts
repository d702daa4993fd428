import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { runApp, type RunningApp, type TestProfile } from './app.ts';

/** What a browser test plays on: the running app, and a fresh browser profile for every name. */
export type Stage<Name extends string> = { app: RunningApp } & Record<Name, TestProfile>;

/**
 * Sets the stage for all tests of a file: the app runs throughout, the profiles are new for each test, and
 * a test fails if one of them complained on its console.
 */
export function setStage<Name extends string>(...names: Name[]): Stage<Name> {
	const stage = {} as Stage<Name>;
	const profiles = stage as Record<Name, TestProfile>;

	beforeAll(async () => {
		stage.app = await runApp({ SIGN_UPS_PER_HOUR: '1000' });
	});

	beforeEach(async () => {
		for (const name of names) profiles[name] = await stage.app.device();
	});

	afterEach(async ({ task }) => {
		if (task.result?.state === 'fail') {
			for (const name of names) await describe(name, profiles[name]);
		}
		for (const name of names) {
			profiles[name].expectNoComplaints();
			await profiles[name].context.close();
		}
	});

	afterAll(() => stage.app.close());
	return stage;
}

/** Says what every page of a profile shows: a test that failed elsewhere is understood from its log. */
async function describe(name: string, { context }: TestProfile): Promise<void> {
	for (const page of context.pages()) {
		const shown = await page.evaluate(() => document.body.innerText).catch(String);
		process.stderr.write(`\n${name} at ${page.url()} shows:\n${shown}\n`);
	}
}
