import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const PROOF = fileURLToPath(new URL('./prove-merge.ts', import.meta.url));

/** Runs the proof as `npm run prove:merge` does: in threads of its own, with nothing of the tests in them. */
function prove(...args: string[]): Promise<{ code: number | null; lines: string[] }> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [PROOF, ...args]);
		let text = '';
		child.stdout.on('data', (chunk) => (text += chunk));
		child.stderr.on('data', (chunk) => (text += chunk));
		child.on('error', reject);
		child.on('close', (code) => resolve({ code, lines: text.trim().split('\n') }));
	});
}

test('2,000 runs on real databases with real replication: nothing lost, nothing doubled', async () => {
	const { code, lines } = await prove('--runs', '2000', '--seed', '1');
	expect(lines.at(-1), lines.join('\n')).toBe('runs 2000 lost 0 doubled 0');
	expect(code, lines.join('\n')).toBe(0);
});

test('a merge, an undo, a purge or a settling that is broken on purpose is found out', async () => {
	const { code, lines } = await prove('--mutants', '--seed', '1');
	expect(code, lines.join('\n')).toBe(0);
	expect(lines.filter((line) => line.startsWith('killed')).length).toBeGreaterThanOrEqual(8);
});

test('the same seed is the same run', async () => {
	const [first, second] = [
		await prove('--run', '7', '--seed', '3'),
		await prove('--run', '7', '--seed', '3')
	];
	expect(first).toEqual(second);
});
