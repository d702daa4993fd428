import PouchDB from 'pouchdb';
import type { SignedIn } from '#contract/account.ts';
import { Service } from './account-client/service.ts';
import { SessionClient } from './account-client/session-client.ts';
import type { Screen } from './device-link.ts';
import { createClock, randomCounter, type Clock } from './domain/stamp.ts';
import { OpenLedger } from './open-ledger.ts';
import type { ProfileActions, ProfileResult, SignUpResult } from './state/profile.svelte.ts';
import { countEntries } from './storage/count-entries.ts';
import {
	currentLedger,
	DeviceRegistry,
	isDemonstration,
	newLocalLedger,
	outOfDemonstration,
	withLedger,
	withoutLedger,
	type DeviceRecord,
	type LocalLedger
} from './storage/device-registry.ts';
import type { LedgerRepository } from './storage/ledger-repository.ts';
import type { UnsentEntry } from './storage/unsent-entries.ts';

/** How often it is looked whether the database still answers, in milliseconds. */
const CHECK_MS = 30_000;

/**
 * The part of the device that needs the database: which local ledger is open, which profile it belongs
 * to, and how one becomes the other. A local ledger belongs to at most one profile; a sign-in with another one
 * opens another local ledger.
 */
export class DeviceCore implements ProfileActions {
	#screen: Screen;
	#registry = new DeviceRegistry();
	#client = new SessionClient(
		new Service(location.origin, (url, init) => fetch(url, { ...init, credentials: 'same-origin' }))
	);
	#tabs = new BroadcastChannel('outlay-device');
	#clock: Clock;
	#opened!: OpenLedger;
	#opening: Promise<void> = Promise.resolve();
	/** Who signed in and waits for the person's answer about the entries on this device. */
	#waiting: SignedIn | undefined;

	/** Nothing has said yet that the session is over. */
	#mayBeSignedIn = true;

	private constructor(screen: Screen, record: DeviceRecord) {
		this.#screen = screen;
		this.#clock = createClock(record.deviceId, Date.now, randomCounter());
	}

	/**
	 * Opens the ledger that was open last; who is signed in is found out behind it.
	 *
	 * @param signedInBefore whether somebody may be signed in.
	 */
	static async open(screen: Screen, signedInBefore: boolean): Promise<DeviceCore> {
		const registry = new DeviceRegistry();
		const record = await registry.read();
		const core = new DeviceCore(screen, record);
		core.#mayBeSignedIn = signedInBefore;
		await core.#openCurrent(record);
		core.#noteEmpty();
		core.#tabs.onmessage = ({ data }) => {
			// Another tab signed in or out, or only switched ledgers.
			if (data === 'changed') core.#mayBeSignedIn = true;
			void core.#follow();
		};
		setInterval(() => void core.#mend(), CHECK_MS);
		// Who never signed in has no session: the service need not be asked.
		if (signedInBefore) void core.checkSession();
		return core;
	}

	/** Calls a method of the open ledger's repository. */
	callRepository(method: keyof LedgerRepository, args: readonly unknown[]): Promise<unknown> {
		return this.#insist(({ repository }) => Reflect.apply(repository[method], repository, args));
	}

	/** Documents of the open ledger as they lie in the database, whatever they are. */
	readRaw(ids?: readonly string[]): Promise<unknown[]> {
		return this.#insist(async ({ database }) => {
			const { rows } = await database.allDocs({
				...(ids && { keys: [...ids] }),
				include_docs: true
			});
			return rows.flatMap((row) => ('doc' in row && row.doc ? [row.doc] : []));
		});
	}

	/** The entries of the open ledger that the cloud does not have yet. */
	unsent(): Promise<UnsentEntry[]> {
		return this.#insist((opened) => opened.unsent());
	}

	/** Try to reach the service now. */
	async wakeSync(): Promise<void> {
		await this.#mend();
		this.#opened.wakeSync();
	}

	/** The network is gone. */
	disconnect(): void {
		this.#opened.disconnect();
	}

	async signUp(email: string, password: string, invite?: string): Promise<SignUpResult> {
		const answer = await this.#client.signUp({ email, password, ...(invite && { invite }) });
		if (!answer.ok) return answer;
		await this.#goOutOfDemonstration();
		const { ledgerId, wasBound } = this.#opened.local;
		// A new profile is empty: what was entered before any can only go along. What was of another is asked about.
		if (ledgerId !== null) await this.#openBeside(answer.value);
		else if (wasBound) await this.#meet(answer.value);
		else await this.#bindCurrent(answer.value);
		return { ok: true, recoveryCodes: answer.value.recoveryCodes };
	}

	async signIn(email: string, password: string): Promise<ProfileResult> {
		const answer = await this.#client.signIn(email, password);
		if (!answer.ok) return answer;
		await this.#goOutOfDemonstration();
		await this.#meet(answer.value);
		return { ok: true };
	}

	async recover(email: string, code: string, newPassword: string): Promise<ProfileResult> {
		const answer = await this.#client.recover({ email, code, newPassword });
		if (!answer.ok) return answer;
		await this.#goOutOfDemonstration();
		await this.#meet(answer.value);
		return { ok: true };
	}

	async addToProfile(): Promise<void> {
		const signedIn = this.#waiting;
		if (!signedIn) return;
		const record = await this.#registry.read();
		const apart = this.#opened;
		if (isDemonstration(apart.local)) return;
		const own = withProfile(record, signedIn);
		const copy = findBound(record, signedIn.ledger.id) ?? currentLedger(own);
		if (!apart.local.wasBound && !record.ledgers.includes(copy)) return this.#bindCurrent(signedIn);
		// The profile has a local ledger already, or needs one of its own: the entries move into it.
		const target = new PouchDB(copy.name, { adapter: 'idb', auto_compaction: true });
		await PouchDB.replicate(apart.database, target);
		await target.close();
		// Known before the other is gone: cut off in between, the next start asks again.
		await this.#registry.update((before) => withLedger(before, copy));
		await apart.destroy();
		await this.#switchTo(signedIn, (before) =>
			withoutLedger({ ...before, current: copy.name }, apart.local.name)
		);
	}

	async keepApart(): Promise<void> {
		if (this.#waiting) await this.#openBeside(this.#waiting);
	}

	async signOut(localCopy: 'keep' | 'remove'): Promise<ProfileResult> {
		const answer = await this.#client.signOut();
		if (!answer.ok && answer.problem !== 'signed-out') return answer;
		if (localCopy === 'remove') {
			const gone = this.#opened;
			await gone.destroy();
			const record = await this.#registry.update((before) =>
				withoutLedger(before, gone.local.name)
			);
			await this.#openCurrent(record);
		}
		this.#endSession();
		this.#opened.wakeSync();
		this.#tabs.postMessage('changed');
		return { ok: true };
	}

	async deleteAccount(password: string): Promise<ProfileResult> {
		const answer = await this.#client.deleteAccount(password);
		if (!answer.ok) return answer;
		await this.part();
		return { ok: true };
	}

	async part(): Promise<void> {
		const { name } = this.#opened.local;
		const record = await this.#registry.update((before) =>
			withLedger(before, { name, ledgerId: null, email: null, wasBound: true })
		);
		await this.#openCurrent(record);
		this.#endSession();
		this.#tabs.postMessage('changed');
	}

	/** Opens the ledger that the device's notes name now, in every tab. */
	async reopen(): Promise<void> {
		await this.#follow();
		this.#tabs.postMessage('reopened');
	}

	/** Who signs in from a demonstration leaves it. */
	async #goOutOfDemonstration(): Promise<void> {
		if (!isDemonstration(this.#opened.local)) return;
		await this.#openCurrent(await this.#registry.update(outOfDemonstration));
	}

	async checkSession(): Promise<void> {
		// It is nobody's, and stays so.
		if (isDemonstration(this.#opened.local)) return;
		const answer = await this.#client.session();
		if (answer.ok) await this.#meet(answer.value);
		else if (answer.problem === 'signed-out') this.#endSession();
	}

	/** Finds the local ledger for whoever signed in, or asks what shall become of entries that have none. */
	async #meet(signedIn: SignedIn): Promise<void> {
		this.#mayBeSignedIn = true;
		const { local } = this.#opened;
		if (local.ledgerId === signedIn.ledger.id) {
			await this.#noteEmail(signedIn.account.email);
			this.#show(true);
			this.#opened.wakeSync();
			this.#tabs.postMessage('changed');
			return;
		}
		if (local.ledgerId !== null) return this.#openBeside(signedIn);
		const { entries, typed } = await countEntries(this.#opened.database);
		if (entries > 0) {
			this.#waiting = signedIn;
			const { email } = signedIn.account;
			const adoption = { email, entries };
			void this.#screen.showProfile({ email: undefined, signedIn: true, adoption });
			return;
		}
		const copy = findBound(await this.#registry.read(), signedIn.ledger.id);
		if (typed > 0 || copy || local.wasBound) await this.#openBeside(signedIn);
		else await this.#bindCurrent(signedIn);
	}

	/** The profile's email may have been changed, here or on another device. */
	async #noteEmail(email: string): Promise<void> {
		const { local } = this.#opened;
		if (local.email === email) return;
		const renamed = { ...local, email };
		await this.#registry.update((before) => withLedger(before, renamed));
		this.#opened.bind(renamed);
	}

	/** The open ledger, never bound before, becomes the profile's. */
	#bindCurrent(signedIn: SignedIn): Promise<void> {
		const { name } = this.#opened.local;
		const bound = { name, ledgerId: signedIn.ledger.id, email: signedIn.account.email };
		return this.#switchTo(signedIn, (before) => {
			// Another tab may have bound it to somebody else a moment ago: once bound, it stays so.
			const isFree = before.ledgers.some(
				(ledger) =>
					ledger.name === name && !ledger.ledgerId && !ledger.wasBound && !isDemonstration(ledger)
			);
			return isFree ? withLedger(before, bound) : withProfile(before, signedIn);
		});
	}

	/** Opens the profile's own local ledger, making one if need be; the open one stays as it is. */
	#openBeside(signedIn: SignedIn): Promise<void> {
		return this.#switchTo(signedIn, (before) => withProfile(before, signedIn));
	}

	async #switchTo(
		signedIn: SignedIn,
		change: (before: DeviceRecord) => DeviceRecord
	): Promise<void> {
		const record = await this.#registry.update(change);
		this.#waiting = undefined;
		this.#mayBeSignedIn = true;
		await this.#openCurrent(record);
		this.#show(this.#opened.local.ledgerId === signedIn.ledger.id);
		this.#tabs.postMessage('changed');
	}

	/**
	 * Asks something of the open ledger; while another one is being opened, it waits for that. Where the
	 * browser has cut the connection to the database, it is opened anew and asked again.
	 */
	async #insist<T>(ask: (opened: OpenLedger) => Promise<T>): Promise<T> {
		await this.#opening;
		try {
			const result = await ask(this.#opened);
			if (!saysStorageFailed(result) || !(await this.#mend())) return result;
		} catch (error) {
			if (!(await this.#mend())) throw error;
		}
		return ask(this.#opened);
	}

	/** Opens the database anew if the connection to it was cut. Returns whether it was. */
	async #mend(): Promise<boolean> {
		await this.#opening;
		const cut = this.#opened;
		if (await cut.isAlive()) return false;
		// Whoever noticed first has mended it meanwhile.
		if (cut !== this.#opened) return true;
		await this.#openCurrent(await this.#registry.read(), cut);
		// More than the connection may be gone.
		if (this.#noteEmpty()) void this.checkSession();
		return true;
	}

	/** Says so if the person's ledger should have been here and is not. */
	#noteEmpty(): boolean {
		const isEmpty = this.#opened.isNew && !isDemonstration(this.#opened.local);
		if (isEmpty) void this.#screen.foundEmpty();
		return isEmpty;
	}

	/** @param cut the open ledger, if it has to be opened anew. */
	#openCurrent(record: DeviceRecord, cut?: OpenLedger): Promise<void> {
		// One after the other: two tabs' messages must not open two ledgers at once.
		this.#opening = this.#opening.then(
			() => this.#replaceOpened(record, cut),
			() => this.#replaceOpened(record, cut)
		);
		return this.#opening;
	}

	async #replaceOpened(record: DeviceRecord, cut?: OpenLedger): Promise<void> {
		const ledger = currentLedger(record);
		const before = this.#opened as OpenLedger | undefined;
		if (before?.local.name === ledger.name && before !== cut) {
			before.bind(ledger);
		} else {
			// One that was destroyed a moment ago is closed already; closing it again does no harm.
			await before?.close().catch(() => {});
			this.#opened = await OpenLedger.open({
				ledger,
				deviceId: record.deviceId,
				clock: this.#clock,
				screen: this.#screen
			});
		}
		// Offline nobody can say whether the session still stands: it is taken to, unless it is known to have ended.
		this.#show(ledger.ledgerId !== null && this.#mayBeSignedIn);
	}

	#endSession(): void {
		this.#mayBeSignedIn = false;
		void this.#screen.endSession();
		this.#show(false);
	}

	/** Opens what the notes name, and finds out who is signed in there, if anybody may be. */
	async #follow(): Promise<void> {
		await this.#openCurrent(await this.#registry.read());
		if (this.#mayBeSignedIn) await this.checkSession();
	}

	#show(signedIn: boolean): void {
		const { local } = this.#opened;
		void this.#screen.showProfile({
			email: local.email ?? undefined,
			signedIn,
			demonstration: isDemonstration(local)
		});
	}
}

/** Whether a write of any size came to nothing, or to less than all, because of the database. */
function saysStorageFailed(result: unknown): boolean {
	const { problem, failed = [] } = Object(result) as { problem?: string; failed?: Problem[] };
	return [{ problem }, ...failed].some((each) => each.problem === 'storage-failed');
}

interface Problem {
	problem: string;
}

function findBound(record: DeviceRecord, ledgerId: string): LocalLedger | undefined {
	return record.ledgers.find((ledger) => ledger.ledgerId === ledgerId);
}

/** The record with the profile's own local ledger current, made if need be. */
function withProfile(record: DeviceRecord, { account, ledger }: SignedIn): DeviceRecord {
	const copy =
		findBound(record, ledger.id) ?? newLocalLedger({ ledgerId: ledger.id, email: account.email });
	return withLedger({ ...record, current: copy.name }, copy);
}
