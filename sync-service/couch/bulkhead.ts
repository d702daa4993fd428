import { StoreUnavailable } from '#service/couch/client.ts';

/** How many requests a store answers at once, and how many may wait for their turn. */
export interface BulkheadLimits {
	most: number;
	mostWaiting: number;
}

const LIMITS: BulkheadLimits = { most: 256, mostWaiting: 4_096 };

/** A store that is slow holds so many requests and no more; what comes on top waits, or is told at once. */
export class Bulkhead {
	readonly #limits: BulkheadLimits;
	readonly #waiting = new Set<() => void>();
	#running = 0;

	constructor(limits: Partial<BulkheadLimits> = {}) {
		this.#limits = { ...LIMITS, ...limits };
	}

	/** How many run. */
	get running(): number {
		return this.#running;
	}

	/** How many wait for their turn. */
	get waiting(): number {
		return this.#waiting.size;
	}

	/**
	 * Runs `work` when it is its turn.
	 *
	 * @throws {StoreUnavailable} when too many wait already
	 * @throws the signal's reason when it aborts while waiting
	 */
	async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
		if (this.#running < this.#limits.most) this.#running++;
		else await this.#waitForTurn(signal);
		try {
			return await work();
		} finally {
			const [next] = this.#waiting;
			// The place goes on to whoever waits longest.
			if (next === undefined) this.#running--;
			else next();
		}
	}

	async #waitForTurn(signal: AbortSignal | undefined): Promise<void> {
		signal?.throwIfAborted();
		if (this.#waiting.size >= this.#limits.mostWaiting) {
			throw new StoreUnavailable('too many requests wait for the store');
		}
		const turn: PromiseWithResolvers<void> = Promise.withResolvers();
		const take = () => {
			this.#waiting.delete(take);
			signal?.removeEventListener('abort', giveUp);
			turn.resolve();
		};
		const giveUp = () => {
			this.#waiting.delete(take);
			turn.reject(signal?.reason);
		};
		this.#waiting.add(take);
		signal?.addEventListener('abort', giveUp, { once: true });
		await turn.promise;
	}
}
