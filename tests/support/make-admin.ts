import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pauseFor } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import type { RunningApp } from './app.ts';
import { COMPILE_CACHE } from './compile-cache.ts';

const COMMAND = join(import.meta.dirname, '..', '..', 'sync-service', 'admin', 'command.ts');

/** Makes somebody an admin as an operator does. */
export async function makeAdmin(app: Pick<RunningApp, 'storeEnv'>, email: string): Promise<void> {
	await promisify(execFile)(process.execPath, [COMMAND, 'grant', email], {
		env: { ...COMPILE_CACHE, ...app.storeEnv }
	});
}

/** Waits until the service that runs has heard that the page's person is an admin: seconds, no more. */
export async function untilAdmin(page: Page): Promise<void> {
	const deadline = Date.now() + 10_000;
	for (;;) {
		const answer = await page.request.get('/api/session');
		const { account } = (await answer.json()) as { account?: { role: string } };
		if (account?.role === 'admin') return;
		if (Date.now() > deadline) throw new Error('The service did not hear of its new admin.');
		await pauseFor(200);
	}
}
