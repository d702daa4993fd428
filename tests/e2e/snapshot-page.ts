/** What `snapshot.test.ts` runs in the browser. Everything it returns can be structured-cloned. */
import { openDB } from 'idb';
import { newTransaction } from '#lib/domain/draft.ts';
import type { ColumnsSnapshot } from '#lib/domain/ledger/columns-snapshot.ts';
import { readSnapshot, removeSnapshot } from '#lib/storage/ledger-snapshot.ts';
import { openDatabase } from '#lib/storage/open-database.ts';
import { rebuildSnapshot } from '#lib/storage/rebuild-snapshot.ts';

const NAME = 'outlay-ledger-snapshot-test';
const STAMP = '001763800000000-0000-abcdefghij';

/** Ways in which a snapshot that lies on the disk can be odd. */
const DAMAGES = {
	'another format': (kept) => ({ ...kept, format: 0 }),
	'another ledger': (kept) => ({ ...kept, name: 'outlay-ledger-other' }),
	'no database id': ({ databaseId: _, ...kept }) => kept,
	'no sequence': (kept) => ({ ...kept, sequence: NaN }),
	'no list': (kept) => ({ ...kept, documents: 'none' }),
	'a byte of its columns': (kept) => {
		const { amountMinor } = (kept.columns as ColumnsSnapshot).columns;
		amountMinor[0] = (amountMinor[0] ?? 0) + 1;
		return kept;
	},
	'an empty record': () => ({}),
	'no record': () => 7
} satisfies Record<string, (kept: Record<string, unknown>) => unknown>;

const snapshots = {
	damages: Object.keys(DAMAGES) as (keyof typeof DAMAGES)[],

	/** Writes new entries with these notes. */
	async write(...notes: string[]): Promise<void> {
		const database = openDatabase(NAME);
		await database.bulkDocs(
			notes.map((note) =>
				newTransaction(
					`transaction:${note}`,
					{
						kind: 'expense',
						amountMinor: 1250,
						currency: 'EUR',
						categoryId: null,
						accountId: 'account:cash',
						toAccountId: null,
						payee: '',
						note,
						spentOn: '2026-11-22'
					},
					STAMP
				)
			)
		);
		await database.close();
	},

	async rebuild(): Promise<void> {
		const database = openDatabase(NAME);
		await rebuildSnapshot(database, NAME);
		await database.close();
	},

	/** The notes in the snapshot; `undefined` = there is none. */
	async read(): Promise<string[] | undefined> {
		const snapshot = await readSnapshot(NAME);
		return snapshot?.columns.slice(0, Infinity).map(({ note }) => note);
	},

	remove: () => removeSnapshot(NAME),

	/** Throws the ledger's database away, as a browser does. */
	async evict(): Promise<void> {
		await openDatabase(NAME).destroy();
	},

	async damage(how: keyof typeof DAMAGES): Promise<void> {
		const database = await openDB('outlay-snapshots');
		const kept = (await database.get('snapshots', NAME)) as Record<string, unknown>;
		await database.put('snapshots', DAMAGES[how](kept), NAME);
		database.close();
	}
};

declare global {
	interface Window {
		snapshots: typeof snapshots;
		ready: boolean;
	}
}

window.snapshots = snapshots;
window.ready = true;
