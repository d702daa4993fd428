import PouchDB from 'pouchdb';
import memory from 'pouchdb-adapter-memory';
import { randomUUID } from 'node:crypto';
import type { Person } from '#tests/service/people.ts';

PouchDB.plugin(memory);

/** One request of a device, below the service; `LEDGER` stands for the ledger's id. */
export interface DeviceRequest {
	method: string;
	path: string;
	query: string;
	headers: Record<string, string>;
	body: string;
}

/** What other clients of CouchDB send, and PouchDB did once. */
const OTHERS: DeviceRequest[] = [
	['GET', '/sync/', '', ''],
	['HEAD', '/sync/LEDGER/', '', ''],
	['POST', '/sync/LEDGER/_ensure_full_commit', '', '{}'],
	['POST', '/sync/LEDGER/_changes', 'style=all_docs&since=0&limit=10&include_docs=true', '{}']
].map(([method = '', path = '', query = '', body = '']) => ({
	method,
	path,
	query,
	body,
	headers: { accept: 'application/json', 'content-type': 'application/json' }
}));

/**
 * Lets two devices of somebody replicate with a real service, with edits, deletions and a conflict, and
 * records what they ask: one of each shape.
 */
export async function recordTraffic(person: Person): Promise<DeviceRequest[]> {
	const shapes = new Map<string, DeviceRequest>();
	const remote = () =>
		new PouchDB(person.ledgerUrl, {
			skip_setup: true,
			async fetch(url, options = {}) {
				const headers = new Headers(options.headers as HeadersInit);
				headers.set('cookie', person.cookie);
				const request = toRequest(person, String(url), options as RequestInit, headers);
				const shape = [request.method, toShape(request), request.body !== ''].join(' ');
				if (!shapes.has(shape)) shapes.set(shape, request);
				return fetch(String(url), { ...(options as RequestInit), headers });
			}
		});
	const [phone, laptop] = [openDevice(), openDevice()];
	await phone.bulkDocs(
		Array.from({ length: 20 }, (_, at) => ({
			_id: `transaction:${at}`,
			amountMinor: at,
			note: 'n'
		}))
	);
	await phone.sync(remote());
	await laptop.sync(remote());
	for (const device of [phone, laptop]) {
		const known = await device.get('transaction:1');
		await device.put({ ...known, note: device.name });
	}
	await phone.remove(await phone.get('transaction:2'));
	await phone.sync(remote());
	await laptop.sync(remote());
	const live = phone.sync(remote(), { live: true });
	await new Promise((resolve) => live.once('paused', resolve));
	live.cancel();
	await remote().get('transaction:1', { revs: true, conflicts: true });
	await remote().get('transaction:1', { open_revs: 'all' });
	await remote().info();
	return [...shapes.values(), ...OTHERS];
}

function openDevice(): PouchDB.Database {
	return new PouchDB(`traffic-${randomUUID()}`, { adapter: 'memory' });
}

function toRequest(
	person: Person,
	url: string,
	{ method = 'GET', body }: RequestInit,
	headers: Headers
): DeviceRequest {
	const { pathname, search } = new URL(url);
	return {
		method,
		path: pathname.replace(person.ledgerId, 'LEDGER'),
		query: search.slice(1),
		headers: Object.fromEntries(headers),
		body: typeof body === 'string' ? body : ''
	};
}

/** What an endpoint is, without the ids in it. */
function toShape({ path, query }: DeviceRequest): string {
	const [, , , endpoint = ''] = path.split('/');
	const keys = query.split('&').map((pair) => pair.replace(/=.*/, ''));
	return `${endpoint.startsWith('_') ? endpoint : 'document'} ${keys.join('&')}`;
}
