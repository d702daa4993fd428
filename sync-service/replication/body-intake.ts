import type { IncomingMessage } from 'node:http';
import type { Refusal } from '#service/plugins/problems.ts';

/** How fast a body must come at least. */
export interface Pace {
	/** Milliseconds in which it need not. */
	graceMs: number;
	/** Bytes a second, on the whole. */
	leastPerSecond: number;
	/** Milliseconds a body may take altogether: the larger one is, the faster it must come. */
	mostMs: number;
}

export interface IntakeLimits {
	/** Bytes of all bodies that are worked on at a time. Each takes some eight times its size in memory. */
	mostBytes: number;
	/** Bytes of those of one ledger. */
	mostBytesOfLedger: number;
	/** Milliseconds a body waits for its turn. */
	waitMs: number;
	/** Bodies that wait at a time. */
	mostWaiting: number;
	pace: Pace;
}

const MIB = 1024 * 1024;

export const INTAKE_LIMITS: IntakeLimits = {
	mostBytes: 32 * MIB,
	mostBytesOfLedger: 16 * MIB,
	waitMs: 10_000,
	mostWaiting: 500,
	pace: { graceMs: 10_000, leastPerSecond: 1024, mostMs: 300_000 }
};

/** Bodies up to this size, in bytes, need no turn: an ordinary edit is a few kilobytes. */
const SMALL_BYTES = 64 * 1024;
/** Seconds after which a client whose body found no room may try again. */
const RETRY_SECONDS = 5;

/** A body's right to be read and worked on, to be given back; or why there is none. */
export type Turn = { ok: true; end: () => void } | { ok: false; refusal: Refusal };

interface Waiting {
	ledgerId: string;
	bytes: number;
	answer: (turn: Turn) => void;
}

/**
 * Bounds how many bytes of large bodies are in memory at a time. A body that waits for its turn is not
 * read: it stays with its sender.
 */
export class BodyIntake {
	readonly #limits: IntakeLimits;
	readonly #queue = new Set<Waiting>();
	readonly #byLedger = new Map<string, number>();
	#bytes = 0;

	constructor(limits: Partial<IntakeLimits> = {}) {
		this.#limits = { ...INTAKE_LIMITS, ...limits };
	}

	get pace(): Pace {
		return this.#limits.pace;
	}

	/** Bytes of the large bodies that are worked on now. */
	get bytes(): number {
		return this.#bytes;
	}

	/**
	 * Resolves when the body of `message` may be read.
	 *
	 * @param mostBytes what it is allowed to have: one that does not say its length counts as this.
	 */
	begin(
		message: IncomingMessage,
		ledgerId: string,
		mostBytes: number,
		gone: AbortSignal
	): Promise<Turn> {
		const bytes = Math.min(declaredBytes(message) ?? mostBytes, mostBytes);
		if (bytes <= SMALL_BYTES) return Promise.resolve({ ok: true, end: () => {} });
		if (this.#fits(ledgerId, bytes) && this.#queue.size === 0) {
			return Promise.resolve(this.#take(ledgerId, bytes));
		}
		if (this.#queue.size >= this.#limits.mostWaiting) return Promise.resolve(refuse(message));
		return new Promise((resolve) => {
			const leave = () => waiting.answer(refuse(message));
			const timer = setTimeout(leave, this.#limits.waitMs);
			const waiting: Waiting = {
				ledgerId,
				bytes,
				answer: (turn) => {
					clearTimeout(timer);
					gone.removeEventListener('abort', leave);
					this.#queue.delete(waiting);
					resolve(turn);
				}
			};
			gone.addEventListener('abort', leave, { once: true });
			this.#queue.add(waiting);
			this.#callNext();
		});
	}

	#fits(ledgerId: string, bytes: number): boolean {
		const { mostBytes, mostBytesOfLedger } = this.#limits;
		const ofLedger = this.#byLedger.get(ledgerId) ?? 0;
		return this.#bytes + bytes <= mostBytes && ofLedger + bytes <= mostBytesOfLedger;
	}

	#take(ledgerId: string, bytes: number): Turn {
		this.#add(ledgerId, bytes);
		return {
			ok: true,
			end: () => {
				this.#add(ledgerId, -bytes);
				this.#callNext();
			}
		};
	}

	#add(ledgerId: string, bytes: number): void {
		this.#bytes += bytes;
		const ofLedger = (this.#byLedger.get(ledgerId) ?? 0) + bytes;
		if (ofLedger === 0) this.#byLedger.delete(ledgerId);
		else this.#byLedger.set(ledgerId, ofLedger);
	}

	#callNext(): void {
		for (const waiting of this.#queue) {
			const { ledgerId, bytes, answer } = waiting;
			// Who waits for themself only does not hold up the others.
			if (this.#fits(ledgerId, bytes)) answer(this.#take(ledgerId, bytes));
			else if (this.#bytes + bytes > this.#limits.mostBytes) return;
		}
	}
}

/** Bytes a second at which this body must come, on the whole. */
export function leastPerSecond(message: IncomingMessage, mostBytes: number, pace: Pace): number {
	const bytes = declaredBytes(message) ?? mostBytes;
	return Math.max(pace.leastPerSecond, (bytes * 1000) / pace.mostMs);
}

/** What the headers say of the body's length, in bytes; `undefined` where they leave it open. */
export function declaredBytes({ headers }: IncomingMessage): number | undefined {
	if (headers['transfer-encoding'] !== undefined) return undefined;
	return Number(headers['content-length'] ?? 0);
}

function refuse(message: IncomingMessage): Turn {
	message.resume();
	return { ok: false, refusal: { code: 'busy', retryAfterSeconds: RETRY_SECONDS } };
}
