import { expect, test } from 'vitest';
import { describeError, toErrorLines } from '#service/log/describe-error.ts';

class OwnError extends Error {
	override name = 'OwnError';
	request = { headers: { authorization: 'Basic hidden' } };
}

test('an error is its class, code, message, frames and causes, and nothing that it carries', () => {
	const socket = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), {
		code: 'ECONNREFUSED'
	});
	const error = new OwnError('asked http://user:hidden@127.0.0.1:1/hidden', {
		cause: new AggregateError([new Error('hidden')], "it said 'hidden'", { cause: socket })
	});
	const words = describeError(error);
	expect(words).toMatchObject({
		type: 'OwnError',
		message: 'asked http://127.0.0.1:1',
		cause: {
			type: 'AggregateError',
			message: 'it said …',
			cause: { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 127.0.0.1:1' }
		}
	});
	expect(words.stack).toMatch(/^ +at .*describe-error\.test/);
	expect(JSON.stringify(words) + toErrorLines(error)).not.toContain('hidden');
});

test('of what was to be JSON not a piece is told', () => {
	const thrown = (() => {
		try {
			return JSON.parse('hidden, and "hidden"');
		} catch (error) {
			return error;
		}
	})();
	expect(String(thrown)).toContain('hidden');
	expect(JSON.stringify(describeError(thrown))).not.toContain('hidden');
});

test('causes in a circle come to an end, and what is no error says nothing', () => {
	const error = new Error('round');
	error.cause = error;
	expect(JSON.stringify(describeError(error)).match(/round/g)).toHaveLength(5);
	expect(describeError('hidden')).toEqual({ type: 'string', message: '…' });
});
