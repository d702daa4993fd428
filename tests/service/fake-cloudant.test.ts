import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestStore } from '#service/couch/embedded/test-store.ts';
import { startFakeStore } from '#service/couch/fake-store.ts';
import { toBasicAuthorization } from '#service/couch/credential.ts';
import { findRunningStore } from '#service/couch/store-file.ts';
import { type FakeCloudant, startFakeCloudant } from '#tests/support/fake-cloudant.ts';
import { askJson } from '#tests/support/ask-json.ts';

let cloudant: FakeCloudant;
let stop: () => Promise<void>;
beforeEach(async () => {
	const store = await startTestStore();
	cloudant = await startFakeCloudant((await findRunningStore(store.dataDir))!);
	stop = async () => {
		await cloudant.stop();
		await store.stop();
	};
	await ask('PUT', '/ledger');
});
afterEach(() => stop());

function ask(method: string, path: string, body?: unknown) {
	const authorization = toBasicAuthorization(cloudant.username, cloudant.password);
	return askJson(method, cloudant.url + path, body, { authorization });
}

interface Changes {
	results: { id: string; seq: string }[];
	last_seq: string;
}

async function changes(query = ''): Promise<Changes> {
	return (await ask('GET', `/ledger/_changes?${query}`)).body as Changes;
}

async function write(count: number, from = 0): Promise<void> {
	const docs = Array.from({ length: count }, (_, at) => ({ _id: `d${from + at}` }));
	expect((await ask('POST', '/ledger/_bulk_docs', { docs })).status).toBe(201);
}

const ids = ({ results }: Changes) => new Set(results.map(({ id }) => id));
const all = (count: number) => new Set(Array.from({ length: count }, (_, at) => `d${at}`));

test('sequences are long, mean nothing, and lead on from where they stand', async () => {
	await write(3);
	const first = await changes();
	expect(first.last_seq).toMatch(/^3-g1AAAA.{300,}$/);
	expect(first.results[1]?.seq).not.toBe(first.last_seq);
	await write(1, 3);
	expect(ids(await changes(`since=${first.last_seq}`))).toEqual(new Set(['d3']));
	expect(ids(await changes(`since=${first.results[1]?.seq}`))).toEqual(new Set(['d2', 'd3']));
	expect((await ask('GET', '/ledger')).body).toMatchObject({
		update_seq: expect.stringMatching(/^4-g1AAAA/)
	});
});

test('in disorder all is told, some of it twice, and no position skips anything', async () => {
	cloudant.faults.disorder = true;
	await write(40);
	const { results, last_seq } = await changes();
	expect(new Set(results.map(({ id }) => id))).toEqual(all(40));
	expect(results.length).toBeGreaterThan(40);
	expect(results.map(({ id }) => id).slice(0, 40)).not.toEqual([...all(40)]);
	for (const [at, { seq }] of results.entries()) {
		const told = results.slice(0, at + 1).map(({ id }) => id);
		expect(new Set([...told, ...ids(await changes(`since=${seq}`))])).toEqual(all(40));
	}
	expect(ids(await changes(`since=${last_seq}`))).toEqual(new Set());
});

test('backwards, the first row leads on to what came later, and to that alone', async () => {
	cloudant.faults.disorder = true;
	await write(40);
	const { results } = await changes('descending=true');
	expect(new Set(results.map(({ id }) => id))).toEqual(all(40));
	await write(2, 40);
	expect(ids(await changes(`since=${results[0]?.seq}`))).toEqual(new Set(['d40', 'd41']));
});

test('a copy that lags behind lacks what the database says that it holds, and its positions know', async () => {
	await write(40);
	cloudant.faults.lag = 5;
	const { results } = await changes('descending=true');
	expect(new Set(results.map(({ id }) => id))).toEqual(all(35));
	const { body } = await ask('GET', '/ledger');
	cloudant.faults.lag = 0;
	expect(ids(await changes(`since=${(body as { update_seq: string }).update_seq}`)).size).toBe(0);
	expect(ids(await changes(`since=${results[0]?.seq}`)).size).toBe(5);
});

test('a rewind begins from the start, and whoever goes on reading comes to the end', async () => {
	cloudant.faults.rewinds = true;
	await write(30);
	const seen: number[] = [];
	for (let read = await changes('limit=5'); read.results.length > 0;) {
		seen.push(Number.parseInt(read.last_seq, 10));
		read = await changes(`limit=5&since=${read.last_seq}`);
	}
	expect(seen.at(-1)).toBe(30);
	expect(seen.filter((at) => at === 5).length).toBeGreaterThan(1);
});

test('over the rate of a class there is 429 for that class, and room a second later', async () => {
	cloudant.faults.rates = { reads: 3, writes: 1, queries: 1 };
	const read = async () => (await ask('GET', '/ledger/a')).status;
	expect([await read(), await read(), await read(), await read()]).toEqual([404, 404, 404, 429]);
	await write(5);
	const refused = await ask('PUT', '/ledger/b', {});
	expect(refused).toMatchObject({ status: 429, body: { error: 'too_many_requests' } });
	expect((await ask('GET', '/ledger/_changes')).status).toBe(200);
	await expect.poll(read, { timeout: 3000 }).toBe(404);
});

test('what is too large, and what is too much, is refused', async () => {
	cloudant.faults.documentBytes = 1000;
	cloudant.faults.requestBytes = 5000;
	const put = async (length: number) =>
		(await ask('PUT', `/ledger/x${length}`, { note: 'x'.repeat(length) })).status;
	expect([await put(2000), await put(6000), await put(500)]).toEqual([413, 413, 201]);
	const inBytes = { note: 'ä'.repeat(600) };
	expect((await ask('PUT', '/ledger/bytes', inBytes)).status).toBe(413);
	cloudant.faults.mostBytes = 100;
	expect(await put(10)).toBe(402);
	expect((await ask('GET', '/ledger/x500')).status).toBe(200);
});

test('a request takes documents of a megabyte, and 64 of them', async () => {
	const put = async (bytes: number) => {
		const note = 'x'.repeat(bytes - JSON.stringify({ note: '' }).length);
		return (await ask('PUT', `/ledger/x${bytes}`, { note })).status;
	};
	expect([await put(1024 ** 2), await put(1024 ** 2 + 1)]).toEqual([201, 413]);
	const { requestBytes, requestMs } = cloudant.faults;
	expect({ requestBytes, requestMs }).toEqual({ requestBytes: 67_108_864, requestMs: 60_000 });
});

test('what takes longer than it may is ended with the error of CouchDB', async () => {
	const behind = await startFakeStore(() => 'say nothing');
	const slow = await startFakeCloudant({
		url: behind.url,
		credential: { authorization: async () => '' }
	});
	slow.faults.requestMs = 50;
	const authorization = toBasicAuthorization(slow.username, slow.password);
	const answer = await askJson('GET', `${slow.url}/ledger/a`, undefined, { authorization });
	expect(answer).toMatchObject({ status: 500, body: { error: 'timeout' } });
	expect(slow.refusals).toEqual({ 500: 1 });
	await slow.stop();
	await behind.stop();
});

test('a token ends when its time is over, and all of them when they are revoked', async () => {
	const take = async () => {
		const body = new URLSearchParams({
			grant_type: 'urn:ibm:params:oauth:grant-type:apikey',
			apikey: cloudant.iam.apiKey
		});
		const answer = await fetch(cloudant.tokenUrl, { method: 'POST', body });
		return `Bearer ${((await answer.json()) as { access_token: string }).access_token}`;
	};
	const look = async (authorization: string) =>
		(await askJson('GET', cloudant.url, undefined, { authorization })).status;
	const long = await take();
	cloudant.iam.tokenSeconds = 0.2;
	const short = await take();
	expect([await look(long), await look(short)]).toEqual([200, 200]);
	await expect.poll(() => look(short)).toBe(401);
	expect(await look(long)).toBe(200);
	cloudant.iam.revoke();
	expect(await look(long)).toBe(401);
});
