import type { Ledger } from '#service/ledgers/ledger-store.ts';
import type { LedgerQuota, QuotaStore } from '#service/ledgers/quota.ts';
import { readUsage, type Usage } from '#service/ledgers/usage.ts';
import type { Refusal } from '#service/plugins/problems.ts';
import { type Copy, type Missing, relieves } from '#service/replication/relief.ts';
import { readJson } from '#service/replication/store-answers.ts';

interface Known {
	/** What the store said, and what has passed since: never less than there is, as far as this process knows. */
	usage: Usage;
	/** When the store said so, in milliseconds since the Unix epoch. */
	readAt: number;
	/** What there was when the ledger was first seen to be full; `undefined`: it is not. */
	whenFull: Usage | undefined;
	reclaiming: NodeJS.Timeout | undefined;
}

export interface RoomLimits {
	/** Milliseconds that a figure far below the quota is believed; other processes may write too. */
	farMs: number;
	/** The same for one near it. */
	nearMs: number;
	/** The same once the ledger is full: somebody may just have made room. */
	fullMs: number;
	/** Milliseconds from a write that makes room until the store is asked to give it back. */
	reclaimMs: number;
}

const LIMITS: RoomLimits = { farMs: 300_000, nearMs: 5_000, fullMs: 1_000, reclaimMs: 2_000 };

/** The part of the quota below which a ledger is far from it. */
const FAR = 0.8;
/** How far a full ledger may grow by what only seems to make room: this part of it, and so much besides. */
const SLACK = { part: 0.1, documents: 1_000, bytes: 16 * 1024 * 1024 };
const REMEMBERED_MOST = 10_000;

/**
 * Holds ledgers to their quotas. While there is room a request passes whole, the one that fills the ledger
 * too; once there is none, what adds to it is refused whole, and what makes room or changes what is there passes.
 */
export class Room {
	readonly #quotas: QuotaStore;
	readonly #limits: RoomLimits;
	readonly #known = new Map<string, Known>();

	constructor(quotas: QuotaStore, limits: Partial<RoomLimits> = {}) {
		this.#quotas = quotas;
		this.#limits = { ...LIMITS, ...limits };
	}

	/**
	 * Whether these documents may be written, and takes note that they are.
	 *
	 * @param bytes of the request's body.
	 * @throws {StoreUnavailable}
	 */
	async take(
		ledger: Ledger,
		docs: readonly Copy[],
		bytes: number,
		gone: AbortSignal
	): Promise<Refusal | undefined> {
		const quota = await this.#quotas.find(ledger.id);
		const known = await this.#find(ledger, quota, gone);
		if (isFull(known.usage, quota)) {
			if (!(await this.#mayGrow(ledger, known, quota, docs, gone))) {
				return { code: 'quota-exceeded' };
			}
			if (known.usage.bytes >= quota.bytes) this.#reclaimSoon(ledger, known);
		}
		known.usage.documents += docs.length;
		known.usage.bytes += bytes;
		return undefined;
	}

	async #find(ledger: Ledger, quota: LedgerQuota, gone: AbortSignal): Promise<Known> {
		const before = this.#known.get(ledger.database);
		if (before !== undefined && Date.now() - before.readAt < this.#freshMs(before, quota)) {
			return before;
		}
		const usage = await readUsage(ledger.placement.client, ledger.database, { signal: gone });
		const known = before ?? {
			usage,
			readAt: 0,
			whenFull: undefined,
			reclaiming: undefined
		};
		known.usage = usage;
		known.readAt = Date.now();
		known.whenFull = isFull(usage, quota) ? (known.whenFull ?? { ...usage }) : undefined;
		this.#remember(ledger.database, known);
		return known;
	}

	/** A ledger is full only when the store says so: what has passed since may have been edits. */
	#freshMs({ usage, whenFull }: Known, quota: LedgerQuota): number {
		if (whenFull !== undefined) return this.#limits.fullMs;
		if (isFull(usage, quota)) return 0;
		const far = { documents: quota.documents * FAR, bytes: quota.bytes * FAR };
		return isFull(usage, far) ? this.#limits.nearMs : this.#limits.farMs;
	}

	#remember(database: string, known: Known): void {
		this.#known.delete(database);
		this.#known.set(database, known);
		const [oldest] = this.#known.keys();
		if (this.#known.size > REMEMBERED_MOST && oldest !== undefined) this.#known.delete(oldest);
	}

	async #mayGrow(
		ledger: Ledger,
		{ usage, whenFull = usage }: Known,
		quota: LedgerQuota,
		docs: readonly Copy[],
		gone: AbortSignal
	): Promise<boolean> {
		if (isFull(usage, toCeiling(whenFull, quota))) return false;
		return relieves(docs, (revisions) => this.#askMissing(ledger, revisions, gone));
	}

	async #askMissing(
		{ placement, database }: Ledger,
		body: Record<string, string[]>,
		signal: AbortSignal
	): Promise<Missing> {
		return readJson(
			await placement.client.request('POST', `/${database}/_revs_diff`, { body, signal })
		);
	}

	/** The embedded store counts what is on the disk: what was purged is there until it is asked to look. */
	#reclaimSoon({ placement, database }: Ledger, known: Known): void {
		known.reclaiming ??= setTimeout(() => {
			known.reclaiming = undefined;
			// Where a store does that by itself, or will not be told, nothing is lost.
			placement.client.request('POST', `/${database}/_compact`, { body: {} }).then(
				(answer) => answer.body?.cancel(),
				() => {}
			);
		}, this.#limits.reclaimMs).unref();
	}
}

function isFull({ documents, bytes }: Usage, quota: LedgerQuota): boolean {
	return documents >= quota.documents || bytes >= quota.bytes;
}

/** Never below what there was: a quota may have been lowered under a ledger. */
function toCeiling(whenFull: Usage, quota: LedgerQuota): LedgerQuota {
	const grown = (now: number, most: number, slack: number) =>
		Math.max(now, most) * (1 + SLACK.part) + slack;
	return {
		documents: grown(whenFull.documents, quota.documents, SLACK.documents),
		bytes: grown(whenFull.bytes, quota.bytes, SLACK.bytes)
	};
}
