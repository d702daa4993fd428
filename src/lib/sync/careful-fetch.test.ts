import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { INCARNATION_HEADER } from '#contract/replication.ts';
import { carefulFetch, type Fetch } from './careful-fetch.ts';
import type { Ending } from './ending.ts';
import type { Refusal } from './send-batch.ts';

const LEDGER = 'https://outlay.example.org/sync/abc';

beforeEach(() => {
	vi.useFakeTimers();
});

afterEach(() => {
	vi.useRealTimers();
});

/** A network that answers with these, one after the other, and notes what it was sent. */
function network(...answers: (Response | Error)[]) {
	const sent: { url: string; init: RequestInit | undefined }[] = [];
	const endings: Ending[] = [];
	const incarnations: string[] = [];
	const fetch: Fetch = async (url, init) => {
		sent.push({ url: String(url), init });
		const answer = answers.shift();
		if (!answer) throw new Error('Nobody expected another request');
		if (answer instanceof Error) throw answer;
		return answer;
	};
	const send = carefulFetch(fetch, {
		onheard: () => {},
		onincarnation: (incarnation) => incarnations.push(incarnation),
		onending: (ending) => endings.push(ending)
	});
	return { send, sent, endings, incarnations };
}

function problem(status: number, headers: Record<string, string> = {}): Response {
	return Response.json({ error: 'x', reason: 'x' }, { status, headers });
}

test.each([429, 502, 503, 504])('%i is tried again, not before Retry-After', async (status) => {
	const { send, sent } = network(problem(status, { 'retry-after': '3' }), Response.json({}));
	const answer = send(`${LEDGER}/_bulk_get`, { method: 'POST', body: '{}' });
	await vi.advanceTimersByTimeAsync(2900);
	expect(sent).toHaveLength(1);
	await vi.advanceTimersByTimeAsync(2000);
	expect((await answer).status).toBe(200);
	expect(sent).toHaveLength(2);
});

test('a service that stays busy is given up on after a few tries', async () => {
	const { send, sent } = network(problem(503), problem(503), problem(503), problem(503));
	const answer = send(`${LEDGER}/_changes`);
	await vi.advanceTimersByTimeAsync(60_000);
	expect((await answer).status).toBe(503);
	expect(sent).toHaveLength(4);
});

test('waiting for the next try ends when the request is aborted', async () => {
	const { send, sent } = network(problem(503, { 'retry-after': '10' }));
	const abort = new AbortController();
	const answer = send(`${LEDGER}/_changes`, { signal: abort.signal });
	const ended = expect(answer).rejects.toThrow('enough');
	await vi.advanceTimersByTimeAsync(100);
	abort.abort(new Error('enough'));
	await ended;
	expect(sent).toHaveLength(1);
});

test('a page that a proxy answers with becomes a JSON error of the same status', async () => {
	const { send } = network(new Response('<h1>Sign in</h1>', { status: 401 }));
	const answer = await send(`${LEDGER}/_changes`);
	expect(answer.status).toBe(401);
	expect(answer.headers.get('content-type')).toBe('application/json');
	expect(await answer.json()).toMatchObject({ error: 'not-json' });
});

/** Sends documents of these ids; what comes back is what was refused, and how many were sent at a time. */
async function sendDocuments(ids: string[], ...answers: (Response | Error)[]) {
	const { send, sent, endings } = network(...answers);
	const docs = ids.map((_id) => ({ _id, _rev: `1-${_id}` }));
	const body = JSON.stringify({ docs, new_edits: false });
	const answer = await send(`${LEDGER}/_bulk_docs`, { method: 'POST', body });
	const bodies = sent.map(({ init }) => JSON.parse(String(init?.body)) as { docs: unknown[] });
	for (const each of bodies) expect(each).toMatchObject({ new_edits: false });
	return { answer, batches: bodies.map((each) => each.docs.length), endings };
}

const taken = (): Response => Response.json([], { status: 201 });

test.each([
	['too large', () => problem(413)],
	['not understood', () => problem(400)],
	['stopped by something in between', () => new Response('<h1>Blocked</h1>', { status: 403 })]
])('a batch that is %s is halved down to the one document that is', async (_, refusal) => {
	const { answer, batches, endings } = await sendDocuments(
		['a', 'b', 'c'],
		refusal(), // a b c
		refusal(), // a b
		taken(), // a
		refusal(), // b
		taken() // c
	);
	expect(answer.status).toBe(201);
	expect(await answer.json()).toEqual([{ id: 'b', rev: '1-b', error: 'refused' }]);
	expect(batches).toEqual([3, 2, 1, 1, 1]);
	expect(endings).toEqual([]);
});

test('what the store says of a single document is passed on, with its revision', async () => {
	const row = { id: 'b', error: 'forbidden', reason: 'No.' };
	const { answer } = await sendDocuments(['a', 'b'], Response.json([row], { status: 201 }));
	expect(await answer.json()).toEqual([{ id: 'b', rev: '1-b', error: 'forbidden' }]);
});

test.each([402, 507])('%i is said of every document, and nothing is halved', async (status) => {
	const { answer, batches } = await sendDocuments(['a', 'b'], problem(status));
	const refusals = (await answer.json()) as Refusal[];
	expect(refusals.map(({ id, error }) => `${id} ${error}`)).toEqual([
		'a quota-exceeded',
		'b quota-exceeded'
	]);
	expect(batches).toEqual([2]);
});

test('an answer that no store gives says nothing about the documents', async () => {
	await expect(sendDocuments(['a'], new Response('<h1>Welcome</h1>'))).rejects.toThrow();
	await expect(sendDocuments(['a'], Response.json({ ok: true }))).rejects.toThrow('store');
});

test.each([
	[401, { error: 'signed-out' }, 'signed-out'],
	[401, undefined, 'signed-out'],
	[403, { error: 'forbidden' }, 'signed-out'],
	[403, { error: 'suspended' }, 'suspended']
])('%i with %o ends the connection: %s', async (status, body, ending) => {
	const page = new Response('<h1>No</h1>', { status });
	const { send, endings } = network(body ? Response.json(body, { status }) : page);
	await send(`${LEDGER}/_changes`);
	expect(endings).toEqual([ending]);
});

test('a page that says 403 is nobody’s word on the session', async () => {
	const { send, endings } = network(new Response('<h1>Blocked</h1>', { status: 403 }));
	expect((await send(`${LEDGER}/_changes`)).status).toBe(403);
	expect(endings).toEqual([]);
});

test('a longpoll that falls silent is ended, one that gives signs of life is not', async () => {
	const ended: unknown[] = [];
	let beat: ReadableStreamDefaultController<Uint8Array> | undefined;
	const send = carefulFetch(
		(_url, init) => {
			const body = new ReadableStream<Uint8Array>({
				start(controller) {
					beat = controller;
					init?.signal?.addEventListener('abort', () => controller.error(init.signal?.reason));
				}
			});
			return Promise.resolve(new Response(body));
		},
		{ onheard: () => {}, onincarnation: () => {}, onending: () => {} }
	);
	const answer = send(`${LEDGER}/_changes?feed=longpoll&since=1`)
		.then((response) => response.text())
		.catch((error: unknown) => ended.push(error));
	await vi.advanceTimersByTimeAsync(0);
	for (let beats = 0; beats < 10; beats++) {
		await vi.advanceTimersByTimeAsync(10_000);
		beat?.enqueue(new TextEncoder().encode('\n'));
	}
	expect(ended).toEqual([]);
	await vi.advanceTimersByTimeAsync(30_000);
	await answer;
	expect(String(ended[0])).toContain('silent');
});

test('an answer that never comes is given up on, a slow one is not', async () => {
	const send = carefulFetch(
		(_url, init) =>
			new Promise((_resolve, reject) => {
				init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
			}),
		{ onheard: () => {}, onincarnation: () => {}, onending: () => {} }
	);
	let said = '';
	const answer = send(`${LEDGER}/_bulk_get`).catch((error: unknown) => (said = String(error)));
	await vi.advanceTimersByTimeAsync(60_000);
	expect(said).toBe('');
	await vi.advanceTimersByTimeAsync(60_000);
	await answer;
	expect(said).toContain('silent');
});

test('a failure of the network is passed on', async () => {
	const { send } = network(new TypeError('fetch failed'));
	await expect(send(`${LEDGER}/_changes`)).rejects.toThrow('fetch failed');
});

test('every answer’s incarnation is reported', async () => {
	const headers = { [INCARNATION_HEADER]: 'one' };
	const { send, incarnations } = network(Response.json({}, { headers }), problem(404, headers));
	await send(`${LEDGER}/`);
	await send(`${LEDGER}/_local/x`);
	expect(incarnations).toEqual(['one', 'one']);
});
