import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { createCouchClient } from '#service/couch/couch-client.ts';
import { startFakeStore } from '#service/couch/fake-store.ts';
import { toStoreAddress } from '#service/couch/store-address.ts';
import { addDraining } from '#service/plugins/draining.ts';
import { addHealth } from '#service/plugins/health.ts';

test('a service is ready once its store lets it make databases, and stays so until it ends', async () => {
	let isAdmin = false;
	const store = await startFakeStore(({ path }) =>
		path === '/' || isAdmin
			? { status: 200, body: [] }
			: { status: 401, body: { error: 'unauthorized', reason: 'You are not a server admin.' } }
	);
	const app = Fastify();
	addDraining(app, () => {});
	addHealth(app, createCouchClient({ resolve: async () => toStoreAddress(store.url) }));
	const ask = async () => (await app.inject('/health/ready')).statusCode;
	try {
		expect(await ask()).toBe(503);
		isAdmin = true;
		expect(await ask()).toBe(200);
		isAdmin = false;
		const asked = store.requests.length;
		expect(await ask()).toBe(200);
		// Who probes has little time: nobody is asked any more.
		expect(store.requests).toHaveLength(asked);
	} finally {
		await app.close();
		await store.stop();
	}
});
