import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import type { Invites } from '#service/accounts/invites.ts';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import { PASSWORD, postJson, signIn } from '#tests/service/people.ts';

let service: RunningService;
afterEach(() => service.stop());

/** Invitations that are good once. */
function invite(...codes: string[]): Invites & { good: Set<string> } {
	const good = new Set(codes);
	return {
		good,
		take: async (code) => (good.delete(code) ? 'taken' : 'invalid'),
		giveBack: async (code) => void good.add(code)
	};
}

const newEmail = () => `${randomUUID()}@example.org`;

async function trySignUp(body: object): Promise<{ status: number; error?: string }> {
	const answer = await postJson(`${service.url}/api/account`, { password: PASSWORD, ...body });
	return { status: answer.status, ...((await answer.json()) as object) };
}

async function readMode(): Promise<unknown> {
	return (await fetch(`${service.url}/api/sign-up`)).json();
}

test('anybody may sign up where nothing else is said', async () => {
	service = await runService();
	expect(await readMode()).toEqual({ signUp: 'open' });
	expect(await trySignUp({ email: newEmail(), invite: 'whatever' })).toMatchObject({ status: 201 });
});

test('nobody may where it is closed, and who has an account signs in', async () => {
	const open = await runService();
	const email = newEmail();
	await postJson(`${open.url}/api/account`, { email, password: PASSWORD });
	service = await runService({ env: { SIGN_UP: 'closed' }, beside: open });
	expect(await readMode()).toEqual({ signUp: 'closed' });
	for (const body of [{ email }, { email: newEmail() }, { email: newEmail(), invite: 'x' }]) {
		expect(await trySignUp(body)).toMatchObject({ status: 403, error: 'sign-up-closed' });
	}
	await signIn(service.url, email);
	await service.close();
	service = open;
});

test('an invitation lets one in', async () => {
	const invites = invite('one');
	service = await runService({ env: { SIGN_UP: 'invite' }, parts: { invites } });
	expect(await readMode()).toEqual({ signUp: 'invite' });
	const invalid = { status: 403, error: 'invalid-invite' };
	expect(await trySignUp({ email: newEmail() })).toMatchObject(invalid);
	expect(await trySignUp({ email: newEmail(), invite: 'two' })).toMatchObject(invalid);
	const email = newEmail();
	expect(await trySignUp({ email, invite: ' one ' })).toMatchObject({ status: 201 });
	expect(await trySignUp({ email: newEmail(), invite: 'one' })).toMatchObject(invalid);
	// Without one, nobody learns which emails are taken.
	expect(await trySignUp({ email })).toMatchObject(invalid);
});

test('an invitation that led to nothing is good again', async () => {
	const invites = invite('one', 'two');
	service = await runService({ env: { SIGN_UP: 'invite' }, parts: { invites } });
	const email = newEmail();
	expect(await trySignUp({ email, invite: 'one' })).toMatchObject({ status: 201 });
	expect(await trySignUp({ email, invite: 'two' })).toMatchObject({ error: 'email-taken' });
	expect([...invites.good]).toEqual(['two']);
	expect(await trySignUp({ email: newEmail(), invite: 'two', password: 'weak' })).toMatchObject({
		error: 'weak-password'
	});
	expect([...invites.good]).toEqual(['two']);
	const { createDatabase } = service.store.provisioner;
	service.store.provisioner.createDatabase = async () => 'full';
	expect(await trySignUp({ email: newEmail(), invite: 'two' })).toMatchObject({ status: 503 });
	service.store.provisioner.createDatabase = createDatabase;
	expect([...invites.good]).toEqual(['two']);
	expect(await trySignUp({ email: newEmail(), invite: 'two' })).toMatchObject({ status: 201 });
});

test('an invitation is kept from being used twice when nobody knows what became of the sign-up', async () => {
	const invites = invite('one');
	service = await runService({ env: { SIGN_UP: 'invite' }, parts: { invites } });
	const email = newEmail();
	const { put } = service.store.client;
	service.store.client.put = async (database, document) => {
		const written = await put(database, document);
		// The claim is written; its answer, and everything after it, is lost.
		if (document._id.startsWith('email:')) service.store.plan = () => 'refused';
		return document._id.startsWith('email:')
			? service.store.client.find(database, 'nothing').then(() => written)
			: written;
	};
	expect(await trySignUp({ email, invite: 'one' })).toMatchObject({ status: 503 });
	service.store.plan = undefined;
	expect([...invites.good]).toEqual([]);
	await signIn(service.url, email);
});
