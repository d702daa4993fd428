import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { DeviceSessions } from '#contract/account.ts';
import { hash } from '@node-rs/argon2';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import { PASSWORD, type Person, postJson, signIn, signUp } from '#tests/service/people.ts';

let service: RunningService;
beforeAll(async () => {
	service = await runService({ parts: { longpolls: { recheckMs: 1_000_000 } } });
});
afterEach(() => void vi.useRealTimers());
afterAll(() => service.stop());

const DAY_MS = 24 * 3_600_000;
const PHONE = 'Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0';

async function listSessions(person: Person) {
	return DeviceSessions.parse(await (await person.ask('GET', '/api/sessions')).json()).sessions;
}

/** Resolves once the longpoll is parked, with what it will be answered. */
async function park(person: Person): Promise<{ answer: Promise<string> }> {
	const response = await person.send(
		`/sync/${person.ledgerId}/_changes?feed=longpoll&heartbeat=10000`
	);
	return { answer: response.text() };
}

const isSignedIn = async (person: Person) =>
	(await person.ask('GET', '/api/session')).status === 200;

async function changeRow(id: string, change: object): Promise<void> {
	const { client } = service.store.real;
	const row = await client.find(service.store.accountsDatabase, id);
	await client.put(service.store.accountsDatabase, { ...row!, ...change });
}

test('sessions are listed with their devices, the one that asks first', async () => {
	const ann = await signUp(service.url);
	const body = { email: ann.email, password: PASSWORD };
	await postJson(`${service.url}/api/session`, body, { 'user-agent': PHONE });
	const listed = await listSessions(ann);
	expect(listed).toMatchObject([
		{ current: true },
		{ device: 'Firefox on Android', current: false }
	]);
	for (const { createdAt, lastSeenAt } of listed) {
		expect(Date.now() - Date.parse(createdAt)).toBeLessThan(60_000);
		expect(lastSeenAt >= createdAt).toBe(true);
	}
	const bob = await signUp(service.url);
	expect(await listSessions(bob)).toHaveLength(1);
});

test('ending one session ends its longpoll at once, and no other', async () => {
	const ann = await signUp(service.url);
	const phone = await signIn(service.url, ann.email);
	const tablet = await signIn(service.url, ann.email);
	const [hers, other] = [await park(phone), await park(tablet)];
	const [, ...others] = await listSessions(ann);
	const phoneId = (await listSessions(phone)).find(({ current }) => current)?.id ?? '';
	expect(others.map(({ id }) => id)).toContain(phoneId);

	const bob = await signUp(service.url);
	expect((await bob.ask('DELETE', `/api/sessions/${phoneId}`)).status).toBe(404);
	expect(await isSignedIn(phone)).toBe(true);

	expect((await ann.ask('DELETE', `/api/sessions/${phoneId}`)).status).toBe(204);
	expect(JSON.parse(await hers.answer)).toMatchObject({ results: [] });
	expect(await isSignedIn(phone)).toBe(false);
	expect(await Promise.race([other.answer, Promise.resolve('parked')])).toBe('parked');
	expect((await ann.ask('DELETE', `/api/sessions/${phoneId}`)).status).toBe(404);
	expect((await ann.ask('DELETE', '/api/sessions/%00')).status).toBe(404);
});

test('ending all others leaves the one that asks', async () => {
	const ann = await signUp(service.url);
	const phone = await signIn(service.url, ann.email);
	const parked = await park(phone);
	expect((await ann.ask('DELETE', '/api/sessions')).status).toBe(204);
	expect(JSON.parse(await parked.answer)).toMatchObject({ results: [] });
	expect(await isSignedIn(phone)).toBe(false);
	expect(await listSessions(ann)).toMatchObject([{ current: true }]);
});

test.each([
	['GET', '/api/sessions'],
	['DELETE', '/api/sessions'],
	['DELETE', '/api/sessions/abc'],
	['GET', '/api/recovery-codes'],
	['POST', '/api/recovery-codes'],
	['PUT', '/api/account/password'],
	['PUT', '/api/account/email'],
	['DELETE', '/api/account']
])('%s %s is for who is signed in', async (method, path) => {
	const answer = await fetch(service.url + path, { method });
	expect(answer.status).toBe(401);
	expect(await answer.json()).toMatchObject({ error: 'signed-out' });
	expect(answer.headers.get('www-authenticate')).toBeNull();
});

test('signing in ends the session the request came with', async () => {
	const ann = await signUp(service.url);
	const body = { email: ann.email, password: PASSWORD };
	const wrong = { ...body, password: 'not this one' };
	const headers = { cookie: ann.cookie };
	expect((await postJson(`${service.url}/api/session`, wrong, headers)).status).toBe(401);
	expect(await isSignedIn(ann)).toBe(true);
	expect((await postJson(`${service.url}/api/session`, body, headers)).status).toBe(201);
	expect(await isSignedIn(ann)).toBe(false);
	expect(await listSessions(await signIn(service.url, ann.email))).toHaveLength(2);
});

test('signing up ends the session the request came with', async () => {
	const ann = await signUp(service.url);
	const body = { email: `next-${ann.email}`, password: PASSWORD };
	const headers = { cookie: ann.cookie };
	const taken = { ...body, email: ann.email };
	expect((await postJson(`${service.url}/api/account`, taken, headers)).status).toBe(409);
	expect(await isSignedIn(ann)).toBe(true);
	expect((await postJson(`${service.url}/api/account`, body, headers)).status).toBe(201);
	expect(await isSignedIn(ann)).toBe(false);
});

test('a session in use lasts on: its cookie is set again in the second half of its time', async () => {
	const ann = await signUp(service.url);
	const begin = Date.now();
	const askOnDay = async (day: number) => {
		vi.useFakeTimers({ toFake: ['Date'], now: begin + day * DAY_MS });
		const { status, headers } = await ann.send('/api/session');
		return { status, cookies: headers.getSetCookie() };
	};
	expect(await askOnDay(44)).toEqual({ status: 200, cookies: [] });
	const renewed = await askOnDay(46);
	expect(renewed).toEqual({ status: 200, cookies: [expect.stringContaining(`${ann.cookie};`)] });
	const until = Date.parse(/Expires=([^;]+)/.exec(renewed.cookies[0] ?? '')?.[1] ?? '');
	expect(Math.round((until - begin) / DAY_MS)).toBe(46 + 90);
	// Past the time it had at first.
	expect((await askOnDay(46 + 40)).status).toBe(200);
	expect((await askOnDay(91)).status).toBe(200);
	expect((await askOnDay(91 + 91)).status).toBe(401);
});

test('who is suspended is told so only with the right password, and is out at once', async () => {
	const ann = await signUp(service.url);
	const parked = await park(ann);
	const since = Date.now();
	await changeRow(`account:${ann.accountId}`, { suspended: true });
	expect(JSON.parse(await parked.answer)).toMatchObject({ results: [] });
	expect(Date.now() - since).toBeLessThan(5_000);
	for (const path of ['/api/session', '/api/sessions', `/sync/${ann.ledgerId}/_changes`]) {
		const answer = await ann.ask('GET', path);
		expect({ path, status: answer.status }).toEqual({ path, status: 403 });
		expect(await answer.json()).toMatchObject({ error: 'suspended' });
	}
	const signingIn = async (password: string) => {
		const answer = await postJson(`${service.url}/api/session`, { email: ann.email, password });
		return { status: answer.status, ...((await answer.json()) as object) };
	};
	expect(await signingIn('not this one')).toMatchObject({
		status: 401,
		error: 'invalid-credentials'
	});
	expect(await signingIn(PASSWORD)).toMatchObject({ status: 403, error: 'suspended' });
	// With that cookie somebody else can sign in, and anybody out.
	const bob = await signUp(service.url);
	const body = { email: bob.email, password: PASSWORD };
	const signedIn = await postJson(`${service.url}/api/session`, body, { cookie: ann.cookie });
	expect(signedIn.status).toBe(201);
	expect((await ann.ask('DELETE', '/api/session')).status).toBe(204);
	await changeRow(`account:${ann.accountId}`, { suspended: undefined });
	expect((await ann.ask('GET', '/api/session')).status).toBe(401);
	await signIn(service.url, ann.email);
});

test('an admin is told to be one', async () => {
	const ann = await signUp(service.url);
	await changeRow(`account:${ann.accountId}`, { role: 'admin' });
	const again = await signIn(service.url, ann.email);
	expect(await (await again.ask('GET', '/api/session')).json()).toMatchObject({
		account: { role: 'admin' }
	});
});

test('a hash of old is made anew at the next sign-in', async () => {
	const ann = await signUp(service.url);
	const old = await hash(PASSWORD, { algorithm: 2, memoryCost: 4096, timeCost: 1, parallelism: 1 });
	await changeRow(`account:${ann.accountId}`, { passwordHash: old });
	const readHash = async () => {
		const rows = await service.store.rows();
		return rows.find(({ _id }) => _id === `account:${ann.accountId}`)?.passwordHash;
	};
	const wrong = { email: ann.email, password: 'not this one' };
	expect((await postJson(`${service.url}/api/session`, wrong)).status).toBe(401);
	expect(await readHash()).toBe(old);
	await signIn(service.url, ann.email);
	expect(await readHash()).toMatch(/m=19456,t=2,p=1/);
	await signIn(service.url, ann.email);
});
