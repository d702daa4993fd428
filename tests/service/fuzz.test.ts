import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MUTATION_KINDS, mutate, type Mutation } from '#tests/support/mutate-request.ts';
import { type BytesAnswer, RawConnections } from '#tests/support/raw-http.ts';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import { type DeviceRequest, recordTraffic } from '#tests/support/sync-traffic.ts';
import { type Person, pushDocuments, signUp, toRevision } from '#tests/service/people.ts';

/** Requests in all, and how many of them are under way at a time. */
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 10_000);
const AT_A_TIME = 10;
const SEED = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
const SECRET = 'for bob only';
/** Megabytes that the heap may grow by from a quarter of the way to its end. */
const GROWTH_MB = 48;

const PAGE = '<h1>A page</h1>';

let service: RunningService;
let pagesFolder: string;
let connections: RawConnections;
let ann: Person;
let bob: Person;
let annsDatabase: string;
let bobsDatabase: string;
let traffic: DeviceRequest[];

beforeAll(async () => {
	pagesFolder = await mkdtemp(join(tmpdir(), 'outlay-pages-'));
	for (const page of ['index.html', '200.html']) await writeFile(join(pagesFolder, page), PAGE);
	service = await runService({
		parts: {
			pagesFolder,
			longpolls: { longpollMs: 20, heartbeatLongpollMs: 20 },
			intake: { pace: { graceMs: 1_000, leastPerSecond: 1_024, mostMs: 60_000 } }
		}
	});
	connections = new RawConnections(service.url);
	[ann, bob] = await Promise.all([signUp(service.url), signUp(service.url)]);
	[annsDatabase, bobsDatabase] = await Promise.all([findDatabase(ann), findDatabase(bob)]);
	await pushDocuments(
		bob,
		...['transaction:1', 'transaction:3', 'secret'].map((id) => toRevision(id, { note: SECRET }))
	);
	traffic = await recordTraffic(ann);
});
afterAll(async () => {
	connections.close();
	await service.stop();
	await rm(pagesFolder, { recursive: true });
});

async function findDatabase({ ledgerId }: Person): Promise<string> {
	const rows = await service.store.rows();
	return String(rows.find(({ _id }) => _id === `ledger:${ledgerId}`)?.database);
}

/** Everything the store has of Bob's ledger. */
async function readBobs(): Promise<unknown> {
	const ask = async (path: string) => {
		const answer = await service.store.real.client.request('GET', `/${bobsDatabase}${path}`);
		return (await answer.json()) as Record<string, unknown>;
	};
	const { doc_count, update_seq } = await ask('');
	const changes = await ask('/_changes?style=all_docs&include_docs=true&conflicts=true');
	return { doc_count, update_seq, changes };
}

function toBytes(request: DeviceRequest): Uint8Array {
	const fill = (text: string) =>
		text.replaceAll('LEDGER', ann.ledgerId).replaceAll('OTHER', bob.ledgerId);
	const body = fill(request.body);
	const { host } = new URL(service.url);
	const lines = Object.entries({ Host: host, cookie: ann.cookie, ...request.headers })
		.map(([name, value]) => `${name}: ${value}`)
		.concat(`Content-Length: ${Buffer.byteLength(body)}`);
	const target = fill(request.path) + (request.query && `?${fill(request.query)}`);
	const head = `${request.method} ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
	return new TextEncoder().encode(head + body);
}

/** What a request of Ann's may have asked the store for: below her database, and only what replication needs. */
function isHers(request: string): boolean {
	const [method = '', path = ''] = request.split(/ (.*)/);
	// What the client of the store will make of it.
	const { pathname, search } = new URL(path, 'http://store');
	if (pathname + search !== path) return false;
	const below = path.startsWith(`/${annsDatabase}/`)
		? path.slice(annsDatabase.length + 2)
		: undefined;
	if (below === undefined) return path === `/${annsDatabase}` && method === 'GET';
	const [name = ''] = below.split('?');
	if (/^_local\/[A-Za-z0-9._%=-]+$/.test(name)) return method === 'GET' || method === 'PUT';
	if (/^_(bulk_docs|bulk_get|revs_diff)$/.test(name)) return method === 'POST';
	return method === 'GET' && (name === '_changes' || /^[^_/][^/]*$/.test(name));
}

function check(answer: BytesAnswer, path: string, isHead: boolean): void {
	const { status, headers, body } = answer;
	expect(status).toBeLessThan(500);
	expect(status).not.toBe(408);
	expect(body).not.toContain(SECRET);
	for (const name of ['server', 'location', 'set-cookie', 'www-authenticate', 'x-powered-by']) {
		expect(headers).not.toHaveProperty(name);
	}
	// A path that was bent so far that it is a page's.
	if (isHead || body === PAGE) return;
	// Such a page is not sent again to who says to have it; of what is personal nothing may be kept.
	if (status === 304) {
		expect(path).not.toMatch(/^\/(api|sync)\//);
		expect(headers).toHaveProperty('etag');
		expect(body).toBe('');
		return;
	}
	expect(headers['content-type']).toMatch(/^application\/json/);
	const json: unknown = JSON.parse(body);
	if (status >= 400)
		expect(json).toMatchObject({ error: expect.any(String), reason: expect.any(String) });
}

/** Whether it was done, or answered as CouchDB answers for what is not there. */
function isAccepted({ status, body }: BytesAnswer): boolean {
	return status < 300 || (status === 404 && body.includes('"not_found"')) || status === 409;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
	kind: fc.constantFrom(...MUTATION_KINDS),
	at: fc.nat(5_000),
	pick: fc.nat(5_000)
});
const benign = mutation.map((one) => ({
	...one,
	kind: MUTATION_KINDS.filter((kind) => kind.startsWith('benign'))[one.pick % 4] ?? one.kind
}));
const attempt = fc.record({
	shape: fc.nat(1_000),
	mutations: fc.oneof(
		{ weight: 2, arbitrary: fc.array(benign, { maxLength: 2 }) },
		{ weight: 3, arbitrary: fc.array(mutation, { minLength: 1, maxLength: 3 }) }
	)
});

const collect = (() => {
	setFlagsFromString('--expose-gc');
	return runInNewContext('gc') as () => void;
})();
function heapMegabytes(): number {
	collect();
	return process.memoryUsage().heapUsed / 2 ** 20;
}

test(
	`${REQUESTS} mutations of what devices send do no harm (FUZZ_SEED=${SEED})`,
	async ({ annotate }) => {
		const before = await readBobs();
		const storeRequests = service.store.requests;
		const counts = { sent: 0, accepted: 0, statuses: {} as Record<number, number> };
		let early: number | undefined;

		await fc.assert(
			fc.asyncProperty(
				fc.array(attempt, { minLength: AT_A_TIME, maxLength: AT_A_TIME }),
				async (attempts) => {
					const requests = attempts.map(({ shape, mutations }) =>
						mutate(traffic[shape % traffic.length] as DeviceRequest, mutations)
					);
					const already = storeRequests.length;
					// All of them, for what one of them asks must not be blamed on those that come next.
					const results = await Promise.allSettled(
						requests.map(async (request) => {
							const isHead = request.method === 'HEAD';
							try {
								const answer = await connections.send(toBytes(request), isHead);
								counts.sent++;
								counts.statuses[answer.status] = (counts.statuses[answer.status] ?? 0) + 1;
								if (isAccepted(answer)) counts.accepted++;
								check(answer, request.path, isHead);
							} catch (error) {
								throw new Error(
									`after ${Buffer.from(toBytes(request)).toString().slice(0, 2_000)}`,
									{
										cause: error
									}
								);
							}
						})
					);
					for (const result of results) if (result.status === 'rejected') throw result.reason;
					const asked = storeRequests.slice(already);
					const accounts = ` /${service.store.accountsDatabase}`;
					expect(asked.filter((one) => !one.includes(accounts) && !isHers(one))).toEqual([]);
					if (early === undefined && counts.sent > REQUESTS / 4) early = heapMegabytes();
				}
			),
			{ numRuns: Math.ceil(REQUESTS / AT_A_TIME), seed: SEED, endOnFailure: false }
		);

		await annotate(JSON.stringify(counts));
		expect(counts.sent).toBeGreaterThanOrEqual(REQUESTS);
		expect(counts.accepted).toBeGreaterThan(counts.sent / 3);
		expect(heapMegabytes() - (early ?? 0)).toBeLessThan(GROWTH_MB);
		expect(await readBobs()).toEqual(before);
		expect(await (await bob.send(`/sync/${bob.ledgerId}/secret`)).text()).toContain(SECRET);
		expect((await ann.send('/sync/')).status).toBe(200);
	},
	Math.max(120_000, REQUESTS * 30)
);
