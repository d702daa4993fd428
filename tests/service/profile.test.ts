import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import { expectProblem } from '#tests/service/expect-problem.ts';
import {
	PASSWORD,
	type Person,
	postJson,
	pushDocuments,
	readCookies,
	signIn,
	signUp,
	toRevision
} from '#tests/service/people.ts';

let service: RunningService;
beforeAll(async () => {
	const most = { most: 1000, windowMs: 3_600_000 };
	service = await runService({ parts: { limits: { failuresByAddress: most } } });
});
afterAll(() => service.stop());

const NEW_PASSWORD = 'staple battery horse';
const newEmail = () => `${randomUUID()}@example.org`;

const isSignedIn = async (cookie: string) =>
	(await fetch(`${service.url}/api/session`, { headers: { cookie } })).status === 200;

function trySignIn(email: string, password = PASSWORD): Promise<Response> {
	return postJson(`${service.url}/api/session`, { email, password });
}

async function park(person: Person): Promise<{ answer: Promise<string> }> {
	const path = `/sync/${person.ledgerId}/_changes?feed=longpoll&heartbeat=10000`;
	const response = await person.send(path);
	return { answer: response.text() };
}

test('a changed password ends every other session, and who changed it goes on', async () => {
	const ann = await signUp(service.url);
	const phone = await signIn(service.url, ann.email);
	const parked = await park(phone);
	const body = { password: PASSWORD, newPassword: NEW_PASSWORD };
	const answer = await ann.ask('PUT', '/api/account/password', body);
	expect(answer.status).toBe(204);
	expect(JSON.parse(await parked.answer)).toMatchObject({ results: [] });
	const [cookie = ''] = readCookies(answer);
	expect(await isSignedIn(cookie)).toBe(true);
	expect(await isSignedIn(ann.cookie)).toBe(false);
	expect(await isSignedIn(phone.cookie)).toBe(false);
	expect((await trySignIn(ann.email)).status).toBe(401);
	const again = await signIn(service.url, ann.email, NEW_PASSWORD);
	const listed = (await (await again.ask('GET', '/api/sessions')).json()) as {
		sessions: unknown[];
	};
	expect(listed.sessions).toHaveLength(2);
	// What it did not end.
	expect(await (await again.ask('GET', '/api/recovery-codes')).json()).toEqual({ left: 10 });
});

test('a password is changed only by who knows it, and to a good one', async () => {
	const ann = await signUp(service.url);
	const change = (body: unknown) => ann.ask('PUT', '/api/account/password', body);
	await expectProblem(
		await change({ password: 'not this one', newPassword: NEW_PASSWORD }),
		403,
		'wrong-password'
	);
	await expectProblem(
		await change({ password: PASSWORD, newPassword: 'password1' }),
		400,
		'weak-password'
	);
	await expectProblem(
		await change({ password: PASSWORD, newPassword: ann.email }),
		400,
		'weak-password'
	);
	await expectProblem(await change({ newPassword: NEW_PASSWORD }), 400, 'invalid-request');
	expect(await isSignedIn(ann.cookie)).toBe(true);
	await signIn(service.url, ann.email);
});

test('of changes to the password at the same instant one wins', async () => {
	const ann = await signUp(service.url);
	const wanted = Array.from({ length: 4 }, () => `${randomUUID()} words`);
	const answers = await Promise.all(
		wanted.map((newPassword) =>
			ann.ask('PUT', '/api/account/password', { password: PASSWORD, newPassword })
		)
	);
	const won = answers.findIndex(({ status }) => status === 204);
	expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
	await signIn(service.url, ann.email, wanted[won] ?? '');
});

test('confirming with a wrong password is limited, for the account alone', async () => {
	const limits = { confirmations: { most: 3, windowMs: 3_600_000 } };
	const limited = await runService({ beside: service, parts: { limits } });
	const [ann, bob] = [await signUp(limited.url), await signUp(limited.url)];
	const wrong = { password: 'not this one', newPassword: NEW_PASSWORD, email: newEmail() };
	const tries = [
		await ann.ask('PUT', '/api/account/password', wrong),
		await ann.ask('PUT', '/api/account/email', wrong),
		await ann.ask('DELETE', '/api/account', wrong)
	];
	expect(tries.map(({ status }) => status)).toEqual([403, 403, 403]);
	const held = await ann.ask('POST', '/api/recovery-codes', { password: PASSWORD });
	expect(held.status).toBe(429);
	expect(Number(held.headers.get('retry-after'))).toBeGreaterThan(3_000);
	const answer = await bob.ask('POST', '/api/recovery-codes', { password: PASSWORD });
	expect(answer.status).toBe(201);
	await limited.close();
});

test('a changed email signs in, and the former one is free', async () => {
	const ann = await signUp(service.url);
	const phone = await signIn(service.url, ann.email);
	const email = newEmail();
	const body = { email: ` ${email.toUpperCase()}`, password: PASSWORD };
	const answer = await ann.ask('PUT', '/api/account/email', body);
	expect(answer.status).toBe(200);
	expect(await answer.json()).toEqual({
		account: { id: ann.accountId, email, role: 'member' },
		ledger: { id: ann.ledgerId }
	});
	for (const person of [ann, phone]) {
		expect(await (await person.ask('GET', '/api/session')).json()).toMatchObject({
			account: { email }
		});
	}
	expect((await trySignIn(ann.email)).status).toBe(401);
	expect((await signIn(service.url, email)).accountId).toBe(ann.accountId);
	const taken = await postJson(`${service.url}/api/account`, {
		email: ann.email,
		password: PASSWORD
	});
	expect(taken.status).toBe(201);
	const back = { email: ann.email, password: PASSWORD };
	await expectProblem(await ann.ask('PUT', '/api/account/email', back), 409, 'email-taken');
	await expectProblem(
		await ann.ask('PUT', '/api/account/email', { email: 'ann', password: PASSWORD }),
		400,
		'invalid-email'
	);
	const same = await ann.ask('PUT', '/api/account/email', { email, password: PASSWORD });
	expect(same.status).toBe(200);
});

test('of two accounts that want one email at the same instant one gets it, and both sign in', async () => {
	const [ann, bob] = [await signUp(service.url), await signUp(service.url)];
	const email = newEmail();
	const answers = await Promise.all([
		ann.ask('PUT', '/api/account/email', { email, password: PASSWORD }),
		bob.ask('PUT', '/api/account/email', { email, password: PASSWORD }),
		postJson(`${service.url}/api/account`, { email, password: PASSWORD })
	]);
	const won = answers.filter(({ ok }) => ok);
	expect(won).toHaveLength(1);
	expect(answers.filter(({ status }) => status === 409)).toHaveLength(2);
	const owner = await signIn(service.url, email);
	for (const person of [ann, bob]) {
		const now = person.accountId === owner.accountId ? email : person.email;
		expect((await signIn(service.url, now)).accountId).toBe(person.accountId);
	}
});

test('the same change sent twice at once is made once', async () => {
	const ann = await signUp(service.url);
	const body = { email: newEmail(), password: PASSWORD };
	const answers = await Promise.all(
		Array.from({ length: 3 }, () => ann.ask('PUT', '/api/account/email', body))
	);
	expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
	expect((await signIn(service.url, body.email)).accountId).toBe(ann.accountId);
});

test('who asks for emails that are taken is counted with those who try to sign up with them', async () => {
	const limits = { signUps: { most: 4, windowMs: 3_600_000 } };
	const other = await runService({ parts: { limits } });
	const [ann, bob] = [await signUp(other.url), await signUp(other.url)];
	const body = { email: bob.email, password: PASSWORD };
	expect((await ann.ask('PUT', '/api/account/email', body)).status).toBe(409);
	expect((await ann.ask('PUT', '/api/account/email', body)).status).toBe(409);
	expect((await ann.ask('PUT', '/api/account/email', body)).status).toBe(429);
	expect((await postJson(`${other.url}/api/account`, body)).status).toBe(429);
	await other.stop();
});

test('a deleted account is gone with everything of it, and its email is free', async () => {
	const ann = await signUp(service.url);
	const phone = await signIn(service.url, ann.email);
	await pushDocuments(ann, toRevision('a'));
	const { rows, databases } = service.store;
	const ledger = (await rows()).find(({ _id }) => _id === `ledger:${ann.ledgerId}`);
	await service.store.real.client.put(service.store.accountsDatabase, {
		_id: `app-password:${ann.accountId}:abc`
	});
	expect(await databases()).toContain(ledger?.database);
	await expectProblem(
		await ann.ask('DELETE', '/api/account', { password: 'not this one' }),
		403,
		'wrong-password'
	);
	const parked = await park(phone).catch(() => undefined);
	const answer = await ann.ask('DELETE', '/api/account', { password: PASSWORD });
	expect(answer.status).toBe(204);
	expect(answer.headers.getSetCookie()[0]).toMatch(/^outlay-session=;/);
	await parked?.answer;
	for (const { cookie } of [ann, phone]) expect(await isSignedIn(cookie)).toBe(false);
	expect((await trySignIn(ann.email)).status).toBe(401);
	expect(await databases()).not.toContain(ledger?.database);
	const left = (await rows()).filter((row) => !row._id.startsWith('throttle:'));
	expect(JSON.stringify(left)).not.toContain(ann.accountId);
	expect(JSON.stringify(left)).not.toContain(ann.ledgerId);
	expect(JSON.stringify(left)).not.toContain(ann.email);

	const again = await postJson(`${service.url}/api/account`, {
		email: ann.email,
		password: PASSWORD
	});
	expect(await again.json()).not.toMatchObject({ ledger: { id: ann.ledgerId } });
});

test('what else belongs to an account goes with it', async () => {
	const removed: string[] = [];
	const other = await runService({
		parts: { removeWithAccount: [async ({ ledgerId }) => void removed.push(ledgerId)] }
	});
	const ann = await signUp(other.url);
	await ann.ask('DELETE', '/api/account', { password: PASSWORD });
	expect(removed).toEqual([ann.ledgerId]);
	await other.stop();
});
