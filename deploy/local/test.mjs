import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { stripVTControlCharacters } from 'node:util';
import { requireChromium } from './chromium.mjs';
import { prepare, root, runMain } from './prepare.mjs';

/** `npm test`: all that CI runs. Every step runs even if another failed; any failure fails the whole. */
await runMain(async () => {
	const { node, env } = await prepare();
	const chromium = requireChromium(node);
	const results = mkdtempSync(join(tmpdir(), 'outlay-test-'));
	const report = join(results, 'vitest.json');
	const environment = {
		...env,
		CHROMIUM: chromium,
		// Hundreds of processes load the same modules.
		NODE_COMPILE_CACHE: join(results, 'compiled'),
		...(process.stdout.isTTY && { FORCE_COLOR: '1' })
	};
	const lint = runStep('Lint and format', 'npm', ['run', '--silent', 'lint'], environment);
	const types = runStep('Types', 'npm', ['run', '--silent', 'check'], environment);
	// The first tests wait more than they work: beside them both cores have something to do.
	const tests = runStep(
		'Tests',
		node,
		[
			join(root, 'node_modules', 'vitest', 'vitest.mjs'),
			'run',
			'--reporter=default',
			'--reporter=json',
			`--outputFile.json=${report}`,
			...process.argv.slice(2)
		],
		environment
	);
	const hasPassed = [await lint(), await types(), await tests()];
	const failedSteps = hasPassed.filter((isPassed) => !isPassed).length;
	const { passed, failed, skipped, skippedNames, secondTries } = readCounts(report);
	rmSync(results, { recursive: true, force: true, maxRetries: 3 });
	const failures = Math.max(failed, failedSteps);
	for (const name of skippedNames) process.stdout.write(`Skipped: ${name}\n`);
	for (const { name, because } of secondTries) {
		process.stdout.write(`Passed at the second try: ${name}\n${because}\n`);
	}
	process.stdout.write(`\n${passed} passed, ${failures} failed, ${skipped} skipped\n`);
	if (failures > 0 || passed === 0) process.exitCode = 1;
});

/**
 * Starts a step of its own process.
 *
 * @param {string} name
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {() => Promise<boolean>} shows what it says, from its first word on, and resolves at its end with
 *   whether it passed.
 */
function runStep(name, command, args, env) {
	const began = Date.now();
	const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
	// A step that nobody reads yet would stand still once its pipe is full.
	const [said, complained] = [child.stdout, child.stderr].map((stream) =>
		stream.pipe(new PassThrough({ highWaterMark: 64 * 1024 ** 2 }))
	);
	/** @type {Promise<{ status: number | null, seconds: string }>} */
	const end = new Promise((resolve) => {
		const ended = (/** @type {number | null} */ status) =>
			resolve({ status, seconds: ((Date.now() - began) / 1000).toFixed(1) });
		child.on('error', () => ended(null));
		child.on('close', ended);
	});
	return async () => {
		process.stdout.write(`\n${name}…\n`);
		said.pipe(process.stdout, { end: false });
		complained.pipe(process.stderr, { end: false });
		const { status, seconds } = await end;
		if (status !== null) await Promise.all([finished(said), finished(complained)]);
		process.stdout.write(`${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${seconds} s\n`);
		return status === 0;
	};
}

/**
 * How many tests there were, from Vitest's own report; none where it did not get so far. Tests skip
 * themselves where what they need is absent, such as the household ledger. One that fails is tried once more,
 * for machines stall; it is named then with what failed first, for it may be at fault all the same.
 *
 * @returns {{
 *   passed: number,
 *   failed: number,
 *   skipped: number,
 *   skippedNames: string[],
 *   secondTries: { name: string, because: string }[]
 * }}
 */
function readCounts(/** @type {string} */ report) {
	try {
		const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(
			readFileSync(report, 'utf8')
		);
		const all = testResults.flatMap(
			(
				/** @type {{ assertionResults: { status: string, fullName: string, failureMessages: string[] }[] }} */ file
			) => file.assertionResults
		);
		return {
			passed: numPassedTests,
			failed: numFailedTests,
			skipped: numPendingTests,
			skippedNames: all
				.filter(({ status }) => ['skipped', 'pending', 'disabled'].includes(status))
				.map(({ fullName }) => fullName),
			secondTries: all
				.filter(({ status, failureMessages }) => status === 'passed' && failureMessages.length > 0)
				.map(({ fullName, failureMessages: [first = ''] }) => ({
					name: fullName,
					because: showFailure(first)
				}))
		};
	} catch {
		return { passed: 0, failed: 1, skipped: 0, skippedNames: [], secondTries: [] };
	}
}

/**
 * The head of a failure’s message, indented and without colours: Vitest’s own is longer than a list of names
 * bears, so at most eight lines, and of the stack only the lines in our own files.
 *
 * @param {string} message a failure's message and stack, as Vitest's JSON report has them.
 */
function showFailure(message) {
	return stripVTControlCharacters(message)
		.split('\n')
		.filter((line) => line.trim() !== '' && !/^\s+at .*(node_modules|node:|<anonymous>)/.test(line))
		.slice(0, 8)
		.map((line) => `    ${line.trimEnd()}\n`)
		.join('')
		.trimEnd();
}
