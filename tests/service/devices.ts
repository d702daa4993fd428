import { randomUUID } from 'node:crypto';
import PouchDB from 'pouchdb';
import memory from 'pouchdb-adapter-memory';
import { INCARNATION_HEADER } from '#contract/replication.ts';
import type { Person } from '#tests/service/people.ts';

PouchDB.plugin(memory);

/** What a device keeps, in memory. */
export function openDevice(): PouchDB.Database {
	return new PouchDB(`device-${randomUUID()}`, { adapter: 'memory' });
}

export interface Remote {
	database: PouchDB.Database;
	/** Every status that was answered, with its request. */
	answers: { request: string; status: number; incarnation: string | null }[];
}

/** Somebody's ledger as their device sees it through the service. */
export function openRemote(person: Person): Remote {
	const answers: Remote['answers'] = [];
	const database = new PouchDB(person.ledgerUrl, {
		skip_setup: true,
		async fetch(url, options = {}) {
			const headers = new Headers(options.headers as HeadersInit);
			headers.set('cookie', person.cookie);
			const response = await fetchOrFail(url as string, { ...(options as RequestInit), headers });
			answers.push({
				request: `${options.method ?? 'GET'} ${new URL(url as string).pathname}`,
				status: response.status,
				incarnation: response.headers.get(INCARNATION_HEADER)
			});
			return response;
		}
	});
	return { database, answers };
}

/** PouchDB leaves a network failure of its `GET /` unhandled; an answer that says 503 it handles. */
async function fetchOrFail(url: string, options: RequestInit): Promise<Response> {
	try {
		return await fetch(url, options);
	} catch (error) {
		if (options.signal?.aborted) throw error;
		return Response.json({ error: 'offline', reason: 'Nothing answered.' }, { status: 503 });
	}
}

/** Every document's id and revision. */
export async function listRevisions(database: PouchDB.Database): Promise<Record<string, string>> {
	const { rows } = await database.allDocs();
	return Object.fromEntries(rows.map(({ id, value }) => [id, value.rev]));
}

/** Resolves once the database holds `id`. */
export async function waitForDocument(database: PouchDB.Database, id: string): Promise<void> {
	const changes = database.changes({ since: 0, live: true });
	const seen: PromiseWithResolvers<void> = Promise.withResolvers();
	changes.on('change', (change) => change.id === id && seen.resolve());
	await seen.promise;
	changes.cancel();
}

/** Ends live replication, and resolves once it does nothing any more. */
export async function endSync(sync: PouchDB.Replication.Sync<object>): Promise<void> {
	const ended = new Promise((resolve) => sync.once('complete', resolve));
	sync.cancel();
	await ended;
}
