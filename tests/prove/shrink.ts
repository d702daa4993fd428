import type { Plan } from './plan.ts';
import { carryOut, type Verdict } from './run.ts';

/** How many shorter plans are tried. */
const TRIES = 200;

/** Leaves out as many steps as it can, as long as the run still goes wrong. */
export async function shrink(plan: Plan): Promise<{ plan: Plan; verdict: Verdict }> {
	let shortest = { plan, verdict: await carryOut(plan) };
	let tries = 0;
	for (let width = Math.ceil(plan.steps.length / 2); width >= 1; width = Math.floor(width / 2)) {
		for (let at = 0; at < shortest.plan.steps.length && tries < TRIES;) {
			const steps = shortest.plan.steps.toSpliced(at, width);
			const shorter = { ...plan, steps };
			const verdict = await carryOut(shorter);
			tries += 1;
			if (verdict.findings.length > 0) shortest = { plan: shorter, verdict };
			else at += width;
		}
	}
	return shortest;
}
