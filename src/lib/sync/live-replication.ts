import PouchDB from 'pouchdb';
import type { LocalDatabase, StoredDocument } from '#lib/storage/open-database.ts';
import type { UnsentEntries } from '#lib/storage/unsent-entries.ts';
import type { Fetch } from './careful-fetch.ts';
import { confirmUnsent } from './confirm-unsent.ts';
import { endingOf, type Ending } from './ending.ts';
import { BATCH } from './replication-batch.ts';

type Replication = PouchDB.Replication.Replication<StoredDocument>;

export interface LiveReplicationParts {
	database: LocalDatabase;
	/** The ledger as PouchDB reaches it. */
	remote: LocalDatabase;
	unsent: UnsentEntries;
	ledgerUrl: string;
	fetch: Fetch;
	/** Documents have come in. */
	onreceived(count: number): void;
	/** There is something to send or to fetch. */
	onactive(): void;
	/** Nothing is left to fetch, and nothing to send but what the cloud does not take. */
	oncaughtup(): void;
	onended(ending: Ending): void;
}

/** After so long, what the cloud did not take is offered again, in milliseconds. */
const HELD_RETRY_MS = 120_000;

export interface LiveReplication {
	/** Offers the cloud again what it did not take. */
	retry(): void;
	end(): void;
}

/** PouchDB's replication both ways, for as long as one connection lasts. */
export function replicateLive(parts: LiveReplicationParts): LiveReplication {
	const { remote, unsent } = parts;
	const database = withSafeFigures(parts.database);
	// Our own loop decides when to try again; PouchDB's would wait for up to ten minutes.
	const options = { live: true, retry: false, ...BATCH };
	const push = PouchDB.replicate(database, remote, options);
	const pull = PouchDB.replicate(remote, database, options);
	const isIdle = { push: false, pull: false };
	const confirmation = makeConfirmation(parts, () => isIdle.push && isIdle.pull);

	// An exception in one of these listeners would end the replication in silence: they only take notes.
	push.on('change', ({ docs }) => {
		unsent.acknowledgeSent(docs.map(({ _id, _rev }) => ({ id: _id, revision: _rev })));
	});
	pull.on('change', ({ docs }) => parts.onreceived(docs.length));
	for (const [way, replication] of Object.entries({ push, pull })) {
		const direction = way as keyof typeof isIdle;
		replication.on('active', () => {
			isIdle[direction] = false;
			parts.onactive();
		});
		replication.on('paused', () => {
			isIdle[direction] = true;
			confirmation.ask();
		});
		replication.on('error', (error) => parts.onended(endingOf(error)));
		replication.on('complete', () => parts.onended('failed'));
		// The promise rejects along with the event; the event is enough.
		replication.catch(() => {});
	}
	return {
		retry: () => confirmation.ask(),
		end() {
			confirmation.stop();
			[push, pull].forEach(end);
		}
	};
}

/**
 * The same database, except that asking for its figures never fails: PouchDB does that on the side, where
 * nobody catches it, and means nothing by it. Whatever fails with it is heard of elsewhere.
 */
function withSafeFigures(database: LocalDatabase): LocalDatabase {
	const info = (): Promise<PouchDB.Core.DatabaseInfo> =>
		database.info().catch(() => ({ db_name: database.name, doc_count: 0, update_seq: 0 }));
	return new Proxy(database, {
		get: (target, name): unknown => (name === 'info' ? info : Reflect.get(target, name))
	});
}

function end(replication: Replication): void {
	for (const event of ['active', 'paused', 'error']) replication.removeAllListeners(event);
	replication.on('error', () => {});
	replication.cancel();
}

interface Confirmation {
	ask(): void;
	stop(): void;
}

/** What to do when replication says that it is through: believe the cloud alone. One at a time. */
function makeConfirmation(parts: LiveReplicationParts, isIdle: () => boolean): Confirmation {
	const { unsent } = parts;
	let isConfirming = false;
	let isAsked = false;
	let isStopped = false;
	let timer: ReturnType<typeof setTimeout> | undefined;

	async function confirm(): Promise<void> {
		if (isConfirming) return;
		isConfirming = true;
		clearTimeout(timer);
		try {
			// Asked again where something was saved in between.
			while (isAsked && isIdle()) {
				isAsked = false;
				if (unsent.count > 0) await confirmUnsent(parts);
			}
			await unsent.settle();
			if (isStopped) return;
			if (isIdle()) parts.oncaughtup();
			if (unsent.count > 0) timer = setTimeout(ask, HELD_RETRY_MS * (1 + Math.random() / 2));
		} catch (error) {
			parts.onended(endingOf(error));
		} finally {
			isConfirming = false;
		}
		if (isAsked && isIdle() && !isStopped) void confirm();
	}

	function ask(): void {
		isAsked = true;
		if (isIdle()) void confirm();
	}

	return {
		ask,
		stop() {
			isStopped = true;
			clearTimeout(timer);
		}
	};
}
