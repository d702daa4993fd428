import { randomBytes } from 'node:crypto';
import type { CouchDocument } from '#service/couch/client.ts';
import type { OwnQuota } from '#service/ledgers/quota.ts';

/** A database in a placement, by their names. */
export interface DatabaseAt {
	placement: string;
	database: string;
}

/** A ledger that is not to be written to for a moment. */
export interface Hold {
	/** Tells it from any other hold. */
	id: string;
	/** An instant in ISO 8601: whoever comes later may lift it. */
	until: string;
}

/** Where a ledger's documents are: the store router's row. */
export interface LedgerRow extends CouchDocument, DatabaseAt {
	/** Changes whenever the database behind the ledger is another one, or an older copy. */
	incarnation: string;
	accountId: string;
	/** Absent: as for all others. */
	quota?: OwnQuota;
	/** About when a device reached it last, an instant in ISO 8601; absent: never. */
	lastSyncAt?: string;
	/** Nothing was ever written to it, and its database was given back: the next use makes another. */
	released?: true;
	hold?: Hold;
	/** The database it is being moved to, or that is made for it after its release. */
	next?: DatabaseAt;
	/** The database it was in before, which may go once nothing in it is missing here. */
	former?: DatabaseAt;
}

/** A new ledger's row. */
export function makeLedgerRow(ledgerId: string, accountId: string, at: DatabaseAt): LedgerRow {
	const { placement, database } = at;
	return {
		_id: `ledger:${ledgerId}`,
		placement,
		database,
		incarnation: makeIncarnation(),
		accountId
	};
}

/** A name for a database that was never used and never will be again. */
export function makeDatabaseName(): string {
	return `ledger-${randomBytes(16).toString('hex')}`;
}

export function makeIncarnation(): string {
	return randomBytes(16).toString('hex');
}

/** Every database that belongs to a ledger at this moment. */
export function listDatabases({
	placement,
	database,
	released,
	next,
	former
}: LedgerRow): DatabaseAt[] {
	const all = [released ? undefined : { placement, database }, next, former];
	return all.filter((at): at is DatabaseAt => at !== undefined);
}

export function namesDatabase(row: LedgerRow, database: string): boolean {
	return listDatabases(row).some((at) => at.database === database);
}
