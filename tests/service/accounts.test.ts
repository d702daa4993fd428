import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Problem } from '#contract/problem.ts';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import { expectProblem } from '#tests/service/expect-problem.ts';
import { PASSWORD, postJson, sendRaw, signIn, signUp } from '#tests/service/people.ts';

let service: RunningService;
beforeAll(async () => {
	service = await runService();
});
afterAll(() => service.stop());

const newEmail = () => `${randomUUID()}@example.org`;

function post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response> {
	return postJson(service.url + path, body, headers);
}

test('who signs up is signed in, until signing out', async () => {
	const ann = await signUp(service.url);
	const session = await ann.send('/api/session');
	expect(session.status).toBe(200);
	expect(await session.json()).toEqual({
		account: { id: ann.accountId, email: ann.email, role: 'member' },
		ledger: { id: ann.ledgerId }
	});

	const out = await ann.send('/api/session', { method: 'DELETE' });
	expect(out.status).toBe(204);
	expect(out.headers.getSetCookie()[0]).toMatch(
		/^outlay-session=;.*(Max-Age=0|Expires=Thu, 01 Jan 1970)/
	);
	await expectProblem(await ann.send('/api/session'), 401, 'signed-out');
	await expectProblem(await ann.send(`/sync/${ann.ledgerId}/`), 401, 'signed-out');
});

test('who signs in again finds the same account and ledger, in any spelling of the email', async () => {
	const ann = await signUp(service.url);
	const again = await signIn(service.url, ` ${ann.email.toUpperCase()} `);
	expect([again.accountId, again.ledgerId]).toEqual([ann.accountId, ann.ledgerId]);
	expect(again.cookie).not.toBe(ann.cookie);
	await again.send('/api/session', { method: 'DELETE' });
	expect((await ann.send('/api/session')).status).toBe(200);
});

test('nothing kept in the store lets anybody in', async () => {
	const ann = await signUp(service.url);
	const kept = JSON.stringify(await service.store.rows());
	expect(kept).not.toContain(PASSWORD);
	const token = ann.cookie.split('=')[1] ?? '';
	expect(kept).not.toContain(token);
	expect(kept).not.toContain(token.split('.')[1]);
	expect(kept).toContain(`session:${ann.accountId}:`);
});

test('an email is taken once, and signing up again changes nothing', async () => {
	const ann = await signUp(service.url);
	const databases = await service.store.databases();
	const again = await post('/api/account', { email: ann.email, password: 'another long one' });
	await expectProblem(again, 409, 'email-taken');
	expect(again.headers.getSetCookie()).toEqual([]);
	expect(await service.store.databases()).toEqual(databases);
	await signIn(service.url, ann.email);
});

test('of sign-ups at the same instant one wins, and one database is made', async () => {
	const email = newEmail();
	const before = await service.store.databases();
	const answers = await Promise.all(
		Array.from({ length: 4 }, () => post('/api/account', { email, password: PASSWORD }))
	);
	expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
	expect(await service.store.databases()).toHaveLength(before.length + 1);
	const winner = answers.find(({ status }) => status === 201);
	const person = await signIn(service.url, email);
	expect(await winner?.json()).toMatchObject({ ledger: { id: person.ledgerId } });
	const accounts = (await service.store.rows()).filter((row) => row.email === email);
	expect(accounts).toHaveLength(1);
});

test.each([
	['short', 'at least 8'],
	['password123', 'random words'],
	['qwertyuiop', 'random words']
])('%s is a weak password', async (password, hint) => {
	const answer = await post('/api/account', { email: newEmail(), password });
	expect(await expectProblem(answer, 400, 'weak-password')).toContain(hint);
});

test('the longest password, in the longest way to write it, signs in', async () => {
	const email = newEmail();
	const words = ['🦊', '🐻', '🦉', '🌲', '🍂', '🌧'];
	const password = Array.from({ length: 128 }, (_, at) => words[at % 6] ?? '').join('');
	const escaped = password
		.split('')
		.map((unit) => `\\u${unit.charCodeAt(0).toString(16)}`)
		.join('');
	const headers = { 'content-type': 'application/json' };
	const body = `{"email":"${email}","password":"${escaped}"}`;
	const made = await sendRaw(service.url, 'POST', '/api/account', headers, body);
	expect([made.status, made.text]).toEqual([201, expect.stringContaining(email)]);
	await signIn(service.url, email, password);
});

test('a password may not be the email', async () => {
	const email = newEmail();
	await expectProblem(await post('/api/account', { email, password: email }), 400, 'weak-password');
});

test.each(['ann', 'ann@', '@example.org', 'a b@example.org', `${'a'.repeat(250)}@example.org`])(
	'%s is no email',
	async (email) => {
		const answer = await post('/api/account', { email, password: PASSWORD });
		await expectProblem(answer, 400, 'invalid-email');
	}
);

test('an unknown email and a wrong password cannot be told apart', async () => {
	const ann = await signUp(service.url);
	const wrong = await post('/api/session', { email: ann.email, password: 'not this one' });
	const unknown = await post('/api/session', { email: newEmail(), password: 'not this one' });
	expect(await wrong.text()).toBe(await unknown.text());
	expect([wrong.status, unknown.status]).toEqual([401, 401]);
	expect([...wrong.headers.keys()]).toEqual([...unknown.headers.keys()]);
});

test('an unknown email asks as much of the store as a wrong password', async () => {
	const ann = await signUp(service.url);
	const counts = [];
	for (const email of [ann.email, newEmail()]) {
		service.store.operations = 0;
		service.store.plan = () => undefined;
		await post('/api/session', { email, password: 'not this one' });
		counts.push(service.store.operations);
	}
	service.store.plan = undefined;
	expect(counts[0]).toBe(counts[1]);
});

test('what is not JSON is said to be', async () => {
	const headers = { 'content-type': 'application/json; charset=utf-8' };
	const answer = await sendRaw(service.url, 'POST', '/api/session', headers, 'a=b');
	expect({ status: answer.status, ...JSON.parse(answer.text) }).toMatchObject({
		status: 400,
		error: 'malformed-json'
	});
});

test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', '???', ''])(
	'a body sent as "%s" is not looked at, valid or not',
	async (type) => {
		const body = JSON.stringify({ email: newEmail(), password: PASSWORD });
		for (const headers of [{ 'content-type': type }, { 'transfer-encoding': 'chunked' }]) {
			const sent = type === '' ? {} : headers;
			const answer = await sendRaw(service.url, 'POST', '/api/account', sent, body);
			expect({ status: answer.status, ...JSON.parse(answer.text) }).toMatchObject({
				status: 415,
				error: 'json-required'
			});
		}
	}
);

test.each([
	[undefined],
	[[]],
	['text'],
	[null],
	[{ email: 'a@b.co' }],
	[{ email: 1, password: 2 }]
])('%j is not a request to sign in', async (body) => {
	const answer = await post('/api/session', body);
	expect(answer.status).toBe(400);
});

test('a body that could not be credentials is not read to its end', async () => {
	const answer = await post('/api/account', { email: newEmail(), password: 'x'.repeat(100_000) });
	await expectProblem(answer, 413, 'too-large');
});

test.each([
	['GET', '/api/nothing'],
	['POST', '/api/nothing'],
	['PUT', '/api/session'],
	['COPY', '/sync/x'],
	['GET', '/api/%zz'],
	['GET', '/sync']
])('%s %s is a problem in JSON', async (method, path) => {
	const answer = await sendRaw(service.url, method, path);
	expect(answer.status).toBeGreaterThanOrEqual(400);
	expect(answer.status).toBeLessThan(500);
	Problem.parse(JSON.parse(answer.text));
	expect(answer.headers['content-type']).toContain('application/json');
});

test.each([
	'',
	'nonsense',
	'a.b',
	'%00',
	'x'.repeat(4000),
	'../account:x.aaaaaaaaaaaaaaaaaaaaaaaaaaa'
])('the cookie "%.40s" signs nobody in', async (value) => {
	const answer = await fetch(`${service.url}/api/session`, {
		headers: { cookie: `outlay-session=${value}` }
	});
	await expectProblem(answer, 401, 'signed-out');
});
