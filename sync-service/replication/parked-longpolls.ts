/** Why a parked longpoll goes on. */
export type Waking = 'written' | 'timeout' | 'session-ended' | 'draining' | 'gone';

/** What the store said last: opaque, as it stood in the JSON. */
export type Sequence = unknown;

/** Asks the store whether a ledger changed since `since`; `'unknown'` when it does not answer. */
export type LookForChanges = (
	since: Sequence
) => Promise<{ changed: boolean; lastSeq: Sequence } | 'unknown'>;

export interface Stay {
	/** Where the empty read that went before ended. */
	since: Sequence;
	/** When to give up, as `Date.now()` counts. */
	deadline: number;
	lookForChanges: LookForChanges;
}

interface Parked {
	sessionKey: string;
	accountId: string;
	/** A write came since the last read began. */
	written: boolean;
	ended: Waking | undefined;
	wake: ((waking: Waking) => void) | undefined;
}

interface Ledger {
	parked: Set<Parked>;
	/** No change since here has been missed by any who wait. Set while somebody waits. */
	since: { seq: Sequence } | undefined;
	timer: NodeJS.Timeout | undefined;
}

/** A longpoll from before its first read of the store to its answer. */
export interface Watch {
	/** Call before each read: a write after this, seen by the read or not, ends the next `wait`. */
	beginRead(): void;
	wait(stay: Stay): Promise<Waking>;
	close(): void;
}

/**
 * Longpolls of idle devices, waiting in memory. A write through this process wakes them at once; for
 * writes elsewhere each ledger, however many wait, is looked at with one request every few seconds.
 */
export class ParkedLongpolls {
	readonly #recheckMs: number;
	readonly #ledgers = new Map<string, Ledger>();
	#draining = false;

	constructor(recheckMs: number) {
		this.#recheckMs = recheckMs;
	}

	/** How many are between their first read and their answer. */
	get size(): number {
		return [...this.#ledgers.values()].reduce((sum, { parked }) => sum + parked.size, 0);
	}

	/** Begins a longpoll; `gone` aborts when its client goes away. Always `close()` it. */
	watch(ledgerId: string, sessionKey: string, gone: AbortSignal, accountId = ''): Watch {
		const ledger = this.#ledgers.get(ledgerId) ?? {
			parked: new Set<Parked>(),
			since: undefined,
			timer: undefined
		};
		this.#ledgers.set(ledgerId, ledger);
		const parked: Parked = {
			sessionKey,
			accountId,
			written: false,
			ended: undefined,
			wake: undefined
		};
		ledger.parked.add(parked);
		if (this.#draining) parked.ended = 'draining';
		if (gone.aborted) parked.ended = 'gone';
		gone.addEventListener('abort', () => end(parked, 'gone'), { once: true });
		return {
			beginRead: () => void (parked.written = false),
			wait: (stay) => this.#wait(ledger, parked, stay),
			close: () => {
				if (!ledger.parked.delete(parked) || ledger.parked.size > 0) return;
				clearTimeout(ledger.timer);
				this.#ledgers.delete(ledgerId);
			}
		};
	}

	/** Something was written to a ledger. */
	wake(ledgerId: string): void {
		const ledger = this.#ledgers.get(ledgerId);
		if (ledger !== undefined) wakeAll(ledger);
	}

	/** Ends an account's longpolls: whoever may still ask asks again. */
	endAccount(accountId: string): void {
		for (const { parked } of this.#ledgers.values()) {
			for (const one of parked) if (one.accountId === accountId) end(one, 'session-ended');
		}
	}

	/** Ends the longpolls of a session. */
	endSession(sessionKey: string): void {
		for (const { parked } of this.#ledgers.values()) {
			for (const one of parked) if (one.sessionKey === sessionKey) end(one, 'session-ended');
		}
	}

	/** Ends all, and every one that comes later. */
	drain(): void {
		this.#draining = true;
		for (const { parked } of this.#ledgers.values()) {
			for (const one of parked) end(one, 'draining');
		}
	}

	async #wait(ledger: Ledger, parked: Parked, stay: Stay): Promise<Waking> {
		if (parked.ended !== undefined) return parked.ended;
		if (parked.written) return 'written';
		// The oldest position stays: a change between two reads is news to the first reader.
		ledger.since ??= { seq: stay.since };
		const { promise, resolve } = Promise.withResolvers<Waking>();
		parked.wake = resolve;
		const timer = setTimeout(() => resolve('timeout'), Math.max(0, stay.deadline - Date.now()));
		this.#scheduleLook(ledger, stay.lookForChanges);
		try {
			return await promise;
		} finally {
			clearTimeout(timer);
			parked.wake = undefined;
			const someoneWaits = [...ledger.parked].some((one) => one.wake !== undefined);
			if (!someoneWaits) ledger.since = undefined;
		}
	}

	#scheduleLook(ledger: Ledger, lookForChanges: LookForChanges): void {
		if (ledger.timer !== undefined) return;
		// Jittered: thousands of ledgers must not ask in the same instant.
		const inMs = this.#recheckMs * (0.8 + 0.4 * Math.random());
		ledger.timer = setTimeout(async () => {
			const { since } = ledger;
			if (since !== undefined) {
				const look = await lookForChanges(since.seq);
				if (look !== 'unknown' && look.changed) wakeAll(ledger);
				else if (look !== 'unknown' && ledger.since === since) since.seq = look.lastSeq;
			}
			ledger.timer = undefined;
			if (ledger.since !== undefined && ledger.parked.size > 0) {
				this.#scheduleLook(ledger, lookForChanges);
			}
		}, inMs);
		ledger.timer.unref();
	}
}

function wakeAll(ledger: Ledger): void {
	for (const one of ledger.parked) {
		one.written = true;
		one.wake?.('written');
	}
}

function end(parked: Parked, waking: Waking): void {
	parked.ended ??= waking;
	parked.wake?.(waking);
}
