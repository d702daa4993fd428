import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { inspect } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { StoreUnavailable } from '#service/couch/client.ts';
import { createDatabase, destroyDatabase } from '#service/couch/cloudant.ts';
import { startTestStore } from '#service/couch/embedded/test-store.ts';
import { startFakeStore, type FakeAnswer, type FakeRequest } from '#service/couch/fake-store.ts';
import { toStoreAddress } from '#service/couch/store-address.ts';
import { findRunningStore } from '#service/couch/store-file.ts';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
	for (const step of cleanUp.splice(0).reverse()) await step();
});

async function fake(answer: (request: FakeRequest) => FakeAnswer) {
	const store = await startFakeStore(answer);
	cleanUp.push(store.stop);
	return { ...store, address: toStoreAddress(store.url.replace('//', '//ann:s3cret@')) };
}

test('makes and removes databases of the embedded store, as often as it is told to', async () => {
	const store = await startTestStore();
	cleanUp.push(store.stop);
	const address = (await findRunningStore(store.dataDir))!;
	for (let time = 0; time < 2; time++) {
		expect(await createDatabase(address, 'a/ledger')).toEqual({ ok: true });
	}
	expect((await store.ask('GET', '/a%2Fledger/_security')).body).toEqual({
		admins: { names: [], roles: ['_admin'] },
		members: { names: [], roles: ['_admin'] }
	});
	for (let time = 0; time < 2; time++) await destroyDatabase(address, 'a/ledger');
	expect((await store.ask('GET', '/_all_dbs')).body).toEqual([]);
	expect(store.failures).toEqual([]);
});

test('closes a database of CouchDB to everybody else, and leaves Cloudant to its own ways', async () => {
	const names = { couch: 'The Apache Software Foundation', cloudant: 'IBM Cloudant' };
	const paths = async (vendor: string) => {
		const { address, requests } = await fake(({ method, path }) =>
			method === 'GET' && path === '/'
				? { status: 200, body: { couchdb: 'Welcome', vendor: { name: vendor } } }
				: { status: 201, body: { ok: true } }
		);
		await createDatabase(address, 'ledger');
		expect(new Set(requests.map(({ authorization }) => authorization))).toEqual(
			new Set([`Basic ${Buffer.from('ann:s3cret').toString('base64')}`])
		);
		return requests.map(({ method, path }) => `${method} ${path}`);
	};
	expect(await paths(names.couch)).toEqual(['PUT /ledger', 'GET /', 'PUT /ledger/_security']);
	expect(await paths(names.cloudant)).toEqual(['PUT /ledger', 'GET /']);
});

test.each([402, 403, 507])('a store that answers %s is full', async (status) => {
	const { address } = await fake(() => ({ status, body: { error: 'x', reason: 'no more' } }));
	expect(await createDatabase(address, 'ledger')).toEqual({ ok: false, problem: 'full' });
});

test.each([
	[401, 'Name or password is incorrect.'],
	[403, 'Account is temporarily locked due to multiple authentication failures'],
	[500, 'broken'],
	[503, 'busy']
])('a store that answers %i "%s" is unavailable', async (status, reason) => {
	const { address } = await fake(() => ({ status, body: { error: 'x', reason } }));
	const failure = new StoreUnavailable(
		`the store answered ${status} to create a database: ${reason}`
	);
	await expect(createDatabase(address, 'ledger')).rejects.toThrow(failure);
	await expect(destroyDatabase(address, 'ledger')).rejects.toThrow(StoreUnavailable);
});

test('one that cannot be reached is unavailable, and nothing of the credential is told', async () => {
	const { address, stop } = await fake(() => ({ status: 200 }));
	await stop();
	cleanUp.pop();
	const failure = await createDatabase(address, 'ledger').catch((error: unknown) => error);
	expect(failure).toBeInstanceOf(StoreUnavailable);
	expect(inspect(failure, { depth: 9 })).not.toMatch(/s3cret|Basic|YW5uOnMzY3JldA/);
});

test('a process that has made a database may end', async () => {
	const store = await startTestStore();
	cleanUp.push(store.stop);
	const program = `
		import { createDatabase } from '#service/couch/cloudant.ts';
		import { findRunningStore } from '#service/couch/store-file.ts';
		console.log(await createDatabase(await findRunningStore(process.argv[1]), 'ledger'));
	`;
	const child = spawn(process.execPath, ['--input-type=module', '-e', program, store.dataDir], {
		cwd: process.cwd(),
		stdio: ['ignore', 'pipe', 'inherit'],
		timeout: 10_000
	});
	let said = '';
	child.stdout.on('data', (piece) => (said += piece));
	const since = performance.now();
	const [code] = await once(child, 'exit');
	expect(code).toBe(0);
	expect(said).toBe('{ ok: true }\n');
	// Sockets that were kept would hold it for their idle time.
	expect(performance.now() - since).toBeLessThan(4000);
});
