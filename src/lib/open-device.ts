import { connect } from './calls.ts';
import type { Device } from './device.ts';
import type { DeviceHost, Screen } from './device-link.ts';
import { noteMoment } from './state/ledger-moments.ts';
import { LedgerState } from './state/ledger.svelte.ts';
import { ProfileState } from './state/profile.svelte.ts';
import { SyncState } from './state/sync.svelte.ts';
import { currentLedger, DeviceRegistry, isDemonstration } from './storage/device-registry.ts';
import type { LedgerRepository } from './storage/ledger-repository.ts';
import { readSnapshot } from './storage/ledger-snapshot.ts';
import { lossNote } from './sync/loss-note.ts';
import { sessionHint } from './sync/session-hint.ts';

/**
 * Makes the device and opens its ledger in the background: the database and sync are in a worker, and what
 * the page shows of the ledger meanwhile comes out of its snapshot. A form takes keys at once, and its Save
 * waits for the worker. While pages are prerendered nothing is opened.
 */
export function openDevice(): Device {
	const ledger = new LedgerState();
	const opened = Promise.withResolvers<DeviceHost>();
	const sync = new SyncState({
		now: async () => (await opened.promise).wakeSync(),
		forgetLost: () => lossNote.forget('lost')
	});
	const ready = Promise.withResolvers<undefined>();
	// Whoever awaits them hears of a failure; that nobody does yet is no error.
	for (const { promise } of [opened, ready]) promise.catch(() => {});

	const profile = new ProfileState({
		// Noted before it is asked for: stopped in between, the next start finds out how it went.
		signUp: async (email, password, invite) => {
			const host = await opened.promise;
			sessionHint.give();
			return host.signUp(email, password, invite);
		},
		signIn: async (email, password) => {
			const host = await opened.promise;
			sessionHint.give();
			return host.signIn(email, password);
		},
		recover: async (email, code, newPassword) => {
			const host = await opened.promise;
			sessionHint.give();
			return host.recover(email, code, newPassword);
		},
		addToProfile: async () => (await opened.promise).addToProfile(),
		keepApart: async () => (await opened.promise).keepApart(),
		signOut: async (localCopy) => {
			const result = await (await opened.promise).signOut(localCopy);
			if (result.ok && localCopy === 'remove') lossNote.forget('unsent');
			return result;
		},
		deleteAccount: async (password) => (await opened.promise).deleteAccount(password),
		part: async () => {
			await (await opened.promise).part();
			lossNote.forget('unsent');
		},
		checkSession: async () => (await opened.promise).checkSession()
	});

	if (typeof window !== 'undefined') {
		const start = showSnapshot(ledger, profile).then(() => {
			if (ledger.ready) ready.resolve(undefined);
		});
		const screen: Screen = {
			async begin(name) {
				await start;
				if (ledger.name !== name) ledger.show(name, await readSnapshot(name));
				return ledger.snapshot ?? { databaseId: undefined, sequence: 0, conflicts: [] };
			},
			startOver: (name) => ledger.show(name, undefined),
			progress(name, done, of) {
				if (name === ledger.name) ledger.showReading({ done, of });
			},
			take(name, news) {
				if (name === ledger.name) ledger.take(news);
			},
			complete: (name, documents) => name !== ledger.name || ledger.complete(documents),
			showProfile: (known) => profile.take(known),
			showSync(report) {
				// Until a moment ago it was, or it is now.
				if ([sync.status, report.status].includes('up-to-date')) {
					noteMoment('in-step', ledger.name);
				}
				sync.take(report);
				lossNote.take(report);
			},
			foundEmpty() {
				lossNote.findEvicted();
				sync.showLost(lossNote.lost);
			},
			endSession: () => sessionHint.take()
		};
		startWorker(screen).then(
			(host) => {
				sync.showLost(lossNote.lost);
				ready.resolve(undefined);
				opened.resolve(host);
			},
			(error: unknown) => {
				ledger.fail('device-not-opened');
				ready.reject(error);
				opened.reject(error);
			}
		);
	}

	return {
		ledger,
		sync,
		profile,
		repository: toRepository(opened.promise),
		reopen: async () => (await opened.promise).reopen(),
		readRaw: async (ids) => (await opened.promise).readRaw(ids),
		unsent: async () => (await opened.promise).unsent(),
		ready: ready.promise
	};
}

/** Shows the ledger that was open last as its snapshot has it: the worker is not waited for. */
async function showSnapshot(ledger: LedgerState, profile: ProfileState): Promise<void> {
	try {
		const record = await new DeviceRegistry().peek();
		if (!record) return;
		const { name, demonstration } = currentLedger(record);
		if (demonstration !== undefined) {
			profile.take({ email: undefined, signedIn: false, demonstration: true });
		}
		ledger.show(name, await readSnapshot(name));
		if (record.ledgers.some((other) => isDemonstration(other) && other.name !== name)) {
			const { sweepDemonstrations } = await import('./storage/demonstrations.ts');
			await sweepDemonstrations();
		}
	} catch {
		// The worker reads the same notes: what is wrong with them, it says.
	}
}

/** Starts the worker; resolves when it has told the ledger to the screen. */
async function startWorker(screen: Screen): Promise<DeviceHost> {
	const worker = new Worker(new URL('./device-worker.ts', import.meta.url), { type: 'module' });
	const host = connect<DeviceHost>(worker, screen);
	const failed = new Promise<never>((_, reject) => {
		worker.addEventListener('error', ({ message }) => reject(new Error(`Worker: ${message}`)));
	});
	watchBrowser(host);
	const told = host.open(sessionHint.given).then(() => host);
	return Promise.race([told, failed]);
}

/** The moments at which waiting any longer makes no sense. */
function watchBrowser(host: DeviceHost): void {
	const wake = (): void => void host.wakeSync();
	window.addEventListener('online', wake);
	window.addEventListener('focus', wake);
	window.addEventListener('offline', () => void host.disconnect());
	document.addEventListener('visibilitychange', () => {
		if (document.visibilityState === 'visible') wake();
	});
}

/** The worker's repository, whatever it can do. */
function toRepository(opened: Promise<DeviceHost>): LedgerRepository {
	return new Proxy({} as LedgerRepository, {
		get: (_, method: keyof LedgerRepository) => {
			return async (...args: unknown[]) => {
				const result = await (await opened).callRepository(method, args);
				if (method === 'createTransaction') protectStorage();
				return result;
			};
		}
	});
}

/** Asks the browser not to evict the ledger, once there is something to lose. */
function protectStorage(): void {
	// A refusal changes nothing: the settings say how things stand and can ask again.
	navigator.storage?.persist?.().catch(() => {});
}
