import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findDatabaseName, toFolderName } from '#service/couch/embedded/database-name.ts';
import { syncFolder } from '#service/couch/embedded/durable-file.ts';
import { openPouch, type Pouch } from '#service/couch/embedded/pouch.ts';
import { toSequence } from '#service/couch/embedded/sequence.ts';

/** A database while a request works with it. */
export interface OpenDatabase {
	readonly name: string;
	readonly pouch: Pouch;
	/** The database's folder, for its size on the disk. */
	readonly folder: string;
	/** Names this very database in its sequences: one made anew under the same name has another. */
	readonly tag: string;
	/** Aborts when the database is about to be deleted: let go of it soon. */
	readonly gone: AbortSignal;
	/** Runs `work` alone among all that was handed to `exclusively` on this database. */
	exclusively<T>(work: () => Promise<T>): Promise<T>;
	/** The disk failed it: it is closed and opened again before anybody else works with it. */
	distrust(): void;
}

/** How far a database is. */
export interface DatabaseState {
	/** As clients see it. */
	sequence: string;
	documents: number;
}

interface Handle extends OpenDatabase {
	users: number;
	isClosing: boolean;
	isDistrusted: boolean;
	leaving: AbortController;
	onIdle: (() => void) | undefined;
}

/**
 * The databases below one folder. At most `limit` of them are open at a time; who comes when all are
 * in use waits. None is closed or deleted under a request that works with it.
 */
export class Databases {
	readonly #folder: string;
	readonly #trash: string;
	readonly #limit: number;
	readonly #names = new Set<string>();
	/** The open ones, the longest unused first. */
	readonly #open = new Map<string, Handle>();
	/** How far the closed ones were, as far as that is known: nothing changes while they are closed. */
	readonly #closed = new Map<string, DatabaseState>();
	/** What is being opened, closed or deleted: one thing at a time for each name. */
	readonly #turns = new Map<string, Promise<unknown>>();
	readonly #waiting: (() => void)[] = [];
	#slots = 0;

	private constructor(folder: string, limit: number) {
		this.#folder = join(folder, 'databases');
		this.#trash = join(folder, 'trash');
		this.#limit = limit;
	}

	/** @param limit how many databases may be open at a time. */
	static async open(folder: string, limit: number): Promise<Databases> {
		const databases = new Databases(folder, limit);
		// What a deletion had put aside when the process ended.
		await rm(databases.#trash, { recursive: true, force: true });
		await mkdir(databases.#trash, { recursive: true });
		await mkdir(databases.#folder, { recursive: true });
		for (const entry of await readdir(databases.#folder)) {
			const name = findDatabaseName(entry);
			if (name !== undefined) databases.#names.add(name);
		}
		return databases;
	}

	get openCount(): number {
		return this.#open.size;
	}

	/** In the order of their bytes, as CouchDB lists them. */
	names(): string[] {
		return [...this.#names].sort();
	}

	has(name: string): boolean {
		return this.#names.has(name);
	}

	/** `false` when there is one of that name. */
	create(name: string): Promise<boolean> {
		return this.#turn(name, async () => {
			if (this.#names.has(name)) return false;
			await this.#openHandle(name);
			await syncFolder(this.#folder);
			this.#names.add(name);
			return true;
		});
	}

	/** `false` when there is none of that name. Waits for the requests that work with it. */
	destroy(name: string): Promise<boolean> {
		return this.#turn(name, async () => {
			if (!this.#names.delete(name)) return false;
			this.#closed.delete(name);
			const handle = this.#open.get(name);
			if (handle) {
				handle.leaving.abort();
				await idle(handle);
				await this.#closeHandle(handle);
			}
			// Out of the way in one step, so that a crash leaves it whole or gone, then at leisure.
			const aside = join(this.#trash, randomUUID());
			await rename(this.#folderOf(name), aside);
			await syncFolder(this.#folder);
			await rm(aside, { recursive: true, force: true });
			return true;
		});
	}

	/** Runs `work` with the database open; resolves with `undefined` at once when there is none. */
	async use<T>(name: string, work: (database: OpenDatabase) => Promise<T>): Promise<T | undefined> {
		const handle = await this.#acquire(name);
		if (!handle) return undefined;
		try {
			return await work(handle);
		} finally {
			this.#release(handle);
		}
	}

	/** How far a database is; `undefined` when there is none. One that is closed stays so where that can be. */
	async state(name: string): Promise<DatabaseState | undefined> {
		return this.#closed.get(name) ?? this.use(name, readState);
	}

	/** Closes every database once its requests are through. Nothing may be asked for afterwards. */
	async close(): Promise<void> {
		while (this.#turns.size) await Promise.all(this.#turns.values());
		await Promise.all(
			[...this.#open.values()].map(async (handle) => {
				handle.leaving.abort();
				await idle(handle);
				await this.#closeHandle(handle);
			})
		);
	}

	async #acquire(name: string): Promise<Handle | undefined> {
		const open = this.#open.get(name);
		// With a turn pending the handle may be on its way out.
		if (open && !open.isDistrusted && !this.#turns.has(name)) return this.#take(open);
		return this.#turn(name, async () => {
			if (!this.#names.has(name)) return undefined;
			const handle = this.#open.get(name);
			if (handle?.isDistrusted) {
				await idle(handle);
				await this.#closeHandle(handle);
			}
			return this.#take(this.#open.get(name) ?? (await this.#openHandle(name)));
		});
	}

	#take(handle: Handle): Handle {
		handle.users++;
		this.#open.delete(handle.name);
		this.#open.set(handle.name, handle);
		return handle;
	}

	#release(handle: Handle): void {
		if (--handle.users > 0) return;
		handle.onIdle?.();
		this.#passOn(handle.name);
	}

	/** Gives an idle database's place to whoever waits for one. */
	#passOn(name: string): void {
		const handle = this.#open.get(name);
		if (!handle || !this.#waiting.length || !this.#isSpare(handle)) return;
		this.#letGo(handle);
	}

	#isSpare(handle: Handle): boolean {
		return handle.users === 0 && !handle.isClosing && !this.#turns.has(handle.name);
	}

	#findSpare(): Handle | undefined {
		for (const handle of this.#open.values()) if (this.#isSpare(handle)) return handle;
		return undefined;
	}

	#letGo(handle: Handle): void {
		handle.isClosing = true;
		// A database that will not close fails whoever opens it next; here nobody waits for an answer.
		this.#turn(handle.name, () => this.#closeHandle(handle)).catch(() => undefined);
	}

	async #openHandle(name: string): Promise<Handle> {
		this.#closed.delete(name);
		await this.#takeSlot();
		try {
			const folder = this.#folderOf(name);
			const pouch = await openPouch(folder);
			const tag = (await pouch.id()).replaceAll('-', '').slice(0, 8);
			const handle = toHandle(name, folder, pouch, tag);
			this.#open.set(name, handle);
			return handle;
		} catch (error) {
			this.#freeSlot();
			throw error;
		}
	}

	async #closeHandle(handle: Handle): Promise<void> {
		this.#open.delete(handle.name);
		try {
			const state = handle.isDistrusted
				? undefined
				: await readState(handle).catch(() => undefined);
			await handle.pouch.close();
			if (state && this.#names.has(handle.name)) this.#closed.set(handle.name, state);
		} finally {
			this.#freeSlot();
		}
	}

	async #takeSlot(): Promise<void> {
		if (this.#slots < this.#limit) {
			this.#slots++;
			return;
		}
		const place = new Promise<void>((resolve) => this.#waiting.push(resolve));
		const spare = this.#findSpare();
		if (spare) this.#letGo(spare);
		await place;
	}

	#freeSlot(): void {
		const next = this.#waiting.shift();
		// The place goes straight to the next one: nobody can slip in between.
		if (next) next();
		else this.#slots--;
	}

	#folderOf(name: string): string {
		return join(this.#folder, toFolderName(name));
	}

	#turn<T>(name: string, work: () => Promise<T>): Promise<T> {
		const before = this.#turns.get(name) ?? Promise.resolve();
		const result = before.then(work);
		const settled: Promise<void> = result.then(
			() => this.#endTurn(name, settled),
			() => this.#endTurn(name, settled)
		);
		this.#turns.set(name, settled);
		return result;
	}

	#endTurn(name: string, turn: Promise<unknown>): void {
		if (this.#turns.get(name) !== turn) return;
		this.#turns.delete(name);
		this.#passOn(name);
	}
}

async function readState({ pouch, tag }: OpenDatabase): Promise<DatabaseState> {
	const { update_seq: sequence, doc_count: documents } = await pouch.info();
	return { sequence: toSequence(sequence, tag), documents };
}

function toHandle(name: string, folder: string, pouch: Pouch, tag: string): Handle {
	const leaving = new AbortController();
	let last: Promise<unknown> = Promise.resolve();
	return {
		name,
		folder,
		pouch,
		tag,
		leaving,
		gone: leaving.signal,
		users: 0,
		isClosing: false,
		isDistrusted: false,
		onIdle: undefined,
		exclusively(work) {
			const result = last.then(work);
			last = result.catch(() => undefined);
			return result;
		},
		distrust() {
			this.isDistrusted = true;
		}
	};
}

function idle(handle: Handle): Promise<void> {
	if (handle.users === 0) return Promise.resolve();
	return new Promise((resolve) => {
		handle.onIdle = resolve;
	});
}
