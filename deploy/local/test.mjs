import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireChromium } from './chromium.mjs';
import { prepare, root, runMain } from './prepare.mjs';

/** `npm test`: all that CI runs. Every step runs even if one before it failed; any failure fails the whole. */
await runMain(async () => {
	const { node, env } = await prepare();
	const chromium = requireChromium(node);
	const results = mkdtempSync(join(tmpdir(), 'outlay-test-'));
	const report = join(results, 'vitest.json');
	const steps = [
		['Lint and format', 'npm', ['run', '--silent', 'lint']],
		['Types', 'npm', ['run', '--silent', 'check']],
		[
			'Tests',
			node,
			[
				join(root, 'node_modules', 'vitest', 'vitest.mjs'),
				'run',
				'--reporter=default',
				'--reporter=json',
				`--outputFile.json=${report}`,
				...process.argv.slice(2)
			]
		]
	];
	let failedSteps = 0;
	for (const [name, command, args] of steps) {
		const began = Date.now();
		process.stdout.write(`\n${name}…\n`);
		const { status } = spawnSync(/** @type {string} */ (command), /** @type {string[]} */ (args), {
			cwd: root,
			env: { ...env, CHROMIUM: chromium },
			stdio: ['ignore', 'inherit', 'inherit']
		});
		const seconds = ((Date.now() - began) / 1000).toFixed(1);
		process.stdout.write(`${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${seconds} s\n`);
		if (status !== 0) failedSteps += 1;
	}
	const { passed, failed, skipped, skippedNames } = readCounts(report);
	rmSync(results, { recursive: true, force: true });
	const failures = Math.max(failed, failedSteps);
	for (const name of skippedNames) process.stdout.write(`Skipped: ${name}\n`);
	process.stdout.write(`\n${passed} passed, ${failures} failed, ${skipped} skipped\n`);
	if (failures > 0 || passed === 0) process.exitCode = 1;
});

/**
 * How many tests there were, from Vitest's own report; none where it did not get so far. Tests skip
 * themselves where what they need is absent, such as the household ledger.
 *
 * @returns {{ passed: number, failed: number, skipped: number, skippedNames: string[] }}
 */
function readCounts(/** @type {string} */ report) {
	try {
		const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(
			readFileSync(report, 'utf8')
		);
		const all = testResults.flatMap(
			(/** @type {{ assertionResults: { status: string, fullName: string }[] }} */ file) =>
				file.assertionResults
		);
		return {
			passed: numPassedTests,
			failed: numFailedTests,
			skipped: numPendingTests,
			skippedNames: all
				.filter(({ status }) => ['skipped', 'pending', 'disabled'].includes(status))
				.map(({ fullName }) => fullName)
		};
	} catch {
		return { passed: 0, failed: 1, skipped: 0, skippedNames: [] };
	}
}
