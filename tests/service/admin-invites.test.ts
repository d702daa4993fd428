import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Invites, NewInvite } from '#contract/admin.ts';
import { createInvites, type InviteRow } from '#service/admin/invites.ts';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import { signUpAdmin, toRows } from '#tests/service/admins.ts';
import { expectProblem } from '#tests/service/expect-problem.ts';
import { PASSWORD, type Person, postJson } from '#tests/service/people.ts';

let service: RunningService;
let ada: Person;
/** Another process, which lets nobody in without one. */
let inviting: RunningService;
beforeAll(async () => {
	service = await runService();
	ada = await signUpAdmin(service);
	inviting = await runService({ env: { SIGN_UP: 'invite' }, beside: service });
});
afterAll(async () => {
	await inviting.close();
	await service.stop();
});

async function invite(body: object = {}): Promise<NewInvite> {
	const answer = await ada.ask('POST', '/api/admin/invites', body);
	expect(answer.status).toBe(201);
	return NewInvite.parse(await answer.json());
}

async function list() {
	return Invites.parse(await (await ada.send('/api/admin/invites')).json()).invites;
}

async function use(code: string, email = `${randomUUID()}@example.org`): Promise<number> {
	const body = { email, password: PASSWORD, invite: code };
	return (await postJson(`${inviting.url}/api/account`, body)).status;
}

test('an invitation lets one in, is listed until then, and is kept as a hash only', async () => {
	const { code, ...listed } = await invite();
	expect(code).toMatch(/^[\w-]{22}$/);
	expect(Date.parse(listed.expiresAt) - Date.parse(listed.createdAt)).toBe(14 * 86_400_000);
	expect(await list()).toContainEqual(listed);
	expect(JSON.stringify(await service.store.rows())).not.toContain(code);
	expect(await use(`${code}x`)).toBe(403);
	expect(await use(code)).toBe(201);
	expect(await list()).not.toContainEqual(listed);
	expect(await use(code)).toBe(403);
});

test('an invitation is good once, however many use it at the same time', async () => {
	const { code } = await invite();
	const statuses = await Promise.all(Array.from({ length: 8 }, () => use(code)));
	expect(statuses.toSorted()).toEqual([201, ...Array.from({ length: 7 }, () => 403)]);
});

test('an invitation for one address lets nobody else in', async () => {
	const email = `${randomUUID()}@example.org`;
	const { code } = await invite({ email: email.toUpperCase() });
	expect(await list()).toContainEqual(expect.objectContaining({ email }));
	expect(await use(code)).toBe(403);
	expect(await use(code, email)).toBe(201);
	const answer = await ada.ask('POST', '/api/admin/invites', { email: 'nobody' });
	await expectProblem(answer, 400, 'invalid-email');
});

test('an invitation that came to nothing is good again', async () => {
	const { code } = await invite();
	expect(await use(code, ada.email)).toBe(409);
	expect(await use(code)).toBe(201);
});

test('an invitation that is revoked lets nobody in', async () => {
	const { code, id } = await invite();
	const path = `/api/admin/invites/${id}`;
	expect((await ada.ask('DELETE', path)).status).toBe(204);
	await expectProblem(await ada.ask('DELETE', path), 404, 'not-found');
	expect(await use(code)).toBe(403);
});

test('an invitation ends after fourteen days', async () => {
	const { code, id } = await invite();
	const rows = toRows(service);
	const row = await rows.find<InviteRow>(`invite:${id}`);
	const expiresAt = new Date(Date.now() - 1).toISOString();
	await rows.put({ ...row, _id: `invite:${id}`, expiresAt });
	expect(await use(code)).toBe(403);
	expect(await list()).not.toContainEqual(expect.objectContaining({ id }));
});

test('an invitation is taken once though its answer is lost, and given back by who took it', async () => {
	const invites = createInvites(toRows(service));
	const { code } = await invites.make(undefined);
	expect(await invites.take(code, 'a@example.org')).toBe('taken');
	expect(await invites.take(code, 'a@example.org')).toBe('invalid');
	await invites.giveBack(code);
	expect(await invites.take(code, 'b@example.org')).toBe('taken');
});
