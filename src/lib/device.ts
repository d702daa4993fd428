import { getContext, setContext } from 'svelte';
import type { UnsentEntry } from '#lib/storage/unsent-entries.ts';
import type { LedgerRepository } from '#lib/storage/ledger-repository.ts';
import type { LedgerState } from '#lib/state/ledger.svelte.ts';
import type { ProfileState } from '#lib/state/profile.svelte.ts';
import type { SyncState } from '#lib/state/sync.svelte.ts';

/**
 * All that a page needs of this browser profile: the ledger on screen, the way to write to it, sync, and
 * the sign-in.
 */
export interface Device {
	readonly ledger: LedgerState;
	readonly sync: SyncState;
	readonly profile: ProfileState;
	/**
	 * The only way to write. A call waits for the local database to be open and resolves when the
	 * documents are on disk; the screen follows by the change feed.
	 */
	readonly repository: LedgerRepository;
	/** Opens the ledger that the device's notes name now: a demonstration, or one's own again. */
	reopen(): Promise<void>;
	/** The documents with these ids, or all, as they lie in the local database, whatever they are. */
	readRaw(ids?: readonly string[]): Promise<unknown[]>;
	/** The entries of this device that the cloud does not have yet, as far as that is known. */
	unsent(): Promise<UnsentEntry[]>;
	/** Resolves when the local ledger can be shown; rejects when it cannot be. */
	readonly ready: Promise<void>;
}

const DEVICE = Symbol('device');

/** Gives the device to all pages below. For the root layout. */
export function provideDevice(device: Device): void {
	setContext(DEVICE, device);
}

/** The device; to be called while a page is being made. */
export function useDevice(): Device {
	const device = getContext<Device | undefined>(DEVICE);
	if (!device) throw new Error('No device was provided above this page');
	return device;
}
