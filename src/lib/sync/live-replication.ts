import PouchDB from 'pouchdb';
import type { LocalDatabase, StoredDocument } from '#lib/storage/open-database.ts';
import type { UnsentEntries } from '#lib/storage/unsent-entries.ts';
import type { Fetch } from './careful-fetch.ts';
import { confirmUnsent } from './confirm-unsent.ts';
import { statusOf, toEnding, type Ending } from './ending.ts';
import { BATCH } from './replication-batch.ts';

type Replication = PouchDB.Replication.Replication<StoredDocument>;

export interface LiveReplicationParts {
	database: LocalDatabase;
	/** The ledger as PouchDB reaches it. */
	remote: LocalDatabase;
	unsent: UnsentEntries;
	ledgerUrl: string;
	fetch: Fetch;
	/** Ids that the service would not take, from the answers it gave. */
	refusedIds: ReadonlySet<string>;
	/** Documents have come in. */
	onreceived(count: number): void;
	/** There is something to fetch. */
	onactive(): void;
	/** The cloud has been asked; it refuses so many entries. */
	onrefused(count: number): void;
	/** Nothing is left to send or fetch. */
	oncaughtup(): void;
	onended(ending: Ending): void;
}

/** PouchDB's replication both ways, for as long as one connection lasts. Returns the way to end it. */
export function replicateLive(parts: LiveReplicationParts): () => void {
	const { database, remote, unsent, refusedIds } = parts;
	// Our own loop decides when to try again; PouchDB's would wait for up to ten minutes.
	const options = { live: true, retry: false, ...BATCH };
	const push = PouchDB.replicate(database, remote, options);
	const pull = PouchDB.replicate(remote, database, options);
	const isIdle = { push: false, pull: false };
	const confirm = makeConfirmation(parts);

	// An exception in one of these listeners would end the replication in silence: they only take notes.
	push.on('change', ({ docs }) => {
		unsent.acknowledge(
			docs
				.map(({ _id, _rev }) => ({ id: _id, revision: _rev }))
				.filter(({ id }) => !refusedIds.has(id))
		);
	});
	pull.on('change', ({ docs }) => parts.onreceived(docs.length));
	pull.on('active', () => parts.onactive());
	for (const [way, replication] of Object.entries({ push, pull })) {
		const direction = way as keyof typeof isIdle;
		replication.on('active', () => (isIdle[direction] = false));
		replication.on('paused', () => {
			isIdle[direction] = true;
			if (isIdle.push && isIdle.pull) void confirm();
		});
		replication.on('denied', () => {
			// Passed over for good by replication; `confirmUnsent` finds it and tries it alone.
		});
		replication.on('error', (error) => parts.onended(toEnding(statusOf(error))));
		replication.on('complete', () => parts.onended('failed'));
		// The promise rejects along with the event; the event is enough.
		replication.catch(() => {});
	}
	return () => [push, pull].forEach(end);
}

function end(replication: Replication): void {
	replication.removeAllListeners('error');
	replication.on('error', () => {});
	replication.cancel();
}

/** What to do when replication says that it is through: believe the cloud alone. One at a time. */
function makeConfirmation(parts: LiveReplicationParts): () => Promise<void> {
	const { unsent, database, ledgerUrl, fetch } = parts;
	let isConfirming = false;
	return async () => {
		if (isConfirming) return;
		isConfirming = true;
		try {
			// Asked again until nothing new came in between.
			let asked = -1;
			while (unsent.count > 0 && unsent.count !== asked) {
				parts.onrefused(await confirmUnsent(unsent, database, ledgerUrl, fetch));
				asked = unsent.count;
			}
			if (unsent.count === 0) parts.onrefused(0);
			await unsent.settle();
			parts.oncaughtup();
		} catch (error) {
			parts.onended(toEnding(statusOf(error)));
		} finally {
			isConfirming = false;
		}
	};
}
