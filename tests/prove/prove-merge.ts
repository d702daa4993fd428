import { parseArgs } from 'node:util';
import { MUTANTS, type Mutant } from './mutants.ts';
import type { Answer } from './orders.ts';
import { Prover } from './prover.ts';

/**
 * `npm run prove:merge -- --runs N --seed S`: the proof that no edit is ever lost. Its last line is
 * `runs N lost 0 doubled 0`, or the exit code is 1 and the reason above it.
 *
 * With `--run R` one run of a seed is told step by step. With `--mutants` the code is broken in many ways,
 * and each must be found out.
 */
const { values } = parseArgs({
	options: {
		runs: { type: 'string' },
		seed: { type: 'string' },
		run: { type: 'string' },
		mutants: { type: 'boolean', default: false }
	}
});

const THREADS = 2;
/** How many runs a thread is given at a time. */
const SHARE = 25;
/** How many failures are told in full. */
const TOLD = 3;

const seed = requireCount('seed', values.seed ?? String(Date.now() % 1_000_000));
const isFine = values.mutants
	? await proveMutants(requireCount('runs', values.runs ?? '3000'))
	: await proveMerge(values.run, requireCount('runs', values.runs ?? '2000'));
if (!isFine) process.exitCode = 1;

async function proveMerge(only: string | undefined, runs: number): Promise<boolean> {
	const [first, end] = only === undefined ? [0, runs] : [Number(only), Number(only) + 1];
	say(`seed ${seed}`);
	const sum: Answer = {
		runs: 0,
		lost: 0,
		doubled: 0,
		merges: 0,
		rounds: 0,
		failures: [],
		story: []
	};
	let next = first;
	let told = 0;
	await inParallel(async () => {
		const prover = new Prover();
		while (next < end) {
			const from = next;
			next = Math.min(next + SHARE, end);
			const what = only === undefined ? 'all' : 'tell';
			const answer = await prover.obey({ seed, from, to: next, what });
			for (const line of answer.story) say(`  ${line}`);
			sum.runs += answer.runs;
			sum.lost += answer.lost;
			sum.doubled += answer.doubled;
			sum.merges = Math.max(sum.merges, answer.merges);
			sum.rounds = Math.max(sum.rounds, answer.rounds);
			sum.failures.push(...answer.failures);
			const tenth = Math.floor((10 * sum.runs) / (end - first));
			if (tenth > told) say(`${sum.runs} of ${end - first} runs`);
			told = Math.max(told, tenth);
		}
		await prover.stop();
	});
	await tellFailures(sum.failures);
	say(
		`after the partitions at most ${sum.merges} merges a document and device, ${sum.rounds} rounds`
	);
	say(`runs ${sum.runs} lost ${sum.lost} doubled ${sum.doubled}`);
	return sum.failures.length === 0 && sum.runs === end - first;
}

async function tellFailures(failures: Answer['failures']): Promise<void> {
	if (failures.length === 0) return;
	failures.sort((a, b) => a.run - b.run);
	const prover = new Prover();
	for (const { run } of failures.slice(0, TOLD)) {
		const shrunk = await prover.obey({ seed, from: run, to: run + 1, what: 'shrink' });
		say(`\nrun ${run} of seed ${seed} (--seed ${seed} --run ${run}), as short as it goes wrong:`);
		for (const { story, findings } of shrunk.failures) {
			for (const line of story) say(`  ${line}`);
			for (const { kind, about, reason } of findings) say(`  ${kind}: ${about}: ${reason}`);
		}
	}
	await prover.stop();
	const numbers = failures.map(({ run }) => run).join(', ');
	say(`\n${failures.length} runs of seed ${seed} went wrong: ${numbers}`);
}

/** Whether every mutant is found out. @param limit how many runs each may live. */
async function proveMutants(limit: number): Promise<boolean> {
	say(`seed ${seed}`);
	const waiting = [...MUTANTS];
	let killed = 0;
	await inParallel(async () => {
		for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
			if (await isKilled(mutant, limit)) killed += 1;
		}
	});
	say(`mutants ${MUTANTS.length} killed ${killed}`);
	return killed === MUTANTS.length;
}

async function isKilled(mutant: Mutant, limit: number): Promise<boolean> {
	const prover = new Prover(mutant);
	const { failures } = await prover.obey({ seed, from: 0, to: limit, what: 'first' });
	await prover.stop();
	const [failure] = failures;
	const [finding] = failure?.findings ?? [];
	if (!failure || !finding) {
		say(`SURVIVED ${mutant.name} (${mutant.file}), ${limit} runs`);
		return false;
	}
	const reason = `${finding.kind}: ${finding.reason}`.split('\n')[0]?.slice(0, 110);
	say(`killed   ${mutant.name} (${mutant.file}) by run ${failure.run}: ${reason}`);
	return true;
}

async function inParallel(work: () => Promise<void>): Promise<void> {
	await Promise.all(Array.from({ length: THREADS }, work));
}

function requireCount(name: string, text: string): number {
	const count = Number(text);
	if (!Number.isSafeInteger(count) || count < 0) throw new Error(`--${name} ${text} is no count`);
	return count;
}

function say(line: string): void {
	process.stdout.write(`${line}\n`);
}
