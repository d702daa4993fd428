import type { Device } from './device.ts';
import type { DeviceCore } from './device-core.ts';
import type { LedgerRepository } from './storage/ledger-repository.ts';
import { LedgerState } from './state/ledger.svelte.ts';
import { ProfileState } from './state/profile.svelte.ts';
import { SyncState } from './state/sync.svelte.ts';

/**
 * Makes the device and opens its ledger in the background: the database and sync are loaded after the
 * first paint, so a form takes keys at once and its Save waits for them. While pages are prerendered
 * nothing is opened.
 */
export function openDevice(): Device {
	const core = Promise.withResolvers<DeviceCore>();
	// Whoever awaits it hears of a failure; that nobody does yet is no error.
	core.promise.catch(() => {});

	const repo = async (): Promise<LedgerRepository> => (await core.promise).repository();

	const ledger = new LedgerState();
	const sync = new SyncState();
	const profile = new ProfileState({
		signUp: async (email, password) => (await core.promise).signUp(email, password),
		signIn: async (email, password) => (await core.promise).signIn(email, password),
		addToProfile: async () => (await core.promise).addToProfile(),
		keepApart: async () => (await core.promise).keepApart(),
		signOut: async (localCopy) => (await core.promise).signOut(localCopy)
	});
	const repository: LedgerRepository = {
		createTransaction: async (fields) => {
			const result = await (await repo()).createTransaction(fields);
			if (result.ok) protectStorage();
			return result;
		},
		change: async (id, changes) => (await repo()).change(id, changes),
		trash: async (ids) => (await repo()).trash(ids),
		restore: async (ids) => (await repo()).restore(ids),
		bringBack: async (id, past) => (await repo()).bringBack(id, past),
		beginOperation: async () => (await repo()).beginOperation(),
		addAll: async (documents) => (await repo()).addAll(documents)
	};

	if (typeof window !== 'undefined') {
		import('./device-core.ts')
			.then(({ DeviceCore }) => DeviceCore.open({ ledger, sync, profile }))
			.then(core.resolve)
			.catch((error: unknown) => {
				ledger.fail('device-not-opened');
				core.reject(error);
			});
	}
	return { ledger, sync, profile, repository, ready: core.promise.then(() => undefined) };
}

/** Asks the browser not to evict the ledger, once there is something to lose. */
function protectStorage(): void {
	// A refusal changes nothing: the settings say how things stand and can ask again.
	navigator.storage?.persist?.().catch(() => {});
}
