import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RunningApp } from './app.ts';

const COMMAND = join(import.meta.dirname, '..', '..', 'sync-service', 'admin', 'command.ts');

/** Makes somebody an admin as an operator does. */
export async function makeAdmin(app: RunningApp, email: string): Promise<void> {
	const couchUrl = process.env.COUCH_URL;
	const env = { DATA_DIR: app.dataDir, ...(couchUrl && { COUCH_URL: couchUrl }) };
	await promisify(execFile)(process.execPath, [COMMAND, 'grant', email], { env });
}
