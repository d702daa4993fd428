import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { StoreUnavailable } from '#service/couch/client.ts';
import { createCouchClient } from '#service/couch/couch-client.ts';
import { startEmbeddedStore } from '#service/couch/embedded/start-embedded-store.ts';
import { makeDataDir } from '#service/couch/embedded/test-store.ts';
import { startFakeStore, type FakeAnswer, type FakeRequest } from '#service/couch/fake-store.ts';
import { toStoreAddress, toStoreResolver } from '#service/couch/store-address.ts';
import { removeStoreFile } from '#service/couch/store-file.ts';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
	for (const step of cleanUp.splice(0).reverse()) await step();
});

async function fake(answer: (request: FakeRequest, count: number) => FakeAnswer) {
	const store = await startFakeStore(answer);
	cleanUp.push(store.stop);
	const couchUrl = store.url.replace('//', '//ann:s%40cret@');
	const resolve = toStoreResolver({ couchUrl, dataDir: '' });
	return { ...store, client: createCouchClient({ resolve }) };
}

async function embedded() {
	const dataDir = await makeDataDir();
	cleanUp.push(() => rm(dataDir, { recursive: true, force: true }));
	const store = await startEmbeddedStore({ dataDir });
	cleanUp.push(() => store.stop());
	return { dataDir, store, client: createCouchClient({ resolve: toStoreResolver({ dataDir }) }) };
}

/** A CouchDB where `COUCH_URL` names one, and a database's name that is free in it. */
async function real() {
	const database = `accounts-${randomUUID()}`;
	const couchUrl = process.env.COUCH_URL;
	if (!couchUrl) return { database, ...(await embedded()) };
	const client = createCouchClient({ resolve: toStoreResolver({ couchUrl, dataDir: '' }) });
	cleanUp.push(() => client.request('DELETE', `/${database}`));
	return { database, client };
}

test('takes the credential out of the address and sends it as Basic', async () => {
	const { client, requests, url } = await fake(() => ({ status: 200 }));
	await client.request('GET', '/ledger');
	expect(requests).toMatchObject([
		{ path: '/ledger', authorization: `Basic ${Buffer.from('ann:s@cret').toString('base64')}` }
	]);
	const under = toStoreAddress(`${url.replace('//', '//ann:x@')}/couch/?a=1#b`);
	expect(under.url).toBe(`${url}/couch`);
	for (const bad of ['nonsense:secret', 'ftp://ann:secret@x', 'secret']) {
		expect(() => toStoreAddress(bad)).toThrow(/^COUCH_URL (?!.*secret)/);
	}
});

test('works with documents as a store has them', async () => {
	const { client, database } = await real();
	await client.request('PUT', `/${database}`);
	expect(await client.find(database, 'account:a')).toBeUndefined();
	const first = await client.put(database, { _id: 'account:a', n: 1 });
	expect(first).toEqual({ rev: expect.stringMatching(/^1-/) });
	const { rev } = first as { rev: string };
	expect(await client.put(database, { _id: 'account:a', n: 2 })).toBe('conflict');
	const second = await client.put(database, { _id: 'account:a', _rev: rev, n: 2 });
	expect(await client.find(database, 'account:a')).toMatchObject({ n: 2 });

	await client.put(database, { _id: 'account:b/ä', n: 3 });
	await client.put(database, { _id: 'session:c', n: 4 });
	const listed = await client.list(database, 'account:');
	expect(listed.map(({ _id }) => _id)).toEqual(['account:a', 'account:b/ä']);

	expect(await client.remove(database, 'account:a', rev)).toBe('conflict');
	const latest = (second as { rev: string }).rev;
	expect(await client.remove(database, 'account:a', latest)).toBe('removed');
	expect(await client.remove(database, 'account:a', latest)).toBe('conflict');
	expect(await client.find(database, 'account:a')).toBeUndefined();
	expect(await client.put(database, { _id: '_local/x', n: 1 })).toEqual({ rev: '0-1' });
});

test('a database that is not there is no missing document', async () => {
	const { client } = await real();
	const message = 'the store has no database nowhere';
	await expect(client.find('nowhere', 'a')).rejects.toThrow(new StoreUnavailable(message));
	await expect(client.list('nowhere', 'a')).rejects.toThrow(new StoreUnavailable(message));
	await expect(client.remove('nowhere', 'a', '1-a')).rejects.toThrow(StoreUnavailable);
	await expect(client.put('nowhere', { _id: 'a' })).rejects.toThrow(StoreUnavailable);
});

test.each([429, 500, 502, 503, 504])('asks again after a %s', async (status) => {
	const { client, requests } = await fake((_, count) => ({ status: count < 3 ? status : 200 }));
	expect((await client.request('GET', '/ledger')).status).toBe(200);
	expect(requests).toHaveLength(3);
});

test('asks again after the connection broke', async () => {
	const { client, requests } = await fake((_, count) => (count < 2 ? 'hang up' : { status: 200 }));
	expect((await client.request('POST', '/ledger/_revs_diff?x=1', { body: {} })).status).toBe(200);
	expect(requests).toHaveLength(2);
});

test('waits as long as the store wishes', async () => {
	const { client } = await fake((_, count) =>
		count < 2 ? { status: 429, headers: { 'retry-after': '1' } } : { status: 200 }
	);
	const since = performance.now();
	await client.request('GET', '/ledger');
	// Timers may be a moment early.
	expect(performance.now() - since).toBeGreaterThan(990);
});

test('gives up at once when the store wishes longer than anybody waits', async () => {
	const { client, requests } = await fake(() => ({
		status: 503,
		headers: { 'retry-after': '60' }
	}));
	await expect(client.request('GET', '/ledger')).rejects.toThrow('the store answered 503');
	expect(requests).toHaveLength(1);
});

test('gives up within some five seconds', async () => {
	const { client, requests } = await fake(() => ({ status: 503 }));
	const since = performance.now();
	await expect(client.request('GET', '/ledger')).rejects.toThrow(StoreUnavailable);
	expect(performance.now() - since).toBeLessThan(6000);
	expect(requests.length).toBeGreaterThan(3);
	expect(requests.length).toBeLessThan(12);
});

test('sends nothing twice that must not arrive twice', async () => {
	const { client, requests } = await fake(() => ({ status: 500 }));
	const docs = [{ _id: 'a' }];
	const write = client.request('POST', '/ledger/_bulk_docs', { body: { docs } });
	await expect(write).rejects.toThrow(StoreUnavailable);
	expect(requests).toHaveLength(1);
});

test('copies of revisions, and whatever was refused for the rate, are sent again', async () => {
	const { client, requests } = await fake((_, count) => ({
		status: [500, 201, 429, 201][count - 1]!
	}));
	const docs = [{ _id: 'a', _rev: '1-a' }];
	const path = '/ledger/_bulk_docs';
	await client.request('POST', path, { body: { docs, new_edits: false } });
	await client.request('POST', path, { body: { docs } });
	expect(requests).toHaveLength(4);
});

test('a write that was stored before its answer was lost is no conflict', async () => {
	const { client } = await fake(({ method, path }, count) => {
		if (method === 'GET') {
			const n = path === '/accounts/ours' ? 1 : 2;
			return { status: 200, body: { _id: path.slice('/accounts/'.length), _rev: '1-aa', n } };
		}
		return count % 3 === 1 ? 'hang up' : { status: 409 };
	});
	expect(await client.put('accounts', { _id: 'ours', n: 1 })).toEqual({ rev: '1-aa' });
	expect(await client.put('accounts', { _id: 'theirs', n: 1 })).toBe('conflict');
});

test('passes every other answer on', async () => {
	for (const status of [304, 400, 403, 404, 409, 412, 413]) {
		const { client } = await fake(() => ({ status }));
		expect((await client.request('GET', '/ledger')).status).toBe(status);
	}
});

test('a refused or locked credential is named, and not shown', async () => {
	const refused = await fake(() => ({ status: 401 }));
	await expect(refused.client.request('GET', '/')).rejects.toThrow(
		new StoreUnavailable('the store refused our credential')
	);
	expect(refused.requests).toHaveLength(1);
	const reason = 'Account is temporarily locked due to multiple authentication failures';
	const locked = await fake(() => ({ status: 403, body: { error: 'forbidden', reason } }));
	await expect(locked.client.request('GET', '/')).rejects.toThrow(
		new StoreUnavailable('the store has locked our credential out')
	);
});

test('a store that says nothing is given up on', async () => {
	const { url } = await fake(() => 'say nothing');
	const resolve = async () => toStoreAddress(url);
	const client = createCouchClient({ resolve, answerMs: 50 });
	await expect(client.request('POST', '/ledger', { body: {} })).rejects.toThrow(
		'the store did not answer: nothing within 50 ms'
	);
});

test('an aborted request ends with the reason of its signal, also between two attempts', async () => {
	const { client } = await fake(() => 'say nothing');
	const reason = new Error('the device went away');
	const early = AbortSignal.abort(reason);
	await expect(client.request('GET', '/', { signal: early })).rejects.toBe(reason);

	const during = new AbortController();
	const asked = client.request('GET', '/', { signal: during.signal });
	during.abort(reason);
	await expect(asked).rejects.toBe(reason);

	const between = new AbortController();
	const busy = await fake(() => {
		setImmediate(() => between.abort(reason));
		return { status: 503, headers: { 'retry-after': '4' } };
	});
	const since = performance.now();
	const pausing = busy.client.request('GET', '/', { signal: between.signal });
	await expect(pausing).rejects.toBe(reason);
	expect(performance.now() - since).toBeLessThan(2000);
});

test('finds a store that was stopped and started again, and sees its epoch', async () => {
	const { client, dataDir, store } = await embedded();
	await client.request('PUT', '/ledger');
	const epoch = await client.epoch();
	expect(epoch).toMatch(/^[0-9a-f]{32}$/);
	expect(await client.epoch()).toBe(epoch);

	await store.stop();
	const asked = client.request('GET', '/ledger');
	const again = await startEmbeddedStore({ dataDir });
	cleanUp.push(() => again.stop());
	expect((await asked).status).toBe(200);
	expect(await client.epoch()).toBe(epoch);
});

test('a store under another password is asked again with the new one, and its epoch is read anew', async () => {
	let password = 'old';
	let epoch = 'one';
	const store = await startFakeStore(({ authorization }) => {
		const right = `Basic ${Buffer.from(`ann:${password}`).toString('base64')}`;
		if (authorization !== right) return { status: 401 };
		return { status: 200, body: { uuid: epoch, vendor: { name: 'Outlay embedded store' } } };
	});
	cleanUp.push(store.stop);
	const resolve = vi.fn(async () => toStoreAddress(store.url.replace('//', `//ann:${password}@`)));
	const client = createCouchClient({ resolve });
	expect(await client.epoch()).toBe('one');
	[password, epoch] = ['new', 'two'];
	expect((await client.request('POST', '/x', { body: {} })).status).toBe(200);
	expect(await client.epoch()).toBe('two');
	expect(resolve).toHaveBeenCalledTimes(2);
});

test('a store that is gone for good is unavailable, and its epoch too', async () => {
	const { client, dataDir, store } = await embedded();
	await store.stop();
	await removeStoreFile(dataDir);
	const gone = /^the store did not answer: no embedded store runs on DATA_DIR$/;
	await Promise.all([
		expect(client.request('GET', '/ledger')).rejects.toThrow(gone),
		expect(client.epoch()).rejects.toThrow(StoreUnavailable)
	]);
});

test('other stores have no epoch', async () => {
	const { client } = await fake(() => ({
		status: 200,
		body: { couchdb: 'Welcome', uuid: 'abc', vendor: { name: 'The Apache Software Foundation' } }
	}));
	expect(await client.epoch()).toBe('');
});
