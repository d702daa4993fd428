import type { SyncStatus } from './sync-report.ts';

/** How it stands with the service. */
export type Connection =
	'connecting' | 'in-step' | 'offline' | 'signed-out' | 'suspended' | 'device-full';

/** How many of this device's edits the cloud does not have. */
export interface Outbox {
	/** All of them. */
	unsent: number;
	/** Those that the cloud will not take as they are. */
	refused: number;
	/** Those that the cloud has no room for. */
	noRoom: number;
}

/** What people are told: never that all is done while anything is unsent, for whatever reason. */
export function toStatus(connection: Connection, { unsent, refused, noRoom }: Outbox): SyncStatus {
	if (connection !== 'connecting' && connection !== 'in-step') return connection;
	if (unsent === 0) return connection === 'in-step' ? 'up-to-date' : 'connecting';
	if (unsent > refused + noRoom) return 'sending';
	return noRoom > 0 ? 'cloud-full' : 'attention';
}
