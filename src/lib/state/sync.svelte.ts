import { ON_THIS_DEVICE, type SyncReport, type SyncStatus } from '#lib/sync/sync-report.ts';

/** Where the ledger stands between this device and the cloud, as the screen shows it. */
export class SyncState {
	#report = $state.raw<SyncReport>(ON_THIS_DEVICE);

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

	/** Takes what sync reports. */
	take(report: SyncReport): void {
		this.#report = report;
	}
}
