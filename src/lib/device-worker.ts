import './local-storage-stand-in.ts';
import { connect, type CallPort } from './calls.ts';
import { DeviceCore } from './device-core.ts';
import type { DeviceHost, Screen } from './device-link.ts';

const core = Promise.withResolvers<DeviceCore>();
// Whoever awaits it hears of a failure; that nobody does yet is no error.
core.promise.catch(() => {});

/** What cannot be opened has no sync either. */
const ignore = (): void => {};

const host: DeviceHost = {
	async open(signedInBefore) {
		try {
			core.resolve(await DeviceCore.open(screen, signedInBefore));
		} catch (error) {
			core.reject(error);
			throw error;
		}
	},
	async callRepository(method, args) {
		return (await core.promise).callRepository(method, args);
	},
	signUp: async (email, password, invite) => (await core.promise).signUp(email, password, invite),
	signIn: async (email, password) => (await core.promise).signIn(email, password),
	recover: async (email, code, newPassword) =>
		(await core.promise).recover(email, code, newPassword),
	addToProfile: async () => (await core.promise).addToProfile(),
	keepApart: async () => (await core.promise).keepApart(),
	signOut: async (localCopy) => (await core.promise).signOut(localCopy),
	deleteAccount: async (password) => (await core.promise).deleteAccount(password),
	part: async () => (await core.promise).part(),
	checkSession: async () => (await core.promise).checkSession(),
	reopen: async () => (await core.promise).reopen(),
	readRaw: async (ids) => (await core.promise).readRaw(ids),
	unsent: async () => (await core.promise).unsent(),
	wakeSync: () => core.promise.then((opened) => opened.wakeSync(), ignore),
	disconnect: () => core.promise.then((opened) => opened.disconnect(), ignore)
};

const screen = connect<Screen>(globalThis as CallPort, host);
