import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toBasicAuthorization } from '#service/couch/credential.ts';
import type { StoreAddress } from '#service/couch/store-address.ts';
import { Random } from '#tests/prove/random.ts';
import {
	DOCUMENTED,
	type RateClass,
	SlidingSecond,
	toCost
} from '#tests/support/cloudant-limits.ts';
import {
	type ChangesAnswer,
	type ChangesQuestion,
	toChangesQuestion,
	toCloudantChanges
} from '#tests/support/cloudant-changes.ts';
import { BEGINNING, toCloudantSequence } from '#tests/support/cloudant-sequence.ts';
import { type FakeIam, makeFakeIam } from '#tests/support/fake-iam.ts';

/** How a Cloudant differs from the store behind the fake. All of it may be changed at any time. */
export interface CloudantFaults {
	/** 1 takes a user name and a password besides IAM's tokens, 2 takes nothing else. */
	generation: 1 | 2;
	/** How many databases it holds: 403 for the next. */
	mostDatabases: number;
	/** What a sliding second lets through; 429 for the rest. */
	rates: Record<RateClass, number>;
	/** Bytes that may be written: 402 from then on. */
	mostBytes: number;
	/** Bytes of one document: 413. */
	documentBytes: number;
	/** Bytes of one request: 413. */
	requestBytes: number;
	/** Milliseconds that one request may take: CouchDB's own 500 after them. */
	requestMs: number;
	/** Now and then `_changes` begins from the start, whatever it was asked. */
	rewinds: boolean;
	/** The shards of a database take turns in `_changes` in any order, and some changes are told twice. */
	disorder: boolean;
	/** How many of the newest changes the copies lack yet that answer `_changes`; others tell of the database. */
	lag: number;
	/** Milliseconds after which the tokens there are end without notice, again and again; 0: never. */
	revokeMs: number;
}

/** A Standard plan of so many units that a suite is not all waiting, with everything on that may go wrong. */
export const EVERY_FAULT: CloudantFaults = {
	generation: 2,
	mostDatabases: 200,
	rates: { reads: 400, writes: 200, queries: 20 },
	mostBytes: 1024 ** 3,
	...DOCUMENTED,
	rewinds: true,
	disorder: true,
	lag: 0,
	revokeMs: 3000
};

/** One on which nothing goes wrong, but which is a Cloudant all the same. */
export const NO_FAULT: CloudantFaults = {
	...EVERY_FAULT,
	generation: 1,
	rates: { reads: Infinity, writes: Infinity, queries: Infinity },
	rewinds: false,
	disorder: false,
	revokeMs: 0
};

export interface FakeCloudant {
	/** Without a slash at the end. */
	url: string;
	tokenUrl: string;
	username: string;
	password: string;
	iam: FakeIam;
	faults: CloudantFaults;
	/** How often each status was answered that is the fake's own. */
	refusals: Record<number, number>;
	stop(): Promise<void>;
}

/** A Cloudant in front of a real store. */
export async function startFakeCloudant(
	behind: StoreAddress,
	faults: Partial<CloudantFaults> = {},
	tokenSeconds = 3600
): Promise<FakeCloudant> {
	const rates = {
		reads: new SlidingSecond(),
		writes: new SlidingSecond(),
		queries: new SlidingSecond()
	};
	const databases = new Set<string>();
	/** How many `_changes` each database was asked for that might have been rewound. */
	const looks = new Map<string, number>();
	const random = new Random(5);
	let bytes = 0;
	let revokedAt = performance.now();

	const server = createServer((request, response) => {
		answer(request, response).catch(() => response.destroy());
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const cloudant: FakeCloudant = {
		url,
		tokenUrl: `${url}/identity/token`,
		username: 'apikey-v2-ann',
		password: 's3cret',
		iam: makeFakeIam(tokenSeconds),
		faults: { ...NO_FAULT, ...faults },
		refusals: {},
		async stop() {
			const closed = once(server, 'close');
			server.close();
			server.closeAllConnections();
			await closed;
		}
	};
	return cloudant;

	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const body = Buffer.concat(await request.toArray()).toString();
		const { method = '', url: path = '' } = request;
		if (path === '/identity/token') {
			const said = cloudant.iam.answer(body);
			return send(response, said.status, said.body);
		}
		const refusal = judge(request.headers.authorization, method, path, body);
		if (refusal) return refused(response, refusal);
		if (path === '/') return send(response, 200, WELCOME);
		const ending = new AbortController();
		response.on('close', () => ending.abort());
		const timer = setTimeout(() => {
			refused(response, refuse(500, 'timeout', TOOK_TOO_LONG));
		}, cloudant.faults.requestMs);
		response.on('close', () => clearTimeout(timer));
		const question = isChanges(path) ? toQuestion(path) : undefined;
		const [before = ''] = path.split('?');
		// A CouchDB behind keeps its changes in one order: the shards are the fake's.
		const isMade = method === 'PUT' && toDatabase(path) === path;
		const inner = question ? `${before}?${question.inner}` : isMade ? `${path}?q=1` : path;
		const answered = await fetch(behind.url + inner, {
			method,
			headers: {
				accept: 'application/json',
				authorization: await behind.credential.authorization(),
				...(body && { 'content-type': 'application/json' })
			},
			body: body || null,
			signal: ending.signal
		});
		note(method, path, body, answered.status);
		const text = await answered.text();
		if (answered.ok && path === '/_dbs_info') return send(response, 200, toOuterInfos(text));
		if (!answered.ok) return send(response, answered.status, text);
		if (question) {
			const said = JSON.parse(text) as ChangesAnswer;
			const told = toCloudantChanges(said, question, cloudant.faults, random);
			return send(response, answered.status, told);
		}
		send(response, answered.status, isDatabase(method, path) ? toInfo(text) : text);
	}

	function refused(response: ServerResponse, { status, body }: Refusal): void {
		cloudant.refusals[status] = (cloudant.refusals[status] ?? 0) + 1;
		send(response, status, body);
	}

	function judge(authorization: string | undefined, method: string, path: string, body: string) {
		const { faults, iam } = cloudant;
		if (faults.revokeMs > 0 && performance.now() - revokedAt > faults.revokeMs) {
			revokedAt = performance.now();
			iam.revoke();
		}
		const basic = toBasicAuthorization(cloudant.username, cloudant.password);
		const isKnown = faults.generation === 1 && authorization === basic;
		if (!isKnown && !iam.lets(authorization)) return refuse(401, 'unauthorized', 'Token expired');
		if (Buffer.byteLength(body) > faults.requestBytes) {
			return refuse(413, 'request_entity_too_large', 'the request entity is too large');
		}
		const cost = toCost(method, path, body);
		if (cost && !rates[cost.rate].take(cost.count, faults.rates[cost.rate])) {
			const what = { reads: 'lookup', writes: 'write', queries: 'query' }[cost.rate];
			return refuse(
				429,
				'too_many_requests',
				`You've exceeded your current limit of ${faults.rates[cost.rate]} requests per second for ${what} class. Please try later.`
			);
		}
		const isWrite = cost?.rate === 'writes';
		if (isWrite && bytes >= faults.mostBytes) {
			return refuse(402, 'payment_required', 'Account exceeded its data usage quota.');
		}
		if (isWrite && method !== 'DELETE' && largest(body) > faults.documentBytes) {
			return refuse(413, 'document_too_large', 'Document is too large');
		}
		const isNew = method === 'PUT' && toDatabase(path) === path && !databases.has(path);
		if (isNew && databases.size >= faults.mostDatabases) {
			return refuse(403, 'forbidden', 'You have reached the maximum number of databases.');
		}
		return undefined;
	}

	function note(method: string, path: string, body: string, status: number): void {
		const database = toDatabase(path);
		if (database === path && method === 'PUT' && status < 300) databases.add(path);
		if (database === path && method === 'DELETE' && status < 300) databases.delete(path);
		if (toCost(method, path, body)?.rate === 'writes' && status < 300) bytes += body.length;
	}

	/** The same state has more than one name, as whichever copies answered have it. */
	function toOuterInfos(text: string): unknown {
		const infos = JSON.parse(text) as { info?: DatabaseInfo }[];
		for (const { info } of infos) {
			const copy = cloudant.faults.disorder && random.chance(0.2) ? 1 : 0;
			if (!info) continue;
			info.update_seq = toPlace(info.update_seq, copy);
			info.cluster = { q: 16, n: 3, w: 2, r: 2 };
		}
		return infos;
	}

	function toQuestion(path: string): ChangesQuestion {
		const query = new URLSearchParams(path.split('?')[1]);
		return toChangesQuestion(query, isRewound(toDatabase(path), query));
	}

	/** Ever more rarely for a database, so that whoever reads it in parts comes to its end. */
	function isRewound(database: string, query: URLSearchParams): boolean {
		if (!cloudant.faults.rewinds || !query.has('since') || query.get('since') === 'now')
			return false;
		// Who asks for a single change wants to know only whether there is any.
		const isReplication = Number(query.get('limit') ?? 0) > 1 || query.has('style');
		if (!isReplication) return false;
		const look = (looks.get(database) ?? 0) + 1;
		looks.set(database, look);
		return look > 1 && Number.isInteger(Math.log2(look));
	}
}

/** What a database says of itself. */
interface DatabaseInfo {
	update_seq: string | number | null;
	cluster?: unknown;
}

function toInfo(text: string): DatabaseInfo {
	const said = JSON.parse(text) as DatabaseInfo;
	return { ...said, update_seq: toPlace(said.update_seq) };
}

function toPlace(place: DatabaseInfo['update_seq'], copy = 0): string {
	return toCloudantSequence(
		BEGINNING.map(() => place),
		copy
	);
}

const WELCOME = {
	couchdb: 'Welcome',
	version: '3.4.2+cloudant',
	vendor: { name: 'IBM Cloudant', version: '8599', variant: 'paas' },
	features: ['access-ready', 'iam', 'partitioned', 'pluggable-storage-engines', 'scheduler']
};

const TOOK_TOO_LONG = 'The request could not be processed in a reasonable amount of time.';

interface Refusal {
	status: number;
	body: { error: string; reason: string };
}

function refuse(status: number, error: string, reason: string): Refusal {
	return { status, body: { error, reason } };
}

function send(response: ServerResponse, status: number, body: unknown): void {
	response.writeHead(status, { 'content-type': 'application/json' });
	response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

function isChanges(path: string): boolean {
	return /^\/[^/]+\/_changes(\?|$)/.test(path);
}

function isDatabase(method: string, path: string): boolean {
	return method === 'GET' && /^\/[^/_?]+$/.test(path);
}

/** The database's part of a path. */
function toDatabase(path: string): string {
	return /^\/[^/?]*/.exec(path)?.[0] ?? '';
}

/** The bytes of the largest document in a body. */
function largest(body: string): number {
	if (body === '') return 0;
	const sent = JSON.parse(body) as { docs?: unknown[] };
	return Math.max(0, ...(sent.docs ?? [sent]).map((one) => Buffer.byteLength(JSON.stringify(one))));
}
