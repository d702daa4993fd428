import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Mutant } from './mutants.ts';
import type { Answer, Order, WorkerFacts } from './orders.ts';

/** A thread that carries runs out, one order at a time. */
export class Prover {
	#worker: Worker;
	#end: Promise<never>;

	constructor(mutant?: Mutant) {
		const workerData: WorkerFacts = { mutant };
		this.#worker = new Worker(new URL('./worker.ts', import.meta.url), {
			workerData,
			// Many small objects that live for one run: with the usual size a quarter of the time is collecting.
			resourceLimits: { maxYoungGenerationSizeMb: 64 },
			execArgv: ['--no-warnings']
		});
		this.#end = once(this.#worker, 'exit').then(([code]) => {
			throw new Error(`The thread ended with ${code}`);
		});
		// A thread that is stopped ends too, and nobody waits for it then.
		this.#end.catch(() => {});
	}

	/** @throws when the thread ends instead of answering. */
	async obey(order: Order): Promise<Answer> {
		const answer = once(this.#worker, 'message');
		this.#worker.postMessage(order);
		const [message] = (await Promise.race([answer, this.#end])) as [Answer];
		return message;
	}

	async stop(): Promise<void> {
		await this.#worker.terminate();
	}
}
