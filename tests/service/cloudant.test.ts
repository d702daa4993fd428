import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CouchClient, StoreUnavailable } from '#service/couch/client.ts';
import { type CloudantSource, toCloudantResolver } from '#service/couch/cloudant-address.ts';
import { createDatabase, destroyDatabase } from '#service/couch/cloudant.ts';
import { ANSWER_MS, createCouchClient } from '#service/couch/couch-client.ts';
import { startTestStore } from '#service/couch/embedded/test-store.ts';
import { startFakeStore } from '#service/couch/fake-store.ts';
import { findRunningStore } from '#service/couch/store-file.ts';
import { judgeBulkBody } from '#service/replication/request-bodies.ts';
import { BATCH_BYTES, DOCUMENT_BYTES } from '#contract/replication.ts';
import { DOCUMENTED } from '#tests/support/cloudant-limits.ts';
import { pushDocuments, signUp, toRevision } from '#tests/service/people.ts';
import { type FakeCloudant, startFakeCloudant } from '#tests/support/fake-cloudant.ts';
import { runUntilExit, spawnService } from '#tests/support/run-service.ts';

let cloudant: FakeCloudant;
let cleanUp: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
	const store = await startTestStore();
	cloudant = await startFakeCloudant((await findRunningStore(store.dataDir))!);
	cleanUp = [store.stop, cloudant.stop];
});
afterEach(async () => {
	for (const step of cleanUp.reverse()) await step();
});

const withKey = (changes: Record<string, string> = {}): CloudantSource => ({
	credentials: {
		url: cloudant.url,
		apiKey: cloudant.iam.apiKey,
		username: undefined,
		password: undefined,
		...changes
	},
	tokenUrl: cloudant.tokenUrl
});
const withPassword = (): CloudantSource => {
	const { url, username, password } = cloudant;
	return { credentials: { url, username, password, apiKey: undefined } };
};
const clientOf = (source: CloudantSource) =>
	createCouchClient({ resolve: toCloudantResolver(source) });

async function look(client: CouchClient, path = '/'): Promise<number> {
	const response = await client.request('GET', path);
	await response.body?.cancel();
	return response.status;
}

test('the first generation takes a password and tokens, the second tokens alone', async () => {
	expect(await look(clientOf(withPassword()))).toBe(200);
	expect(await look(clientOf(withKey()))).toBe(200);
	cloudant.faults.generation = 2;
	await expect(look(clientOf(withPassword()))).rejects.toThrow(StoreUnavailable);
	expect(await look(clientOf(withKey()))).toBe(200);
});

test('databases are made and removed with tokens, and a token that ended meanwhile is replaced', async () => {
	cloudant.faults.generation = 2;
	const address = await toCloudantResolver(withKey())();
	expect(await createDatabase(address, 'a')).toEqual({ ok: true });
	cloudant.iam.revoke();
	expect(await createDatabase(address, 'b')).toEqual({ ok: true });
	await destroyDatabase(address, 'a');
	expect(cloudant.iam.asked).toBe(2);
});

test('at its cap of databases it is full, and one that is there already is none more', async () => {
	cloudant.faults.mostDatabases = 1;
	const address = await toCloudantResolver(withKey())();
	expect(await createDatabase(address, 'a')).toEqual({ ok: true });
	expect(await createDatabase(address, 'a')).toEqual({ ok: true });
	expect(await createDatabase(address, 'b')).toEqual({ ok: false, problem: 'full' });
});

test('the largest body that a device may send is one that it takes, written anew', async () => {
	// Nothing grows more: four characters become twenty-one.
	const doc = (at: number) => `{"_id":"d${at}","_rev":"1-a","n":[${Array(40_000).fill('1e20')}]}`;
	const count = Math.floor(BATCH_BYTES / (doc(99).length + 1)) - 1;
	const text = `{"new_edits":false,"docs":[${Array.from({ length: count }, (_, at) => doc(at))}]}`;
	const verdict = judgeBulkBody('_bulk_docs', text);
	if (!verdict.ok) throw new Error(verdict.refusal.code);
	const bytes = JSON.stringify(verdict.body).length;
	expect(bytes).toBeGreaterThan(4 * BATCH_BYTES);
	expect(bytes).toBeLessThan(DOCUMENTED.requestBytes);
	expect(DOCUMENT_BYTES).toBeLessThan(DOCUMENTED.documentBytes);
});

test('what it ends after its time is asked again where that is safe, and is no answer where not', async () => {
	// Whoever waits for our answers knows before that.
	expect(ANSWER_MS).toBeLessThan(DOCUMENTED.requestMs);
	let isSlow = true;
	const behind = await startFakeStore(() => (isSlow ? 'say nothing' : { status: 200 }));
	const credential = { authorization: async () => '' };
	const slow = await startFakeCloudant({ url: behind.url, credential }, { requestMs: 50 });
	cleanUp.push(behind.stop, slow.stop);
	const { url, username, password } = slow;
	const client = clientOf({ credentials: { url, username, password, apiKey: undefined } });
	const writing = client.request('POST', '/ledger', { body: {} });
	await expect(writing).rejects.toThrow('the store answered 500');
	expect(behind.requests).toHaveLength(1);
	const reading = look(client, '/ledger/a');
	await expect.poll(() => slow.refusals[500]).toBe(2);
	isSlow = false;
	expect(await reading).toBe(200);
});

test('many who need a token at the same time ask for one', async () => {
	const client = clientOf(withKey());
	await Promise.all(Array.from({ length: 50 }, () => look(client)));
	expect(cloudant.iam.asked).toBe(1);
	cloudant.iam.revoke();
	await Promise.all(Array.from({ length: 50 }, () => look(client)));
	expect(cloudant.iam.asked).toBe(2);
});

test('a token is replaced before it ends, and nobody waits or is refused for it', async () => {
	cloudant.iam.tokenSeconds = 1;
	const client = clientOf(withKey());
	const until = performance.now() + 2500;
	while (performance.now() < until) expect(await look(client)).toBe(200);
	expect(cloudant.iam.asked).toBeGreaterThanOrEqual(3);
	expect(cloudant.iam.asked).toBeLessThanOrEqual(5);
	expect(cloudant.refusals).toEqual({});
});

test('a refusal brings one more token, and not one after the other', async () => {
	const client = clientOf(withKey());
	await look(client);
	cloudant.iam.lets = () => false;
	for (let time = 0; time < 5; time++) {
		await expect(look(client)).rejects.toThrow('the store refused our credential');
	}
	expect(cloudant.iam.asked).toBe(2);
});

test('while IAM is away the old token serves until it ends; then it is said what is wrong', async () => {
	cloudant.iam.tokenSeconds = 2;
	const client = clientOf(withKey());
	const since = performance.now();
	await look(client);
	cloudant.iam.isAway = true;
	let served = 0;
	const failure: unknown = await (async () => {
		for (;;) {
			await look(client);
			served = performance.now() - since;
		}
	})().catch((error: unknown) => error);
	expect(served).toBeGreaterThan(1800);
	expect(failure).toBeInstanceOf(StoreUnavailable);
	expect(failure).toMatchObject({ message: 'IAM gave no token: it answered 503' });
	// A few attempts, not one for each of the hundreds of requests.
	expect(cloudant.iam.asked).toBeLessThan(12);
	cloudant.iam.isAway = false;
	await expect.poll(() => look(client).catch(() => 0), { timeout: 5000 }).toBe(200);
});

test('neither key nor password nor token is in what goes wrong', async () => {
	const secrets = [cloudant.iam.apiKey, 'wr0ng-key', cloudant.password];
	const failures = [];
	const attempts = [
		look(clientOf(withKey({ apiKey: 'wr0ng-key' }))),
		look(clientOf({ ...withKey({ apiKey: 'wr0ng-key' }), tokenUrl: 'http://127.0.0.1:1/' })),
		createDatabase(await toCloudantResolver(withKey({ apiKey: 'wr0ng-key' }))(), 'a')
	];
	failures.push(...(await Promise.allSettled(attempts)));
	const address = await toCloudantResolver(withKey())();
	await createDatabase(address, 'a');
	cloudant.iam.lets = () => false;
	cloudant.faults.generation = 2;
	failures.push(
		...(await Promise.allSettled([
			createDatabase(address, 'b'),
			look(clientOf(withKey())),
			look(clientOf(withPassword()))
		]))
	);
	expect(failures.map(({ status }) => status)).toEqual(Array(6).fill('rejected'));
	const said = inspect(failures, { depth: 12, showHidden: true });
	expect(said).toContain('IAM gave no token: it answered 400 (BXNIM0415E)');
	for (const secret of [...secrets, ...cloudant.iam.tokens]) expect(said).not.toContain(secret);
	expect(said).not.toMatch(/Bearer|Basic/);
});

test('a secret that is mounted anew is taken as soon as the old one is refused', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'outlay-secret-'));
	cleanUp.push(() => rm(folder, { recursive: true }));
	const write = (name: string, text: string) => writeFile(join(folder, name), text);
	await write('url', `${cloudant.url}\n`);
	await write('username', cloudant.username);
	await write('password', `${cloudant.password}\n`);
	const client = clientOf({ secretDir: folder, tokenUrl: cloudant.tokenUrl });
	expect(await look(client)).toBe(200);
	cloudant.password = 'an0ther';
	await expect(look(client)).rejects.toThrow(StoreUnavailable);
	await write('password', cloudant.password);
	expect(await look(client)).toBe(200);
	cloudant.faults.generation = 2;
	await write('binding', JSON.stringify({ url: cloudant.url, apikey: cloudant.iam.apiKey }));
	expect(await look(client)).toBe(200);
});

test('a whole service works on tokens; when they fail it says so, and its log holds no secret', async () => {
	cloudant.faults.generation = 2;
	cloudant.iam.tokenSeconds = 1;
	const { url, tokenUrl, iam } = cloudant;
	const service = await spawnService({
		env: { CLOUDANT_URL: url, CLOUDANT_APIKEY: iam.apiKey, IAM_TOKEN_URL: tokenUrl, COUCH_URL: '' }
	});
	cleanUp.push(service.clean);
	const ann = await signUp(service.url);
	await pushDocuments(ann, toRevision('a'));
	iam.isAway = true;
	iam.revoke();
	const read = async () => (await ann.send(`/sync/${ann.ledgerId}/a`)).status;
	await expect.poll(read, { timeout: 10_000 }).toBe(503);
	const refused = await ann.send(`/sync/${ann.ledgerId}/a`);
	expect(refused.status).toBe(503);
	const answer = await refused.text();
	iam.isAway = false;
	await expect.poll(read, { timeout: 10_000 }).toBe(200);
	await service.end();
	expect(service.output()).toContain('IAM gave no token: it answered 503');
	for (const secret of [iam.apiKey, ...iam.tokens]) {
		expect(service.output() + answer).not.toContain(secret);
	}
});

test('a secret that is not there stops the start with a sentence', async () => {
	const env = { CLOUDANT_SECRET_DIR: join(tmpdir(), 'no-such-secret'), PORT: '0' };
	const { code, stderr } = await runUntilExit(env);
	expect(code).toBe(1);
	expect(stderr).toBe('CLOUDANT_SECRET_DIR has no http or https address of a Cloudant.\n');
});
