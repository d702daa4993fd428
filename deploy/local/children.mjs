import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { root } from './prepare.mjs';

/**
 * Runs programs side by side, on this terminal, until the first of them ends; then the others end too.
 * This process ends with the first one's code.
 *
 * Ctrl-C reaches every program of the terminal by itself, so a program may hear SIGINT twice: once from
 * the terminal, once from here. Each is told once from here, and ours all take a second one calmly.
 *
 * @param {{ command: string, args: string[], env: NodeJS.ProcessEnv }[]} programs
 * @returns {Promise<void>}
 */
export async function runTogether(programs) {
	const children = programs.map(({ command, args, env }) =>
		spawn(command, args, { cwd: root, env, stdio: 'inherit' })
	);
	/** @type {NodeJS.Signals | undefined} */
	let told;
	const tell = (/** @type {NodeJS.Signals} */ signal) => {
		if (told) return;
		told = signal;
		for (const child of children) child.kill(signal);
	};
	process.on('SIGINT', () => tell('SIGINT'));
	process.on('SIGTERM', () => tell('SIGTERM'));

	const ends = children.map(
		(child) =>
			new Promise((resolve) => {
				child.on('error', (error) => {
					process.stderr.write(`${error.message}\n`);
					resolve(1);
				});
				child.on('exit', (code, signal) => {
					resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
				});
			})
	);
	const first = await Promise.race(ends);
	const asked = told;
	tell('SIGTERM');
	await Promise.all(ends);
	// Ended by the signal that we passed on is ended as asked.
	const isAsked = asked && first === 128 + constants.signals[asked];
	process.exitCode = isAsked ? 0 : first;
}
