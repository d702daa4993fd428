/** When a store counts as away, and for how long it is left alone then. */
export interface BreakerLimits {
	/** So many failures, with fewer successes between them than one in ten … */
	failures: number;
	/** … over at least so many milliseconds: a restart is ridden out by trying again. */
	failingMs: number;
	/** Milliseconds between two tries of a store that is away. */
	pauseMs: number;
}

const LIMITS: BreakerLimits = { failures: 10, failingMs: 2_000, pauseMs: 1_000 };

/** One success among so many requests shows that a store is there. */
const ONE_IN = 10;

/**
 * Keeps requests from a store that is away, so that whoever asks is told at once. One request in each
 * pause is let through; the first that succeeds lets all through again. A store that answers one in ten is not away:
 * to leave it alone would fail those too, and trying again gets there.
 */
export class Breaker {
	readonly #limits: BreakerLimits;
	#failures = 0;
	/** Successes since the first of these failures. */
	#successes = 0;
	#failingSince = 0;
	#nextTry = 0;

	constructor(limits: Partial<BreakerLimits> = {}) {
		this.#limits = { ...LIMITS, ...limits };
	}

	get isOpen(): boolean {
		const { failures, failingMs } = this.#limits;
		return this.#failures >= failures && performance.now() - this.#failingSince >= failingMs;
	}

	/** Whether a request may be sent now. Where the store is away, a yes is the one try of this pause. */
	mayPass(): boolean {
		if (!this.isOpen) return true;
		const now = performance.now();
		if (now < this.#nextTry) return false;
		// Whatever becomes of the try, aborted or never answered, the next comes after this pause.
		this.#nextTry = now + this.#limits.pauseMs;
		return true;
	}

	succeeded(): void {
		if (this.#failures === 0) return;
		this.#successes++;
		// One that gets through now and then, such as a probe, does not keep up a store that fails all others.
		const isThere = this.#successes * ONE_IN >= this.#successes + this.#failures;
		if (isThere || this.isOpen) this.#failures = this.#successes = this.#nextTry = 0;
	}

	failed(): void {
		if (this.#failures === 0) this.#failingSince = performance.now();
		this.#failures++;
		// The failure that opens it is this pause's try.
		if (this.isOpen && this.#nextTry === 0) {
			this.#nextTry = performance.now() + this.#limits.pauseMs;
		}
	}
}
