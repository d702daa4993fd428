import { getContext, setContext } from 'svelte';
import type { LedgerRepository } from '#lib/storage/ledger-repository.ts';
import type { LedgerState } from '#lib/state/ledger.svelte.ts';
import type { ProfileState } from '#lib/state/profile.svelte.ts';
import type { SyncState } from '#lib/state/sync.svelte.ts';

/** All that a page needs of this browser profile: the ledger on screen, the way to write to it, sync, the sign-in. */
export interface Device {
	readonly ledger: LedgerState;
	readonly sync: SyncState;
	readonly profile: ProfileState;
	/** The only way to write. It resolves when the documents are on disk; the screen follows by the change feed. */
	readonly repository: LedgerRepository;
}
