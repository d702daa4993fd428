import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { HashingBusy } from '#service/accounts/password.ts';
import { StoreUnavailable } from '#service/couch/client.ts';
import { readAnswer } from '#service/couch/read-answer.ts';
import { addJsonBodies } from '#service/plugins/json-bodies.ts';
import { addProblemHandler } from '#service/plugins/problem-handler.ts';

test.each([
	[new HashingBusy('busy'), 503, 'busy', '3'],
	[new StoreUnavailable('away'), 503, 'store-unavailable', '2'],
	[new Error('secret'), 500, 'internal', undefined]
])('%s is answered with %i %s', async (error, status, code, retryAfter) => {
	const app = Fastify();
	addProblemHandler(app);
	app.get('/', () => Promise.reject(error));
	const answer = await app.inject('/');
	expect([answer.statusCode, answer.headers['retry-after']]).toEqual([status, retryAfter]);
	expect(answer.json()).toMatchObject({ error: code });
	expect(answer.body).not.toContain('secret');
});

test('an answer of the store that is no JSON is no fault of the request', async () => {
	const broken = new Response('{"hidden');
	const app = Fastify();
	addProblemHandler(app);
	addJsonBodies(app);
	app.get('/', () => readAnswer(broken));
	app.post('/', async () => 'read');
	const answer = await app.inject('/');
	expect([answer.statusCode, answer.json()]).toMatchObject([503, { error: 'store-unavailable' }]);
	const refused = await app.inject({ method: 'POST', url: '/', payload: '{"hidden' });
	expect([refused.statusCode, refused.json()]).toMatchObject([400, { error: 'malformed-json' }]);
});
