import type { Finding } from './findings.ts';
import type { Mutant } from './mutants.ts';

/** What a thread is started with. */
export interface WorkerFacts {
	mutant: Mutant | undefined;
}

/** Runs for a thread to carry out, from `from` up to, but not including, `to`. */
export interface Order {
	seed: number;
	from: number;
	to: number;
	/**
	 * `first`: up to the first that goes wrong; `shrink`: with as few steps as still go wrong; `tell`: with
	 * what happened, also where nothing went wrong.
	 */
	what: 'all' | 'first' | 'shrink' | 'tell';
}

export interface Answer {
	runs: number;
	lost: number;
	doubled: number;
	/** The most merges that one device wrote of one document after the partitions ended. */
	merges: number;
	/** The most rounds that it took until nothing moved. */
	rounds: number;
	failures: { run: number; findings: Finding[]; story: string[] }[];
	/** Asked for with `tell`. */
	story: string[];
}
