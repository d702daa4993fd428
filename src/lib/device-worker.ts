import './local-storage-stand-in.ts';
import { expose } from 'comlink';
import { DeviceCore } from './device-core.ts';
import type { DeviceHost } from './device-link.ts';
import type { LedgerRepository } from './storage/ledger-repository.ts';

const core = Promise.withResolvers<DeviceCore>();
// Whoever awaits it hears of a failure; that nobody does yet is no error.
core.promise.catch(() => {});

/** What cannot be opened has no sync either. */
const ignore = (): void => {};

/** Whatever ledger is open when a method is called. */
const repository = new Proxy({} as LedgerRepository, {
	get: (_, method) => {
		return async (...args: unknown[]) => {
			const opened = await (await core.promise).repository();
			return Reflect.apply(Reflect.get(opened, method), opened, args);
		};
	}
});

const host: DeviceHost = {
	async open(screen, signedInBefore) {
		try {
			core.resolve(await DeviceCore.open(screen, signedInBefore));
		} catch (error) {
			core.reject(error);
			throw error;
		}
	},
	repository,
	signUp: async (email, password) => (await core.promise).signUp(email, password),
	signIn: async (email, password) => (await core.promise).signIn(email, password),
	addToProfile: async () => (await core.promise).addToProfile(),
	keepApart: async () => (await core.promise).keepApart(),
	signOut: async (localCopy) => (await core.promise).signOut(localCopy),
	readRaw: async (ids) => (await core.promise).readRaw(ids),
	wakeSync: () => core.promise.then((opened) => opened.wakeSync(), ignore),
	disconnect: () => core.promise.then((opened) => opened.disconnect(), ignore)
};

expose(host);
