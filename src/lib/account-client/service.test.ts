import * as z from 'zod/mini';
import { expect, test } from 'vitest';
import { Nothing, Service, type Fetch } from './service.ts';

const Counted = z.looseObject({ left: z.int() });

const answering =
	(body: BodyInit | null, init: ResponseInit = {}): Fetch =>
	async () =>
		new Response(body, init);

test.each([
	['what fits its schema', '{"left":3,"more":1}', 200, { ok: true, value: { left: 3, more: 1 } }],
	['another shape', '{"left":"3"}', 200, { ok: false, problem: 'unexpected-answer' }],
	['no JSON', '<h1>Hello</h1>', 200, { ok: false, problem: 'unexpected-answer' }],
	[
		'a refusal',
		'{"error":"wrong-password","reason":"…"}',
		403,
		{ ok: false, problem: 'wrong-password' }
	],
	[
		'a refusal of another server',
		'<h1>Bad gateway</h1>',
		502,
		{ ok: false, problem: 'unexpected-answer' }
	]
])('%s', async (_, body, status, expected) => {
	const service = new Service('', answering(body, { status }));
	expect(await service.ask('GET', '/api/recovery-codes', Counted)).toEqual(expected);
});

test.each([
	['90', { waitSeconds: 90 }],
	['0', {}],
	['Wed, 21 Oct 2026 07:28:00 GMT', {}],
	['-5', {}]
])('Retry-After: %s', async (retryAfter, wait) => {
	const body = '{"error":"too-many-requests","reason":"…"}';
	const headers = { 'retry-after': retryAfter };
	const service = new Service('', answering(body, { status: 429, headers }));
	const refusal = { ok: false, problem: 'too-many-requests', ...wait };
	expect(await service.ask('POST', '/api/session', Counted, {})).toEqual(refusal);
});

test('an empty answer is one where nothing is to be told', async () => {
	const service = new Service('', answering(null, { status: 204 }));
	expect(await service.ask('DELETE', '/api/session', Nothing)).toEqual({ ok: true });
});

test('a network that is away is told as such', async () => {
	const service = new Service('', () => Promise.reject(new TypeError('Failed to fetch')));
	expect(await service.ask('GET', '/api/session', Counted)).toEqual({
		ok: false,
		problem: 'offline'
	});
});

test('a body is sent as JSON, and without one no type is claimed', async () => {
	const sent: RequestInit[] = [];
	const service = new Service('https://outlay.example', async (_, init = {}) => {
		sent.push(init);
		return new Response(null, { status: 204 });
	});
	await service.ask('PUT', '/api/x', Nothing, { a: 1 });
	await service.ask('DELETE', '/api/x', Nothing);
	expect(sent).toEqual([
		{ method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{"a":1}' },
		{ method: 'DELETE' }
	]);
});
