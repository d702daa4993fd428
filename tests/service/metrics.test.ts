import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createCouchClient } from '#service/couch/couch-client.ts';
import { startFakeStore } from '#service/couch/fake-store.ts';
import { toStoreAddress } from '#service/couch/store-address.ts';
import { toOnlyPlacement } from '#service/ledgers/placements.ts';
import { createMetrics, serveMetrics } from '#service/plugins/metrics.ts';
import { runService } from '#tests/support/run-service.ts';
import { PASSWORD, postJson, signUp, toRevision } from '#tests/service/people.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
	for (const step of cleanUp.splice(0).reverse()) await step();
});

test('requests are counted by route and status, on a listener of its own, and name nobody', async () => {
	const metrics = createMetrics();
	const service = await runService({ parts: { metrics } });
	cleanUp.push(() => service.stop());
	const server = serveMetrics(metrics).listen(0, '127.0.0.1');
	cleanUp.push(() => server.close());
	await once(server, 'listening');
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

	const ann = await signUp(service.url);
	await postJson(`${service.url}/api/session`, { email: ann.email, password: 'not this one' });
	expect((await ann.send(`/sync/${ann.ledgerId}/_changes`)).status).toBe(200);

	const read = async () => (await fetch(`${url}/metrics`)).text();
	await expect.poll(read).toContain('route="/sync/:ledger/_changes",status="200"');
	const text = await read();
	expect(text).toMatch(
		/outlay_requests_total\{method="POST",route="\/api\/account",status="201"\} 1/
	);
	expect(text).toMatch(
		/outlay_requests_total\{method="POST",route="\/api\/session",status="401"\} 1/
	);
	expect(text).toContain('outlay_parked_longpolls 0');
	expect(text).toContain('outlay_recheck_lag_seconds 0');
	expect(text).not.toContain('outlay_peer');
	expect(text).toContain('nodejs_eventloop_lag_seconds');
	for (const secret of [ann.email, ann.ledgerId, ann.accountId, ann.cookie, PASSWORD]) {
		expect(text).not.toContain(secret);
	}

	const other = await fetch(`${url}/`);
	expect(other.status).toBe(404);
	const outside = await fetch(`${service.url}/metrics`);
	expect(await outside.text()).not.toContain('outlay_');
});

test('how the store answers, what waits and whom which limit held back', async () => {
	const metrics = createMetrics();
	const day = { most: 1, windowMs: 86_400_000 };
	const service = await runService({ parts: { metrics, limits: { failuresByPair: day } } });
	cleanUp.push(() => service.stop());
	const ann = await signUp(service.url);
	for (const status of [401, 429]) {
		const wrong = { email: ann.email, password: 'not this one' };
		expect((await postJson(`${service.url}/api/session`, wrong)).status).toBe(status);
	}
	await ann.send('/api/session');
	await ann.post('_bulk_docs', { docs: [toRevision('a')], new_edits: false });
	await ann.send(`/sync/${ann.ledgerId}/_changes`);
	await ann.send(`/sync/${ann.ledgerId}/nothing`);

	const text = await metrics.read();
	const read = (start: string) =>
		text
			.split('\n')
			.filter((line) => line.startsWith(start))
			.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
	const store = (question: string, outcome: string) =>
		read(
			`outlay_store_attempts_total{placement="primary",question="${question}",outcome="${outcome}"}`
		);
	expect(read('outlay_held_back_total{limit="password-pair"}')).toBe(1);
	expect(store('write', '2xx')).toBeGreaterThan(0);
	expect(store('bulk-write', '2xx')).toBe(1);
	expect(store('changes', '2xx')).toBeGreaterThan(0);
	expect(store('document', '4xx')).toBeGreaterThan(0);
	const seconds = 'outlay_store_seconds_count{placement="primary",question="bulk-write"}';
	expect(read(seconds)).toBe(1);
	expect(read('outlay_store_left_alone{placement="primary"}')).toBe(0);
	for (const what of ['running', 'waiting']) {
		expect(text).toContain(`outlay_store_${what}{placement="primary"} 0`);
		expect(text).toContain(`outlay_hashes_${what} 0`);
	}
	expect(read('outlay_sessions_believed_total')).toBeGreaterThan(0);
	expect(read('outlay_sessions_asked_total')).toBe(1);
	expect(text).toContain('outlay_body_bytes 0');
	expect(text).toContain('outlay_bodies_waiting 0');
	// Labels are of a few kinds, whoever comes and whatever they ask.
	const labels = text.matchAll(/(?:route|question|limit|placement|outcome)="([^"]*)"/g);
	expect(new Set(Array.from(labels, ([, value]) => value)).size).toBeLessThan(40);
});

test('a store that is away is told by its gauge and by what came of the attempts', async () => {
	const store = await startFakeStore(() => ({ status: 503 }));
	cleanUp.push(store.stop);
	const client = createCouchClient({
		resolve: async () => toStoreAddress(store.url),
		breaker: { failures: 3, failingMs: 0, pauseMs: 60_000 }
	});
	const metrics = createMetrics();
	const service = await runService({
		parts: { metrics, placements: toOnlyPlacement({ client, provisioner: {} as never }) }
	});
	cleanUp.push(() => service.stop());
	await expect(client.request('GET', '/ledger/a')).rejects.toThrow('503');
	const text = await metrics.read();
	expect(text).toContain('outlay_store_left_alone{placement="primary"} 1');
	expect(text).toContain(
		'outlay_store_attempts_total{placement="primary",question="document",outcome="5xx"} 3'
	);
});
