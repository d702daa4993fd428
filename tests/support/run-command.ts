import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { COMPILE_CACHE } from '#tests/support/compile-cache.ts';

/** What a command said, and its exit code. */
export interface CommandEnd {
	code: number;
	stdout: string;
	stderr: string;
}

/**
 * Runs a command of the operator's as a process of its own, to its end.
 *
 * @param command its file below `sync-service`
 * @param env all of its environment
 */
export async function runCommand(
	command: string,
	args: readonly string[],
	env: Record<string, string>
): Promise<CommandEnd> {
	const file = join(import.meta.dirname, '../../sync-service', command);
	const child = spawn(process.execPath, [file, ...args], {
		env: { ...COMPILE_CACHE, ...env },
		stdio: ['ignore', 'pipe', 'pipe']
	});
	const said = { stdout: '', stderr: '' };
	child.stdout.setEncoding('utf8').on('data', (text) => (said.stdout += text));
	child.stderr.setEncoding('utf8').on('data', (text) => (said.stderr += text));
	const [code] = await once(child, 'close');
	return { code: code as number, ...said };
}
