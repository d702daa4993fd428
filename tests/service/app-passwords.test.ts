import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import PouchDB from 'pouchdb';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Access, AppPassword, NewAppPassword } from '#contract/app-password.ts';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import { listRevisions, openDevice } from '#tests/service/devices.ts';
import {
	PASSWORD,
	type Person,
	pushDocuments,
	sendRaw,
	signUp,
	toRevision
} from '#tests/service/people.ts';

let service: RunningService;
beforeAll(async () => {
	service = await runService();
});
afterAll(() => service.stop());

async function makeKey(person: Person, access: Access, name = 'Script'): Promise<NewAppPassword> {
	const response = await person.send('/api/app-passwords', {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ name, access })
	});
	expect(response.status).toBe(201);
	return (await response.json()) as NewAppPassword;
}

function basic(email: string, password: string): { authorization: string } {
	return { authorization: `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}` };
}

async function listKeys(person: Person): Promise<AppPassword[]> {
	const response = await person.send('/api/app-passwords');
	return ((await response.json()) as { appPasswords: AppPassword[] }).appPasswords;
}

/** A ledger as PouchDB opens it in a program of somebody's own. */
function openWithKey(person: Person, key: NewAppPassword): PouchDB.Database {
	return new PouchDB(person.ledgerUrl, {
		skip_setup: true,
		auth: { username: person.email, password: key.password }
	});
}

test('an app password is told once; lists name it, and nothing that is kept can sign in', async () => {
	const ann = await signUp(service.url);
	const key = await makeKey(ann, 'read-only', '  Backup at home ');
	expect(key).toMatchObject({ name: 'Backup at home', access: 'read-only' });
	const [listed] = await listKeys(ann);
	expect(listed).toEqual({
		id: key.id,
		name: 'Backup at home',
		access: 'read-only',
		createdAt: key.createdAt
	});
	const rows = JSON.stringify(await service.store.rows());
	expect(rows).not.toContain(key.password);
	for (const secret of [key.id, rows.match(/app-password:\w+:(\w+)/)?.[1] ?? '']) {
		const answer = await fetch(`${service.url}/api/session`, { headers: basic(ann.email, secret) });
		expect(answer.status).toBe(401);
	}
});

test('PouchDB in Node pulls with one that may read, and nothing can be written with it', async () => {
	const ann = await signUp(service.url);
	await pushDocuments(ann, toRevision('a'), toRevision('b'));
	const key = await makeKey(ann, 'read-only');
	const copy = openDevice();
	const remote = openWithKey(ann, key);
	const pulled = await PouchDB.replicate(remote, copy);
	expect(pulled).toMatchObject({ ok: true, docs_written: 2 });
	await copy.put({ _id: 'c' });
	await expect(PouchDB.replicate(copy, remote)).rejects.toMatchObject({ status: 403 });
	for (const [method, path, body] of [
		['POST', '_bulk_docs', { docs: [toRevision('d')], new_edits: false }],
		['PUT', '_local/abc', {}]
	] as const) {
		const answer = await fetch(`${ann.ledgerUrl}/${path}`, {
			method,
			headers: { ...basic(ann.email, key.password), 'content-type': 'application/json' },
			body: JSON.stringify(body)
		});
		expect(answer.status).toBe(403);
	}
	const other = openDevice();
	await PouchDB.replicate(remote, other);
	expect(Object.keys(await listRevisions(other))).toEqual(['a', 'b']);
});

test('PouchDB in Node syncs both ways with one that may write', async () => {
	const ann = await signUp(service.url);
	await pushDocuments(ann, toRevision('a'));
	const copy = openDevice();
	await copy.put({ _id: 'b' });
	await PouchDB.sync(copy, openWithKey(ann, await makeKey(ann, 'read-write')));
	const cloud = openDevice();
	await PouchDB.replicate(openWithKey(ann, await makeKey(ann, 'read-only')), cloud);
	expect(await listRevisions(cloud)).toEqual(await listRevisions(copy));
});

/** Not every machine has it. */
const hasCurl = spawnSync('curl', ['--version']).status === 0;

test.skipIf(!hasCurl)(
	'curl gets the session and the export, and is not asked for anything',
	async () => {
		const ann = await signUp(service.url);
		await pushDocuments(ann, toRevision('a'));
		const { password } = await makeKey(ann, 'read-only');
		const run = promisify(execFile);
		const args = ['-s', '-u', `${ann.email}:${password}`, '-i'];
		const { stdout: session } = await run('curl', [...args, `${service.url}/api/session`]);
		expect(session).toContain(ann.ledgerId);
		expect(session.toLowerCase()).not.toContain('set-cookie');
		const { stdout: exported } = await run('curl', [...args, `${service.url}/api/export`]);
		expect(exported).toContain('"_id":"a"');
		const { stdout: refused } = await run('curl', [
			...['-s', '-u', `${ann.email}:wrong`, '-i'],
			`${service.url}/api/export`
		]);
		expect(refused).toMatch(/^HTTP\/1.1 401/);
		expect(refused.toLowerCase()).not.toContain('www-authenticate');
	}
);

test('it reaches its own ledger, the session and the export, and nothing else', async () => {
	const [ann, bob] = [await signUp(service.url), await signUp(service.url)];
	const { password, id } = await makeKey(ann, 'read-write');
	const statusOf = async (method: string, path: string) =>
		(
			await fetch(service.url + path, {
				method,
				headers: { ...basic(ann.email, password), 'content-type': 'application/json' },
				...(method !== 'GET' && { body: JSON.stringify({ password: PASSWORD }) })
			})
		).status;
	expect(await statusOf('GET', `/sync/${ann.ledgerId}`)).toBe(200);
	expect(await statusOf('GET', '/sync/')).toBe(200);
	expect(await statusOf('GET', '/api/session')).toBe(200);
	expect(await statusOf('GET', '/api/export')).toBe(200);
	expect(await statusOf('GET', `/sync/${bob.ledgerId}`)).toBe(403);
	for (const [method, path] of [
		['GET', '/api/sessions'],
		['DELETE', '/api/sessions'],
		['GET', '/api/app-passwords'],
		['POST', '/api/app-passwords'],
		['DELETE', `/api/app-passwords/${id}`],
		['PUT', '/api/account/password'],
		['PUT', '/api/account/email'],
		['DELETE', '/api/account'],
		['GET', '/api/recovery-codes'],
		['POST', '/api/recovery-codes'],
		['GET', '/api/admin/accounts']
	] as const) {
		expect([path, [401, 403, 404]]).toEqual([
			path,
			expect.arrayContaining([await statusOf(method, path)])
		]);
	}
	expect(await listKeys(ann)).toHaveLength(1);
});

test('the password of the account is none, and neither is somebody else’s app password', async () => {
	const [ann, bob] = [await signUp(service.url), await signUp(service.url)];
	const { password } = await makeKey(bob, 'read-write');
	for (const secret of [PASSWORD, password]) {
		const answer = await fetch(`${service.url}/api/session`, { headers: basic(ann.email, secret) });
		expect(await answer.json()).toMatchObject({ error: 'invalid-credentials' });
	}
});

test('a revoked one is over at once, its longpoll too', async () => {
	const ann = await signUp(service.url);
	const key = await makeKey(ann, 'read-only');
	const headers = basic(ann.email, key.password);
	const longpoll = await fetch(`${ann.ledgerUrl}/_changes?feed=longpoll&heartbeat=10000`, {
		headers
	});
	const revoked = await ann.send(`/api/app-passwords/${key.id}`, { method: 'DELETE' });
	expect(revoked.status).toBe(204);
	expect(await longpoll.json()).toMatchObject({ results: [] });
	expect((await fetch(`${service.url}/api/session`, { headers })).status).toBe(401);
	expect((await ann.send(`/api/app-passwords/${key.id}`, { method: 'DELETE' })).status).toBe(404);
	expect(await listKeys(ann)).toEqual([]);
});

test('guessing is throttled, and whoever knows the password is not told to wait elsewhere', async () => {
	const ann = await signUp(service.url);
	const { password } = await makeKey(ann, 'read-only');
	const guess = () =>
		fetch(`${service.url}/api/session`, { headers: basic(ann.email, `outlay-${'x'.repeat(27)}`) });
	const statuses: number[] = [];
	for (let guesses = 0; guesses < 12; guesses++) statuses.push((await guess()).status);
	expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401));
	expect(statuses.at(-1)).toBe(429);
	expect((await guess()).headers.get('retry-after')).toMatch(/^\d+$/);
	// The account itself is not locked by it.
	expect((await ann.send('/api/session')).status).toBe(200);
	expect(password).toMatch(/^outlay-/);
});

test.each([
	['no colon', `Basic ${Buffer.from('nobody').toString('base64')}`],
	['no base64', 'Basic !!!'],
	['no UTF-8', `Basic ${Buffer.from([0xff, 0xfe, 0x3a, 0x61]).toString('base64')}`],
	['nothing', 'Basic '],
	['another scheme', 'Bearer abc'],
	['10,000 characters', `Basic ${'A'.repeat(10_000)}`]
])('an Authorization with %s is nobody’s', async (_, authorization) => {
	const answer = await sendRaw(service.url, 'GET', '/api/session', { authorization });
	expect(answer.status).toBe(401);
	expect(answer.headers['www-authenticate']).toBeUndefined();
});

test('a header for a proxy in front is in nobody’s way', async () => {
	const ann = await signUp(service.url);
	const answer = await ann.send('/api/session', { headers: basic('proxy@example.org', 'secret') });
	expect(answer.status).toBe(200);
	const elsewhere = await fetch(`${service.url}/api/sign-up`, { headers: basic('a@b.c', 'd') });
	expect(elsewhere.status).toBe(200);
});

test('where no cookie is used, no Origin is asked for', async () => {
	const ann = await signUp(service.url);
	const { password } = await makeKey(ann, 'read-only');
	const headers = { ...basic(ann.email, password), origin: 'https://elsewhere.example' };
	expect((await fetch(`${service.url}/api/session`, { headers })).status).toBe(200);
	const withCookie = await ann.send('/api/session', { headers });
	expect(withCookie.status).toBe(403);
});

test('names are asked for, and fifty are enough', async () => {
	const ann = await signUp(service.url);
	const make = (body: object) =>
		ann.send('/api/app-passwords', {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body)
		});
	for (const body of [{}, { name: ' ' }, { name: 'x'.repeat(65) }, { name: 'a', access: 'all' }]) {
		expect((await make(body)).status).toBe(400);
	}
	for (let made = 0; made < 50; made++) await makeKey(ann, 'read-only', `Key ${made}`);
	expect(await (await make({ name: 'One more' })).json()).toMatchObject({
		error: 'too-many-app-passwords'
	});
});

test('a crowd of requests makes no more than fifty', async () => {
	const ann = await signUp(service.url);
	for (let made = 0; made < 47; made++) await makeKey(ann, 'read-only');
	const crowd = await Promise.all(
		Array.from({ length: 8 }, () => ann.ask('POST', '/api/app-passwords', { name: 'At once' }))
	);
	expect((await listKeys(ann)).length).toBeLessThanOrEqual(50);
	expect(crowd.filter(({ status }) => status === 201).length).toBeLessThanOrEqual(3);
});

test("nobody revokes another's, and trying does it no harm", async () => {
	const [ann, bob] = [await signUp(service.url), await signUp(service.url)];
	const { id, password } = await makeKey(ann, 'read-only');
	for (const odd of [id, '', 'x', '..%2F', '%00', `${id}:`, '__proto__', 'z'.repeat(5000)]) {
		const answer = await bob.ask('DELETE', `/api/app-passwords/${odd}`);
		expect({ odd, status: answer.status }).toEqual({ odd, status: 404 });
	}
	const answer = await fetch(`${service.url}/api/session`, { headers: basic(ann.email, password) });
	expect(answer.status).toBe(200);
});

test('a revocation stands, though the use of it is noted in the same moment', async () => {
	const ann = await signUp(service.url);
	const { id, password } = await makeKey(ann, 'read-only');
	const use = () => fetch(`${service.url}/api/session`, { headers: basic(ann.email, password) });
	const using = Array.from({ length: 8 }, use);
	expect((await ann.ask('DELETE', `/api/app-passwords/${id}`)).status).toBe(204);
	await Promise.all(using);
	expect(await listKeys(ann)).toEqual([]);
	expect((await use()).status).toBe(401);
});

test('one that is revoked in one process is over in another within five seconds', async () => {
	const parts = { longpolls: { recheckMs: 1_000_000 } };
	const there = await runService({ parts, beside: service });
	const ann = await signUp(service.url);
	const key = await makeKey(ann, 'read-only');
	const headers = basic(ann.email, key.password);
	const path = `${there.url}/sync/${ann.ledgerId}/_changes?feed=longpoll&heartbeat=10000`;
	const longpoll = await fetch(path, { headers });
	const since = Date.now();
	await ann.ask('DELETE', `/api/app-passwords/${key.id}`);
	expect(await longpoll.json()).toMatchObject({ results: [] });
	expect(Date.now() - since).toBeLessThan(5_000);
	expect((await fetch(`${there.url}/api/session`, { headers })).status).toBe(401);
	await there.close();
});

test('recovery ends it, a changed password does not', async () => {
	const ann = await signUp(service.url);
	const { password } = await makeKey(ann, 'read-only');
	const use = () => fetch(`${service.url}/api/session`, { headers: basic(ann.email, password) });
	const change = { password: PASSWORD, newPassword: 'staple battery horse' };
	expect((await ann.ask('PUT', '/api/account/password', change)).status).toBe(204);
	expect((await use()).status).toBe(200);
	const recovery = { email: ann.email, code: ann.recoveryCodes[0], newPassword: PASSWORD };
	expect((await ann.ask('POST', '/api/session/recovery', recovery)).status).toBe(201);
	expect((await use()).status).toBe(401);
});

test('an unknown email costs what a wrong password costs', async () => {
	const ann = await signUp(service.url);
	await makeKey(ann, 'read-only');
	const costs: number[] = [];
	for (const email of [ann.email, 'nobody@example.org']) {
		service.store.plan = () => undefined;
		service.store.operations = 0;
		const headers = basic(email, `outlay-${'x'.repeat(27)}`);
		expect((await fetch(`${service.url}/api/session`, { headers })).status).toBe(401);
		costs.push(service.store.operations);
	}
	expect(costs[0]).toBe(costs[1]);
});

/** Later than a checked password is believed without asking. */
function passBelief(): void {
	vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6_000 });
}

test('a right one writes nothing but when it was used, and is believed for seconds', async () => {
	const ann = await signUp(service.url);
	const { password } = await makeKey(ann, 'read-only');
	const use = () => fetch(`${service.url}/api/session`, { headers: basic(ann.email, password) });
	await use();
	const before = await service.store.rows();
	service.store.plan = () => undefined;
	service.store.operations = 0;
	for (let count = 0; count < 5; count++) expect((await use()).status).toBe(200);
	expect(service.store.operations).toBe(0);
	passBelief();
	await use();
	vi.useRealTimers();
	// Two counts, claim, account, app password.
	expect(service.store.operations).toBe(5);
	expect(await service.store.rows()).toEqual(before);
	const [{ lastUsedAt = '' } = {}] = await listKeys(ann);
	expect(Date.now() - Date.parse(lastUsedAt)).toBeLessThan(60_000);
});

test('who guesses shuts out no program that was let in before', async () => {
	const limits = { failuresByEmail: { most: 3, windowMs: 3_600_000 } };
	const limited = await runService({ parts: { limits } });
	try {
		const ann = await signUp(limited.url);
		const { password } = await makeKey(ann, 'read-only');
		const use = (secret: string) =>
			fetch(`${limited.url}/api/session`, { headers: basic(ann.email, secret) });
		expect((await use(password)).status).toBe(200);
		for (const status of [401, 401, 401, 429]) {
			expect((await use(`outlay-${'x'.repeat(27)}`)).status).toBe(status);
		}
		passBelief();
		expect((await use(password)).status).toBe(200);
	} finally {
		vi.useRealTimers();
		await limited.stop();
	}
});
