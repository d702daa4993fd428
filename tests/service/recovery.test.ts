import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RecoveryCodes, SignedIn } from '#contract/account.ts';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import {
	PASSWORD,
	type Person,
	postJson,
	readCookies,
	signIn,
	signUp
} from '#tests/service/people.ts';

let service: RunningService;
beforeAll(async () => {
	const most = { most: 1000, windowMs: 3_600_000 };
	const limits = { failuresByAddress: most, failuresByEmail: most };
	service = await runService({ parts: { limits } });
});
afterAll(() => service.stop());

const NEW_PASSWORD = 'staple battery horse';

function recover(email: string, code: string, newPassword = NEW_PASSWORD): Promise<Response> {
	return postJson(`${service.url}/api/session/recovery`, { email, code, newPassword });
}

async function readLeft(person: Person): Promise<unknown> {
	return (await person.ask('GET', '/api/recovery-codes')).json();
}

async function readRow(id: string) {
	return (await service.store.rows()).find(({ _id }) => _id === id);
}

async function putRow(row: { _id: string; [field: string]: unknown }): Promise<void> {
	await service.store.real.client.put(service.store.accountsDatabase, row);
}

test('ten codes are told at sign-up, and only their hashes are kept', async () => {
	const ann = await signUp(service.url);
	expect(new Set(ann.recoveryCodes).size).toBe(10);
	for (const code of ann.recoveryCodes) {
		expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
	}
	const kept = JSON.stringify(await service.store.rows());
	for (const code of ann.recoveryCodes) {
		expect(kept).not.toContain(code);
		expect(kept).not.toContain(code.replaceAll('-', ''));
	}
	expect(await readLeft(ann)).toEqual({ left: 10 });
});

test('a code gives a new password once, and ends all sessions and app passwords', async () => {
	const ann = await signUp(service.url);
	const phone = await signIn(service.url, ann.email);
	await putRow({ _id: `app-password:${ann.accountId}:abc` });
	const longpoll = await phone.send(`/sync/${ann.ledgerId}/_changes?feed=longpoll&heartbeat=10000`);
	const [code = ''] = ann.recoveryCodes;
	const answer = await recover(ann.email, code);
	expect(answer.status).toBe(201);
	expect(SignedIn.parse(await answer.json())).toMatchObject({ ledger: { id: ann.ledgerId } });
	const [cookie = '', deviceCookie] = readCookies(answer);
	expect(deviceCookie).toMatch(/^outlay-device=/);
	expect(JSON.parse(await longpoll.text())).toMatchObject({ results: [] });
	for (const person of [ann, phone]) {
		expect((await person.ask('GET', '/api/session')).status).toBe(401);
	}
	expect((await fetch(`${service.url}/api/session`, { headers: { cookie } })).status).toBe(200);
	expect(await readRow(`app-password:${ann.accountId}:abc`)).toBeUndefined();
	expect(await readRow(`account:${ann.accountId}`)).toMatchObject({ appPasswordEra: 1 });

	const old = { email: ann.email, password: PASSWORD };
	expect((await postJson(`${service.url}/api/session`, old)).status).toBe(401);
	const again = await signIn(service.url, ann.email, NEW_PASSWORD);
	expect(await readLeft(again)).toEqual({ left: 9 });
	expect((await recover(ann.email, code, 'another horse battery')).status).toBe(401);
	await signIn(service.url, ann.email, NEW_PASSWORD);
});

test('a code may be typed in any way that a person reads it', async () => {
	const ann = await signUp(service.url);
	const ways: ((code: string) => string)[] = [
		(code) => code.toLowerCase(),
		(code) => code.replaceAll('-', ' '),
		(code) => ` ${code.replaceAll('-', '')} `,
		(code) => code.replaceAll('0', 'O').replaceAll('1', 'l'),
		(code) => code.replaceAll('-', '–').replaceAll('1', 'I')
	];
	for (const [at, way] of ways.entries()) {
		const code = way(ann.recoveryCodes[at] ?? '');
		expect([code, (await recover(ann.email, code)).status]).toEqual([code, 201]);
	}
});

test('of requests with one code at the same instant one wins', async () => {
	const ann = await signUp(service.url);
	const [code = ''] = ann.recoveryCodes;
	const passwords = Array.from({ length: 5 }, () => `${randomUUID()} words`);
	const answers = await Promise.all(passwords.map((one) => recover(ann.email, code, one)));
	expect(answers.map(({ status }) => status).sort()).toEqual([201, 401, 401, 401, 401]);
	const won = answers.findIndex(({ status }) => status === 201);
	const winner = await signIn(service.url, ann.email, passwords[won] ?? '');
	expect(await readLeft(winner)).toEqual({ left: 9 });
});

test("an unknown email, a wrong code and another's code cannot be told apart", async () => {
	const [ann, bob] = [await signUp(service.url), await signUp(service.url)];
	const [code = ''] = bob.recoveryCodes;
	const answers = [
		await recover('nobody@example.org', code),
		await recover(ann.email, '0000-0000-0000-0000'),
		await recover(ann.email, code),
		await recover(ann.email, '')
	];
	const texts = await Promise.all(answers.map((answer) => answer.text()));
	expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
	expect(new Set(texts).size).toBe(1);
	expect(JSON.parse(texts[0] ?? '')).toMatchObject({ error: 'invalid-code' });
	expect(new Set(answers.map(({ headers }) => [...headers.keys()].join())).size).toBe(1);
	expect(await readLeft(bob)).toEqual({ left: 10 });
});

test('an unknown email asks as much of the store as a wrong code', async () => {
	const ann = await signUp(service.url);
	const counts = [];
	for (const email of [ann.email, `${randomUUID()}@example.org`]) {
		service.store.plan = () => undefined;
		service.store.operations = 0;
		expect((await recover(email, '0000-0000-0000-0000')).status).toBe(401);
		counts.push(service.store.operations);
	}
	service.store.plan = undefined;
	expect(counts[0]).toBe(counts[1]);
	expect(counts[0]).toBeGreaterThan(0);
});

test('a weak new password is refused before the code is looked at', async () => {
	const ann = await signUp(service.url);
	const answer = await recover(ann.email, ann.recoveryCodes[0] ?? '', 'password1');
	expect(answer.status).toBe(400);
	expect(await answer.json()).toMatchObject({ error: 'weak-password' });
	expect(await readLeft(ann)).toEqual({ left: 10 });
});

test('who is suspended is told so with a right code, which stays good', async () => {
	const ann = await signUp(service.url);
	const row = await readRow(`account:${ann.accountId}`);
	await putRow({ ...row!, suspended: true });
	const answer = await recover(ann.email, ann.recoveryCodes[0] ?? '');
	expect(answer.status).toBe(403);
	expect((await recover(ann.email, 'wrong')).status).toBe(401);
	expect(await readRow(`account:${ann.accountId}`)).toMatchObject({
		recoveryCodes: { length: 10 }
	});
});

test('new codes ask for the password, and make the old ones void', async () => {
	const ann = await signUp(service.url);
	const wrong = await ann.ask('POST', '/api/recovery-codes', { password: 'not this one' });
	expect(wrong.status).toBe(403);
	expect(await wrong.json()).toMatchObject({ error: 'wrong-password' });
	const answer = await ann.ask('POST', '/api/recovery-codes', { password: PASSWORD });
	expect(answer.status).toBe(201);
	const { recoveryCodes } = RecoveryCodes.parse(await answer.json());
	expect(recoveryCodes).toHaveLength(10);
	expect((await recover(ann.email, ann.recoveryCodes[0] ?? '')).status).toBe(401);
	expect((await recover(ann.email, recoveryCodes[0] ?? '')).status).toBe(201);
});

test('guessing codes is limited, and does not lock the password', async () => {
	const limits = { failuresByPair: { most: 3, windowMs: 3_600_000 } };
	const limited = await runService({ beside: service, parts: { limits } });
	const ann = await signUp(limited.url);
	const guess = () =>
		postJson(`${limited.url}/api/session/recovery`, {
			email: ann.email,
			code: 'AAAA-AAAA-AAAA-AAAA',
			newPassword: NEW_PASSWORD
		});
	const answers = await Promise.all(Array.from({ length: 20 }, guess));
	expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(3);
	while ((await guess()).status !== 429);
	const held = await guess();
	expect(Number(held.headers.get('retry-after'))).toBeGreaterThan(3_000);
	await signIn(limited.url, ann.email);
	await limited.close();
});
