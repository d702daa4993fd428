import { randomBytes } from 'node:crypto';
import type { Rows } from '#service/accounts/rows.ts';
import type { CouchDocument } from '#service/couch/client.ts';
import type { OwnQuota } from '#service/ledgers/quota.ts';

/** Where a ledger's documents are: the store router's row. */
export interface LedgerRow extends CouchDocument {
	placement: 'primary';
	database: string;
	/** Changes whenever the database behind the ledger is another one, or an older copy. */
	incarnation: string;
	accountId: string;
	/** Absent: as for all others. */
	quota?: OwnQuota;
	/** About when a device reached it last, an instant in ISO 8601; absent: never. */
	lastSyncAt?: string;
}

export type Ledger = Pick<LedgerRow, 'database' | 'incarnation' | 'accountId' | 'quota'> & {
	id: string;
};

export interface LedgerStore {
	/** The ledger when it is this account's; another's and an unknown one are both `undefined`. */
	findOwn(ledgerId: string, accountId: string): Promise<Ledger | undefined>;
	/** Whoever's it is. @throws {StoreUnavailable} */
	find(ledgerId: string): Promise<Ledger | undefined>;
	/** Its row was written: what is remembered of it here is old. */
	forget(ledgerId: string): void;
}

/** Milliseconds a row is remembered: rows change only when a ledger is moved or restored, or its quota is set. */
const REMEMBERED_MS = 5_000;
const REMEMBERED_MOST = 10_000;

export function createLedgerStore(rows: Rows): LedgerStore {
	const remembered = new Map<string, { ledger: Ledger; until: number }>();

	async function find(ledgerId: string): Promise<Ledger | undefined> {
		const known = remembered.get(ledgerId);
		if (known !== undefined && known.until > Date.now()) return known.ledger;
		const row = await rows.find<LedgerRow>(`ledger:${ledgerId}`);
		if (row === undefined) return undefined;
		const { database, incarnation, accountId, quota } = row;
		const ledger: Ledger = {
			id: ledgerId,
			database,
			incarnation,
			accountId,
			...(quota && { quota })
		};
		if (remembered.size >= REMEMBERED_MOST) remembered.clear();
		remembered.set(ledgerId, { ledger, until: Date.now() + REMEMBERED_MS });
		return ledger;
	}

	return {
		async findOwn(ledgerId, accountId) {
			const ledger = await find(ledgerId);
			return ledger?.accountId === accountId ? ledger : undefined;
		},
		find,
		forget: (ledgerId) => void remembered.delete(ledgerId)
	};
}

/** A new ledger's row, with a database name that was never used and never will be again. */
export function makeLedgerRow(ledgerId: string, accountId: string): LedgerRow {
	return {
		_id: `ledger:${ledgerId}`,
		placement: 'primary',
		database: `ledger-${randomBytes(16).toString('hex')}`,
		incarnation: randomBytes(16).toString('hex'),
		accountId
	};
}
