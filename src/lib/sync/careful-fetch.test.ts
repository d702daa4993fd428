import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { INCARNATION_HEADER } from '#contract/replication.ts';
import { carefulFetch, type Fetch } from './careful-fetch.ts';

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
	const refused: string[] = [];
	const incarnations: string[] = [];
	const fetch: Fetch = async (url, init) => {
		sent.push({ url: String(url), init });
		const answer = answers.shift();
		if (!answer) throw new Error('Nobody expected another request');
		if (answer instanceof Error) throw answer;
		return answer;
	};
	const send = carefulFetch(fetch, {
		onincarnation: (incarnation) => incarnations.push(incarnation),
		onrefused: (id) => refused.push(id)
	});
	return { send, sent, refused, incarnations };
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

test('a batch that is too large is halved down to the one document that is', async () => {
	const docs = ['a', 'b', 'c'].map((_id) => ({ _id }));
	const { send, sent, refused } = network(
		problem(413), // a b c
		problem(413), // a b
		Response.json([], { status: 201 }), // a
		problem(413), // b
		Response.json([{ ok: true }], { status: 201 }) // c
	);
	const answer = await send(`${LEDGER}/_bulk_docs`, {
		method: 'POST',
		body: JSON.stringify({ docs, new_edits: false })
	});
	expect(answer.status).toBe(201);
	expect(await answer.json()).toEqual([{ ok: true }]);
	expect(refused).toEqual(['b']);
	const batches = sent.map(({ init }) => JSON.parse(String(init?.body)) as { docs: unknown[] });
	expect(batches.map((body) => body.docs.length)).toEqual([3, 2, 1, 1, 1]);
	for (const body of batches) expect(body).toMatchObject({ new_edits: false });
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
		{ onincarnation: () => {}, onrefused: () => {} }
	);
	const answer = send(`${LEDGER}/_changes?feed=longpoll&since=1`).catch((error: unknown) =>
		ended.push(error)
	);
	for (let beats = 0; beats < 10; beats++) {
		await vi.advanceTimersByTimeAsync(10_000);
		beat?.enqueue(new TextEncoder().encode('\n'));
	}
	expect(ended).toEqual([]);
	await vi.advanceTimersByTimeAsync(30_000);
	await answer;
	expect(String(ended[0])).toContain('silent');
});

test('the ledger’s own figures never fail: PouchDB asks for them where nobody catches', async () => {
	const { send } = network(new TypeError('fetch failed'));
	const answer = await send(`${LEDGER}/`);
	expect(answer.status).toBe(503);
	expect(await answer.json()).toMatchObject({ error: 'unreachable' });
});

test('any other failure of the network is passed on', async () => {
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
