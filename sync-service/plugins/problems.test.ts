import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { ProblemCode } from '#contract/problem.ts';
import { sendProblem, toStatus } from '#service/plugins/problems.ts';

test('what passes says when to try again, and nothing else does', async () => {
	const app = Fastify();
	app.get<{ Params: { code: ProblemCode } }>('/:code', ({ params: { code } }, reply) =>
		sendProblem(reply, code)
	);
	for (const code of ProblemCode.options) {
		const { headers, statusCode } = await app.inject(`/${code}`);
		expect([code, statusCode]).toEqual([code, toStatus(code)]);
		const wait = headers['retry-after'] ?? 'none';
		const expected = [429, 503].includes(statusCode) ? /^[1-9]\d*$/ : /^none$/;
		expect([code, wait]).toEqual([code, expect.stringMatching(expected)]);
	}
});

test('what a request knows better goes before', async () => {
	const app = Fastify();
	app.get('/', (_request, reply) => sendProblem(reply, 'busy', undefined, 6.2));
	expect((await app.inject('/')).headers['retry-after']).toBe('7');
});
