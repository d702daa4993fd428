import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { randomText } from '#lib/domain/random-text.ts';
import { DATABASE_PREFIX } from './database-name.ts';

/** One local database, and the ledger it belongs to: at most one, ever. */
export interface LocalLedger {
	/** The database's name. */
	name: string;
	/** The ledger's id on the service; `null` = bound to none, on this device only. */
	ledgerId: string | null;
	/** The email it was signed in with, to greet the person offline. */
	email: string | null;
	/** It belonged to a ledger that was deleted or parted from: it becomes no other's, its entries may be copied. */
	wasBound?: true;
	/** Its entries are made up, it is never anybody's: the name of the ledger that was open before it. */
	demonstration?: string;
	/** When it was made on this device, in ISO 8601; those made earlier do not know. */
	since?: string;
}

/** What this browser profile knows of itself. */
export interface DeviceRecord {
	/** This device's part of every stamp it makes: 10 base-36 characters. */
	deviceId: string;
	/** The name of the local database that is open. */
	current: string;
	ledgers: LocalLedger[];
}

interface RegistrySchema extends DBSchema {
	device: { key: 'device'; value: DeviceRecord };
}

/**
 * The device's own notes, in an IndexedDB database beside the ledgers: it lives and is evicted with them,
 * a worker can read it, and its transactions keep two tabs from making two devices.
 */
export class DeviceRegistry {
	#open: Promise<IDBPDatabase<RegistrySchema>> | undefined;

	/** What is known; on the very first call a device with one empty, unbound ledger is made. */
	read(): Promise<DeviceRecord> {
		return this.update((record) => record);
	}

	/** What is known, without making a device where there is none yet. */
	async peek(): Promise<DeviceRecord | undefined> {
		return (await this.#database()).get('device', 'device');
	}

	/** Changes the notes in one transaction: two tabs never see half a change. */
	async update(change: (record: DeviceRecord) => DeviceRecord): Promise<DeviceRecord> {
		const database = await this.#database();
		const transaction = database.transaction('device', 'readwrite', { durability: 'strict' });
		const before = (await transaction.store.get('device')) ?? newDevice();
		const after = change(before);
		await transaction.store.put(after, 'device');
		await transaction.done;
		return after;
	}

	#database(): Promise<IDBPDatabase<RegistrySchema>> {
		this.#open ??= openDB<RegistrySchema>('outlay-device', 1, {
			upgrade: (database) => void database.createObjectStore('device'),
			// The browser may cut the connection at any time: the next call opens it anew.
			terminated: () => (this.#open = undefined)
		}).catch((error: unknown) => {
			this.#open = undefined;
			throw error;
		});
		return this.#open;
	}
}

function newDevice(): DeviceRecord {
	const ledger = newLocalLedger();
	return { deviceId: randomText(10), current: ledger.name, ledgers: [ledger] };
}

/** A name for a database that does not exist yet; names are never used again. */
export function newLocalLedger(bound?: { ledgerId: string; email: string }): LocalLedger {
	return {
		name: `${DATABASE_PREFIX}${randomText(12)}`,
		ledgerId: bound?.ledgerId ?? null,
		email: bound?.email ?? null,
		since: new Date().toISOString()
	};
}

/** The open ledger of a record. */
export function currentLedger(record: DeviceRecord): LocalLedger {
	const current = record.ledgers.find(({ name }) => name === record.current);
	if (!current) throw new Error(`Device ${record.deviceId}: no ledger ${record.current}`);
	return current;
}

/** The record with `ledger` added, or in the place of the one of its name. */
export function withLedger(record: DeviceRecord, ledger: LocalLedger): DeviceRecord {
	const others = record.ledgers.filter(({ name }) => name !== ledger.name);
	const since = record.ledgers.find(({ name }) => name === ledger.name)?.since;
	return { ...record, ledgers: [...others, since ? { since, ...ledger } : ledger] };
}

/** Whether the entries of a ledger are made up, and belong to nobody. */
export const isDemonstration = ({ demonstration }: LocalLedger): boolean =>
	demonstration !== undefined;

/** The record without a ledger; another unbound one, or a new one, becomes current if it was. */
export function withoutLedger(record: DeviceRecord, name: string): DeviceRecord {
	const ledgers = record.ledgers.filter((ledger) => ledger.name !== name);
	const without = { ...record, ledgers };
	return record.current === name ? withOwn(without) : without;
}

/** The record with the ledger open that was before the demonstration; unchanged where none is open. */
export function outOfDemonstration(record: DeviceRecord): DeviceRecord {
	const { demonstration } = currentLedger(record);
	return demonstration === undefined ? record : withOwn(record, demonstration);
}

/** The record with the ledger of this name current, else an unbound one, made if need be. */
function withOwn(record: DeviceRecord, wanted?: string): DeviceRecord {
	const next =
		record.ledgers.find(({ name }) => name === wanted) ??
		record.ledgers.find((ledger) => ledger.ledgerId === null && !isDemonstration(ledger)) ??
		newLocalLedger();
	return withLedger({ ...record, current: next.name }, next);
}
