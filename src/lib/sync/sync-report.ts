/** Where the ledger stands between this device and the cloud. */
export type SyncStatus =
	/** The ledger is being opened: nobody can say yet. */
	| 'opening'
	/** Never bound to a profile: nothing leaves the device. */
	| 'on-this-device'
	/** Getting in touch, or fetching what other devices wrote. */
	| 'connecting'
	/** Edits of this device are on their way. */
	| 'sending'
	/** Nothing to send, nothing to fetch, nothing refused. */
	| 'up-to-date'
	/** The service cannot be reached; everything goes on here. */
	| 'offline'
	/** The session ended; everything goes on here. */
	| 'signed-out'
	/** Who runs the service has suspended the account; everything goes on here. */
	| 'suspended'
	/** The cloud has no room for some entries; everything goes on here. */
	| 'cloud-full'
	/** The cloud would not take some entries: the person is needed. */
	| 'attention'
	/** This device has no room left for what comes. */
	| 'device-full';

/** How much of the ledger has come to a new device, in documents. */
export interface FirstPullProgress {
	received: number;
	/** What the cloud held when the first pull began; `received` never exceeds it. */
	total: number;
}

/** One look at sync, small enough to be sent from tab to tab. */
export interface SyncReport {
	status: SyncStatus;
	/** Entries of this device that the cloud does not have yet. */
	unsent: number;
	/** Those of them that the cloud will not take as they are. */
	refused: number;
	/** Documents fetched since the connection was made, while catching up; 0 otherwise. */
	receiving: number;
	/** While a new device is being filled, through interruptions too; `null` otherwise. */
	firstPull: FirstPullProgress | null;
	/** How far this device's clock is ahead of the service's, in minutes; 0 = it is about right. */
	clockAhead: number;
}

/** What can be said before the ledger is open: nothing. */
export const OPENING: SyncReport = {
	status: 'opening',
	unsent: 0,
	refused: 0,
	receiving: 0,
	firstPull: null,
	clockAhead: 0
};

export const ON_THIS_DEVICE: SyncReport = { ...OPENING, status: 'on-this-device' };
