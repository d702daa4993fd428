import { OPENING, type SyncReport, type SyncStatus } from '#lib/sync/sync-report.ts';

/** What the composition root does for sync. */
export interface SyncActions {
	/** Tries now, and offers the cloud again what it would not take. */
	now(): Promise<void>;
	forgetLost(): void;
}

/** Where the ledger stands between this device and the cloud, as the screen shows it. */
export class SyncState {
	#report = $state.raw<SyncReport>(OPENING);
	#lost = $state(0);
	#actions: SyncActions;

	constructor(actions: SyncActions) {
		this.#actions = actions;
	}

	get status(): SyncStatus {
		return this.#report.status;
	}

	/** Entries of this device that are not in the cloud yet. */
	get unsent(): number {
		return this.#report.unsent;
	}

	/** Those of them that the cloud would not take. */
	get refused(): number {
		return this.#report.refused;
	}

	/** Documents fetched so far while catching up; 0 otherwise. */
	get receiving(): number {
		return this.#report.receiving;
	}

	/** How much of the ledger has come to a new device, in whole per cent; `null` when none is being filled. */
	get percentReceived(): number | null {
		const { firstPull } = this.#report;
		if (firstPull === null) return null;
		return Math.floor((100 * firstPull.received) / Math.max(1, firstPull.total));
	}

	/** How far this device's clock is ahead, in minutes; 0 = it is about right, or nobody can say. */
	get clockAhead(): number {
		return this.#report.clockAhead;
	}

	/** Entries that were on this device alone when the browser cleared it. */
	get lost(): number {
		return this.#lost;
	}

	/** Try now. Where that leads, the status says. */
	now(): Promise<void> {
		return this.#actions.now();
	}

	/** The person knows of those that were lost. */
	forgetLost(): void {
		this.#actions.forgetLost();
		this.#lost = 0;
	}

	/** Takes how many entries were lost. */
	showLost(count: number): void {
		this.#lost = count;
	}

	/** Takes what sync reports. */
	take(report: SyncReport): void {
		this.#report = report;
	}
}
