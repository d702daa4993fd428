import PouchDB from 'pouchdb';
import memoryAdapter from 'pouchdb-adapter-memory';
import {
	openDatabase,
	type LocalDatabase,
	type StoredDocument
} from '#lib/storage/open-database.ts';
import type { Fault } from './plan.ts';

PouchDB.plugin(memoryAdapter);

/**
 * A database as one process has it open, from its start to its end. It can die at any write; nothing that
 * it has begun reaches the database after that. The next process opens the same database.
 */
export interface Life {
	readonly database: LocalDatabase;
	readonly isOver: boolean;
	/** The bodies that were written since the last call, local notes aside. */
	takeWritten(): StoredDocument[];
	/** Whether a write has gone wrong since the last fault was set. */
	readonly hasFailed: boolean;
	/** Sets what goes wrong from here on; `undefined` = nothing. */
	meet(fault: Fault | undefined): void;
}

/** Opens a database in memory. All databases of one name in a thread are the same one. */
export function beginLife(name: string): Life {
	const database = openDatabase(name, 'memory');
	let isOver = false;
	let written: StoredDocument[] = [];
	let hasFailed = false;
	let fault: Fault | undefined;
	let left = 0;

	async function guard<T>(write: () => Promise<T>): Promise<T> {
		if (isOver) throw new Error('The process has crashed');
		if (fault && left-- === 0) {
			hasFailed = true;
			isOver = fault.does !== 'fail';
			if (fault.does === 'die-after') await write();
			throw new Error(isOver ? 'The process has crashed' : 'QuotaExceededError');
		}
		return write();
	}

	// Every `put` of a document comes through `bulkDocs`, replication's writes too; only notes do not.
	const bulkDocs = database.bulkDocs.bind(database) as Call;
	const put = database.put.bind(database) as Call;
	Object.assign(database, {
		bulkDocs: (...args: unknown[]) =>
			called(args, async (...rest) => {
				const answer = await guard(() => bulkDocs(...rest));
				const [first] = rest as [StoredDocument[] | { docs: StoredDocument[] }];
				written.push(...(Array.isArray(first) ? first : first.docs));
				return answer;
			}),
		put: (...args: unknown[]) =>
			called(args, (...rest) => {
				const [{ _id: id }] = rest as [{ _id: unknown }];
				const isNote = String(id).startsWith('_local/');
				return isNote ? guard(() => put(...rest)) : put(...rest);
			})
	});
	return {
		database,
		get isOver() {
			return isOver;
		},
		takeWritten() {
			const taken = written;
			written = [];
			return taken;
		},
		get hasFailed() {
			return hasFailed;
		},
		meet(next) {
			fault = next;
			hasFailed = false;
			left = next?.atWrite ?? 0;
		}
	};
}

type Call = (...args: unknown[]) => Promise<unknown>;

/** PouchDB calls its own methods with a callback, everybody else gets a promise. */
function called(args: unknown[], run: Call): Promise<unknown> | undefined {
	const last = args.at(-1);
	if (typeof last !== 'function') return run(...args);
	run(...args.slice(0, -1)).then(
		(answer) => last(null, answer) as unknown,
		(error: unknown) => last(error) as unknown
	);
	return undefined;
}
