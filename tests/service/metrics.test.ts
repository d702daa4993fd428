import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createMetrics, serveMetrics } from '#service/plugins/metrics.ts';
import { runService } from '#tests/support/run-service.ts';
import { PASSWORD, postJson, signUp } from '#tests/service/people.ts';

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
