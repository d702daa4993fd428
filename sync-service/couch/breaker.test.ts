import { afterEach, expect, test } from 'vitest';
import { Breaker } from '#service/couch/breaker.ts';
import { Bulkhead } from '#service/couch/bulkhead.ts';
import { createCouchClient } from '#service/couch/couch-client.ts';
import { type FakeAnswer, startFakeStore } from '#service/couch/fake-store.ts';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
	for (const step of cleanUp.splice(0).reverse()) await step();
});

const WAYS: [string, FakeAnswer][] = [
	['429', { status: 429 }],
	['500', { status: 500 }],
	['503', { status: 503, headers: { 'retry-after': '1' } }],
	['hang up', 'hang up'],
	['say nothing', 'say nothing']
];

test.each(WAYS)('a store that fails with %s is left alone, and found again', async (_way, way) => {
	let failing = true;
	const store = await startFakeStore(() => (failing ? way : { status: 200 }));
	cleanUp.push(store.stop);
	const client = createCouchClient({
		resolve: async () => ({ url: store.url, credential: { authorization: async () => '' } }),
		answerMs: 50,
		breaker: { failures: 5, failingMs: 0, pauseMs: 300 }
	});
	const ask = () => client.request('GET', '/ledger').then(({ status }) => status);
	await Promise.allSettled(Array.from({ length: 10 }, ask));
	const asked = store.requests.length;
	const since = performance.now();
	const outcomes = await Promise.allSettled(Array.from({ length: 100 }, ask));
	expect(outcomes.map(({ status }) => status)).not.toContain('fulfilled');
	expect(performance.now() - since).toBeLessThan(1_000);
	expect(store.requests.length - asked).toBeLessThanOrEqual(4);
	failing = false;
	await expect.poll(() => ask().catch(() => 0), { timeout: 3_000 }).toBe(200);
	expect(await Promise.all([ask(), ask(), ask()])).toEqual([200, 200, 200]);
});

test.each([
	[2, false],
	[10, false],
	[30, true]
])('a store that answers one request in %i is left alone: %s', (oneIn, expected) => {
	const breaker = new Breaker({ failures: 10, failingMs: 0, pauseMs: 60_000 });
	let wasOpen = false;
	for (let count = 1; count <= 600 && !wasOpen; count++) {
		if (count % oneIn === 0) breaker.succeeded();
		else breaker.failed();
		wasOpen = breaker.isOpen;
	}
	expect(wasOpen).toBe(expected);
	breaker.succeeded();
	expect([breaker.isOpen, breaker.mayPass(), breaker.mayPass()]).toEqual([false, true, true]);
});

test('a store is not left alone before it has failed for a while', () => {
	const breaker = new Breaker({ failures: 10, failingMs: 60_000 });
	for (let count = 0; count < 100; count++) breaker.failed();
	expect(breaker.isOpen).toBe(false);
});

test('a failing store that recovers sooner is ridden out', async () => {
	const store = await startFakeStore((_request, count) => ({ status: count > 20 ? 200 : 503 }));
	cleanUp.push(store.stop);
	const client = createCouchClient({
		resolve: async () => ({ url: store.url, credential: { authorization: async () => '' } })
	});
	const answers = await Promise.all(
		Array.from({ length: 15 }, () => client.request('GET', '/ledger'))
	);
	expect(answers.every(({ ok }) => ok)).toBe(true);
});

test('a store gets so many requests at once; who waits may leave, and too many are told at once', async () => {
	const bulkhead = new Bulkhead({ most: 2, mostWaiting: 2 });
	const holds = Array.from({ length: 3 }, () => Promise.withResolvers<string>());
	const running: number[] = [];
	const run = (n: number, signal?: AbortSignal) =>
		bulkhead.run(() => {
			running.push(n);
			return holds[n]!.promise;
		}, signal);
	const [first, second] = [run(0), run(1)];
	const leaving = new AbortController();
	const left = run(2, leaving.signal);
	const third = run(2);
	await expect(run(2)).rejects.toThrow('too many requests wait');
	leaving.abort(new Error('gone'));
	await expect(left).rejects.toThrow('gone');
	expect(running).toEqual([0, 1]);
	for (const hold of holds) hold.resolve('done');
	expect(await Promise.all([first, second, third])).toEqual(['done', 'done', 'done']);
	expect(running).toEqual([0, 1, 2]);
	expect(await run(2)).toBe('done');
});
