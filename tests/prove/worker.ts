import { parentPort, workerData } from 'node:worker_threads';
import { holdTimers } from './held-timers.ts';
import { mutate } from './mutate.ts';
import type { Answer, Order, WorkerFacts } from './orders.ts';

// A thread of its own for each mutant, and for each share of the runs. What is mutated must not be loaded
// before, hence the late imports.
const { mutant } = workerData as WorkerFacts;
const wasMutated = mutant ? mutate(mutant) : () => true;
holdTimers();
const { carryOut, planOf } = await import('./run.ts');
const { shrink } = await import('./shrink.ts');
if (!wasMutated()) throw new Error(`"${mutant?.name}": ${mutant?.file} is never loaded`);

const port = parentPort;
port?.on('message', (order: Order) => {
	void obey(order).then((answer) => port.postMessage(answer));
});

async function obey({ seed, from, to, what }: Order): Promise<Answer> {
	const sum: Answer = {
		runs: 0,
		lost: 0,
		doubled: 0,
		merges: 0,
		rounds: 0,
		failures: [],
		story: []
	};
	for (let run = from; run < to; run++) {
		const plan = planOf(seed, run);
		const verdict = what === 'shrink' ? (await shrink(plan)).verdict : await carryOut(plan);
		sum.runs += 1;
		sum.lost += verdict.lost;
		sum.doubled += verdict.doubled;
		sum.merges = Math.max(sum.merges, verdict.merges);
		sum.rounds = Math.max(sum.rounds, verdict.rounds);
		const { findings, story } = verdict;
		if (what === 'tell') sum.story.push(...story);
		if (findings.length === 0) continue;
		sum.failures.push({ run, findings, story });
		if (what === 'first') break;
	}
	return sum;
}
