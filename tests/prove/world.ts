import { createClock } from '#lib/domain/stamp.ts';
import type { Step as UndoableStep } from '#lib/domain/operation.ts';
import { settleConflict } from '#lib/storage/conflict-settler.ts';
import type { LocalDatabase, StoredDocument } from '#lib/storage/open-database.ts';
import { PouchLedgerRepository } from '#lib/storage/pouch-ledger-repository.ts';
import { beginLife, type Life } from './life.ts';

/** After how long the steps of a device have been noted, in milliseconds. */
const MOMENT_MS = 300;

/** A document as it lies in a database, whatever it is. */
export type Body = StoredDocument & { _id: string; _rev: string };

/** A message between two databases that is on its way: some revisions with their ancestry. */
export type Message = StoredDocument[];

export interface ProvedDevice {
	/** Its name in stamps, 10 characters. */
	readonly id: string;
	readonly name: string;
	life: Life;
	database: LocalDatabase;
	repository: PouchLedgerRepository;
	/** How far its clock is off, in milliseconds. */
	offset: number;
	/** What its own steps wrote, in this life. */
	steps: UndoableStep[];
	/** Opens the database anew, with nothing left of what was in memory. */
	reopen(): void;
}

/** One merge that a device has made. */
export interface MergeWrite {
	device: string;
	id: string;
	revision: string;
}

/** The devices, the server between them, and the time. */
export class World {
	readonly devices: ProvedDevice[];
	readonly server: LocalDatabase;
	readonly messages: Message[] = [];
	/** Every merge that settling wrote. */
	readonly merges: MergeWrite[] = [];
	/** Devices that merged the same revisions into different ones. */
	readonly disagreements: string[] = [];
	/** True time, in milliseconds since the Unix epoch. It stands still unless a step lets it pass. */
	instant = Date.UTC(2026, 10, 22, 12);
	#mergedInto = new Map<string, string>();

	/** @param name tells the databases of this world from others of the thread. */
	constructor(name: string, clocks: readonly number[]) {
		this.server = beginLife(`${name}-server`).database;
		this.devices = clocks.map((offset, index) =>
			this.#addDevice(`${name}-${index}`, `device000${index}`, offset)
		);
	}

	#addDevice(name: string, id: string, offset: number): ProvedDevice {
		let lives = 0;
		const now = (): number => this.instant + device.offset;
		const open = (): Pick<ProvedDevice, 'life' | 'database' | 'repository'> => {
			const life = beginLife(name);
			// Each start counts from elsewhere, as tabs of one device do.
			const clock = createClock(id, now, 1000 * lives++);
			const repository = new PouchLedgerRepository(life.database, clock, () => new Date(now()));
			return { life, database: life.database, repository };
		};
		const device: ProvedDevice = {
			id,
			name,
			offset,
			steps: [],
			...({} as Pick<ProvedDevice, 'life' | 'database' | 'repository'>),
			reopen() {
				device.steps = [];
				Object.assign(device, open());
			}
		};
		Object.assign(device, open());
		return device;
	}

	/**
	 * Settles every conflict that a device sees, as its leader tab does.
	 *
	 * @param isAlone nothing else writes on the device meanwhile.
	 */
	async settle(device: ProvedDevice, isAlone = true): Promise<void> {
		const { rows } = await device.database.allDocs({ include_docs: true, conflicts: true });
		for (const row of rows) {
			const { _conflicts } = ('doc' in row ? row.doc : {}) as { _conflicts?: string[] };
			if (!_conflicts) continue;
			device.life.takeWritten();
			await settleConflict(device.database, row.id);
			const wroteBody = device.life
				.takeWritten()
				.some(({ _id, _deleted }) => _id === row.id && _deleted !== true);
			if (isAlone && wroteBody && 'value' in row) {
				await this.#note(device, row.id, [row.value.rev, ..._conflicts]);
			}
		}
	}

	async #note(device: ProvedDevice, id: string, leaves: string[]): Promise<void> {
		const { _rev: revision } = await device.database.get(id);
		this.merges.push({ device: device.id, id, revision });
		const key = `${id} ${leaves.sort().join(' ')}`;
		const other = this.#mergedInto.get(key);
		if (other !== undefined && other !== revision) {
			this.disagreements.push(`${id}: ${leaves.join(' + ')} became ${other} and ${revision}`);
		}
		this.#mergedInto.set(key, revision);
	}

	/** Lets time pass, in milliseconds. What the app does a moment later is done by then. */
	async pass(ms: number): Promise<void> {
		this.instant += ms;
		if (ms < MOMENT_MS) return;
		for (const device of this.devices) await noteSteps(device);
	}

	/** Where every database stands: two equal answers = nothing has moved in between. */
	async position(): Promise<string> {
		const infos = await Promise.all(this.databases().map((database) => database.info()));
		return infos.map(({ update_seq }) => update_seq).join(' ');
	}

	/** The server's first, then each device's. */
	databases(): LocalDatabase[] {
		return [this.server, ...this.devices.map(({ database }) => database)];
	}

	async destroy(): Promise<void> {
		for (const database of this.databases()) await database.destroy();
	}
}

/** Has the device note its own steps, which it would otherwise do a moment later. */
export async function noteSteps({ repository }: ProvedDevice): Promise<void> {
	await repository.undo({ wrote: [], ids: [] });
}

/** Every document that a database shows, by id. */
export async function readAll(database: LocalDatabase): Promise<Map<string, Body>> {
	const { rows } = await database.allDocs({ include_docs: true });
	return new Map(
		rows.flatMap((row) => ('doc' in row && row.doc ? [[row.id, row.doc as Body] as const] : []))
	);
}
