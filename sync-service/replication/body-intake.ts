import type { IncomingMessage } from 'node:http';
import type { Refusal } from '#service/plugins/problems.ts';
import { ByteGate, type GateLimits, type Leave } from '#service/replication/byte-gate.ts';
import { declaredBytes, type Pace, readBody } from '#service/replication/read-body.ts';

export interface IntakeLimits {
	/** Bodies on their way in: each takes its own size in memory. */
	arriving: GateLimits;
	/** Bodies that are worked on: each takes up to some twenty times its size. */
	workedOn: GateLimits;
	pace: Pace;
}

const MIB = 1024 * 1024;
const QUEUE = { waitMs: 10_000, mostWaiting: 500 };

const LIMITS: IntakeLimits = {
	arriving: { ...QUEUE, mostBytes: 64 * MIB, mostBytesOfOne: 16 * MIB },
	workedOn: { ...QUEUE, mostBytes: 16 * MIB, mostBytesOfOne: 8 * MIB },
	pace: { graceMs: 10_000, leastPerSecond: 1024, mostMs: 300_000 }
};

/** Bodies up to this size, in bytes, pass every gate: an ordinary edit is a few kilobytes. */
const SMALL_BYTES = 64 * 1024;
/** Seconds after which a client whose body found no room may try again. */
const RETRY_SECONDS = 5;
const BUSY: Refusal = { code: 'busy', retryAfterSeconds: RETRY_SECONDS };

export type Taken<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

/**
 * Takes bodies in so that many large ones at once do not fill the memory. One that waits for its turn is not
 * read: it stays with its sender.
 */
export class BodyIntake {
	readonly #arriving: ByteGate;
	readonly #workedOn: ByteGate;
	readonly #pace: Pace;

	constructor(limits: Partial<IntakeLimits> = {}) {
		const { arriving, workedOn, pace } = { ...LIMITS, ...limits };
		this.#arriving = new ByteGate(arriving);
		this.#workedOn = new ByteGate(workedOn);
		this.#pace = pace;
	}

	/** Bytes of the large bodies that are here. */
	get bytes(): number {
		return this.#arriving.bytes;
	}

	/** How many wait to come in or to be worked on. */
	get waiting(): number {
		return this.#arriving.waiting + this.#workedOn.waiting;
	}

	/**
	 * Reads the body of `message`, of at most `mostBytes`, and lets `work` have it as text.
	 *
	 * @throws what `work` throws, and when the client goes away.
	 */
	async take<T>(
		message: IncomingMessage,
		ledgerId: string,
		mostBytes: number,
		gone: AbortSignal,
		work: (text: string) => Promise<T>
	): Promise<Taken<T>> {
		// One that does not say how long it is may become as long as it may.
		const expected = Math.min(declaredBytes(message) ?? mostBytes, mostBytes);
		const left = await enter(this.#arriving, ledgerId, expected, gone);
		if (left === undefined) {
			message.resume();
			return { ok: false, refusal: BUSY };
		}
		try {
			const read = await readBody(message, mostBytes, this.#pace);
			if (!read.ok) return read;
			const done = await enter(this.#workedOn, ledgerId, read.bytes.length, gone);
			if (done === undefined) return { ok: false, refusal: BUSY };
			try {
				const text = decode(read.bytes);
				if (text === undefined) return { ok: false, refusal: { code: 'malformed-json' } };
				return { ok: true, value: await work(text) };
			} finally {
				done();
			}
		} finally {
			left();
		}
	}
}

function enter(
	gate: ByteGate,
	owner: string,
	bytes: number,
	gone: AbortSignal
): Promise<Leave | undefined> {
	return bytes <= SMALL_BYTES ? Promise.resolve(() => {}) : gate.enter(owner, bytes, gone);
}

function decode(bytes: Uint8Array): string | undefined {
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		return undefined;
	}
}
