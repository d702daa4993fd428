import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { AdminAccount, AdminAccounts, Invites, NewInvite } from '#contract/admin.ts';
import { createAccountStore } from '#service/accounts/account-store.ts';
import { openRows } from '#service/accounts/rows.ts';
import { createAdmins } from '#service/admin/admins.ts';
import { findAccounts } from '#service/admin/find-accounts.ts';
import { createInvites, type InviteRow } from '#service/admin/invites.ts';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import {
	PASSWORD,
	type Person,
	postJson,
	pushDocuments,
	signIn,
	signUp,
	toRevision
} from '#tests/service/people.ts';

let service: RunningService;
let ada: Person;
beforeAll(async () => {
	service = await runService({
		env: { QUOTA_DOCUMENTS: '3' },
		parts: { lastSyncMs: 50, room: { nearMs: 0, fullMs: 0 } }
	});
	ada = await signUpAdmin();
});
afterAll(() => service.stop());

const toRows = ({ store }: RunningService = service) =>
	openRows(store.real.client, store.real.provisioner, store.accountsDatabase);
const toAdmins = (of?: RunningService) => createAdmins(createAccountStore(toRows(of)));

async function signUpAdmin(): Promise<Person> {
	const person = await signUp(service.url);
	await toAdmins().grant(person.accountId);
	return person;
}

async function find(search: string, by: Person = ada) {
	const answer = await by.send(`/api/admin/accounts?${new URLSearchParams({ search })}`);
	expect(answer.status).toBe(200);
	return AdminAccounts.parse(await answer.json());
}

async function change(whom: Person, body: object, by: Person = ada) {
	const answer = await by.ask('PATCH', `/api/admin/accounts/${whom.accountId}`, body);
	return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function expectProblem(answer: Response, status: number, error: string): Promise<void> {
	expect({ status: answer.status, ...((await answer.json()) as object) }).toMatchObject({
		status,
		error
	});
}

const EVERYTHING: [string, string, object?][] = [
	['GET', '/api/admin/accounts'],
	['PATCH', '/api/admin/accounts/someone', { suspended: true }],
	['GET', '/api/admin/invites'],
	['POST', '/api/admin/invites', {}],
	['DELETE', `/api/admin/invites/${'0'.repeat(64)}`]
];

describe.each(EVERYTHING)('%s %s', (method, path, body) => {
	test('is for admins alone, and asks the store nothing for others', async () => {
		const ann = await signUp(service.url);
		expect((await ann.send('/api/session')).status).toBe(200);
		let asked = 0;
		service.store.plan = () => void asked++;
		try {
			await expectProblem(await ann.ask(method, path, body), 403, 'forbidden');
			await expectProblem(await fetch(service.url + path, { method }), 401, 'signed-out');
		} finally {
			service.store.plan = undefined;
		}
		expect(asked).toBe(0);
	});
});

describe('the list of accounts', () => {
	test('says what an account is and takes up, and nothing of what is in its ledger', async () => {
		const ann = await signUp(service.url);
		const before = (await find(ann.email)).accounts;
		expect(before).toEqual([
			{
				id: ann.accountId,
				email: ann.email,
				role: 'member',
				createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
				suspended: false,
				usage: { documents: 0, bytes: expect.any(Number) },
				quota: { documents: null, bytes: null }
			}
		]);
		await pushDocuments(ann, toRevision('a', { note: 'secret' }), toRevision('b'));
		await vi.waitFor(async () => {
			const [account] = (await find(ann.email)).accounts;
			expect(account?.usage?.documents).toBe(2);
			expect(Math.abs(Date.now() - Date.parse(account?.lastSyncAt ?? ''))).toBeLessThan(60_000);
		});
		const [{ role } = { role: '' }] = (await find(ada.email)).accounts;
		expect(role).toBe('admin');
	});

	test('finds parts of an email, whatever the case, and nobody who is gone', async () => {
		const [ann, bob] = [await signUp(service.url), await signUp(service.url)];
		const part = ann.email.slice(4, 20).toUpperCase();
		expect((await find(` ${part} `)).accounts.map(({ id }) => id)).toEqual([ann.accountId]);
		await bob.ask('DELETE', '/api/account', { password: PASSWORD });
		expect((await find(bob.email)).accounts).toEqual([]);
		expect((await find(bob.email.slice(0, 20))).accounts).toEqual([]);
	});

	test('comes in pages of fifty, each account once', async () => {
		const rows = toRows();
		const prefix = randomUUID();
		for (let at = 0; at < 101; at++) {
			const email = `${prefix}-${at}@example.com`;
			await rows.put({
				_id: `account:${randomUUID()}`,
				email,
				ledgerId: 'none',
				createdAt: '2026'
			});
		}
		const seen: string[] = [];
		const sizes: number[] = [];
		for (let after: string | undefined = ''; after !== undefined;) {
			const query = new URLSearchParams({ search: prefix, after });
			const answer = await ada.send(`/api/admin/accounts?${query}`);
			const page = AdminAccounts.parse(await answer.json());
			sizes.push(page.accounts.length);
			seen.push(...page.accounts.map(({ email }) => email));
			after = page.next;
		}
		expect(sizes).toEqual([50, 50, 1]);
		expect(new Set(seen).size).toBe(101);

		// A search that reads only so much at once goes on where it ended.
		const accounts = createAccountStore(rows);
		const found: string[] = [];
		for (let after: string | undefined = ''; after !== undefined;) {
			const page = await findAccounts(accounts, prefix, after, { page: 7, read: 4, reads: 2 });
			expect(page.found.length).toBeLessThanOrEqual(7);
			found.push(...page.found.map(({ email }) => email));
			after = page.next;
		}
		expect(found.toSorted()).toEqual(seen.toSorted());
		for (const { _id, _rev, email } of await rows.list('account:')) {
			if (String(email).startsWith(prefix)) await rows.remove(_id, _rev ?? '');
		}
	});

	test.each(['after=%22', 'after=a/b', 'search=a&search=b', `search=${'x'.repeat(255)}`])(
		'refuses ?%s',
		async (query) => {
			const answer = await ada.send(`/api/admin/accounts?${query}`);
			await expectProblem(answer, 400, 'invalid-request');
		}
	);

	test('goes on without the size of a ledger that does not answer', async () => {
		const ann = await signUp(service.url);
		const rows = toRows();
		const row = await rows.find(`ledger:${ann.ledgerId}`);
		await service.store.real.provisioner.destroyDatabase(String(row?.database));
		const [account] = (await find(ann.email)).accounts;
		expect(account).toMatchObject({ id: ann.accountId });
		expect(account?.usage).toBeUndefined();
	});
});

test('an admin reads nobody’s ledger, by no way', async () => {
	const ann = await signUp(service.url);
	await pushDocuments(ann, toRevision('a', { note: 'secret' }));
	for (const path of ['', '/_changes', '/a', '/_all_docs']) {
		const answer = await ada.send(`/sync/${ann.ledgerId}${path}`);
		expect(answer.status).toBe(403);
	}
	const exported = await ada.send(`/api/export?ledger=${ann.ledgerId}`);
	expect(await exported.text()).not.toContain('secret');
});

describe('a suspension', () => {
	test('ends sessions, the longpolls they hold and signing in, at once; lifted, all goes on', async () => {
		const ann = await signUp(service.url);
		const changes = `/sync/${ann.ledgerId}/_changes`;
		const { last_seq } = (await (await ann.send(changes)).json()) as { last_seq: string };
		const parked = await ann.send(`${changes}?feed=longpoll&heartbeat=10000&since=${last_seq}`);
		const since = Date.now();
		const suspended = await change(ann, { suspended: true });
		expect(suspended).toMatchObject({ status: 200, body: { suspended: true } });
		AdminAccount.parse(suspended.body);
		expect(JSON.parse(await parked.text())).toMatchObject({ results: [] });
		expect(Date.now() - since).toBeLessThan(2_000);
		await expectProblem(await ann.send('/api/session'), 403, 'suspended');
		await expectProblem(await ann.send(changes), 403, 'suspended');
		const entering = { email: ann.email, password: PASSWORD };
		await expectProblem(await postJson(`${service.url}/api/session`, entering), 403, 'suspended');

		expect((await change(ann, { suspended: false })).body).toMatchObject({ suspended: false });
		expect((await ann.send(changes)).status).toBe(200);
		await signIn(service.url, ann.email);
	});

	test('reaches other processes within five seconds', async () => {
		const there = await runService({
			beside: service,
			parts: { longpolls: { recheckMs: 1_000_000 } }
		});
		try {
			const ann = await signUp(service.url);
			const url = `${there.url}/sync/${ann.ledgerId}/_changes`;
			const headers = { cookie: ann.cookie };
			const parked = await fetch(`${url}?feed=longpoll&heartbeat=10000`, { headers });
			const since = Date.now();
			await change(ann, { suspended: true });
			expect(JSON.parse(await parked.text())).toMatchObject({ results: [] });
			expect(Date.now() - since).toBeLessThan(5_000);
			await expectProblem(await fetch(url, { headers }), 403, 'suspended');
		} finally {
			await there.close();
		}
	});

	test('of oneself is refused', async () => {
		expect(await change(ada, { suspended: true, quota: { documents: 1, bytes: 1 } })).toMatchObject(
			{
				status: 403,
				body: { error: 'forbidden' }
			}
		);
		expect((await find(ada.email)).accounts[0]).toMatchObject({
			suspended: false,
			quota: { documents: null }
		});
	});

	test('leaves one admin at least, also when two suspend each other at once', async () => {
		for (let round = 0; round < 5; round++) {
			const alone = await runService();
			const kept = service;
			service = alone;
			try {
				const [bea, cyd] = [await signUpAdmin(), await signUpAdmin()];
				await Promise.all([
					change(cyd, { suspended: true }, bea),
					change(bea, { suspended: true }, cyd)
				]);
				const admins = await toAdmins().list();
				expect(admins).toHaveLength(2);
				expect(admins.filter(({ suspended }) => !suspended).length).toBeGreaterThanOrEqual(1);
			} finally {
				service = kept;
				await alone.stop();
			}
		}
	});

	test('of another admin is possible', async () => {
		const bea = await signUpAdmin();
		expect((await change(bea, { suspended: true })).status).toBe(200);
		await expectProblem(await bea.send('/api/admin/accounts'), 403, 'suspended');
	});
});

test('an admin who leaves is on no list any more', async () => {
	const bea = await signUpAdmin();
	expect((await toAdmins().list()).map(({ id }) => id)).toContain(bea.accountId);
	const left = await bea.ask('DELETE', '/api/account', { password: PASSWORD });
	expect(left.status).toBe(204);
	expect(await toRows().find(`admin:${bea.accountId}`)).toBeUndefined();
});

describe('a quota', () => {
	const push = async (person: Person, id: string) =>
		(await person.post('_bulk_docs', { docs: [toRevision(id)], new_edits: false })).status;

	test('holds at once, in place of the one of all; taken back, that one holds again', async () => {
		const ann = await signUp(service.url);
		const more = (by: string) =>
			pushDocuments(ann, ...['1', '2', '3'].map((n) => toRevision(by + n)));
		await more('a');
		expect(await push(ann, 'b')).toBe(507);
		const raised = { documents: 5, bytes: null };
		expect((await change(ann, { quota: raised })).body).toMatchObject({ quota: raised });
		expect(await push(ann, 'b')).toBe(201);
		expect((await find(ann.email)).accounts[0]?.quota).toEqual(raised);
		const none = { documents: null, bytes: null };
		expect((await change(ann, { quota: none })).body).toMatchObject({ quota: none });
		expect(await push(ann, 'c')).toBe(507);
		expect((await change(ann, { quota: { documents: 10, bytes: 1 } })).status).toBe(200);
		expect(await push(ann, 'c')).toBe(507);
	});

	test.each([
		{ quota: { documents: -1, bytes: null } },
		{ quota: { documents: 1.5, bytes: null } },
		{ quota: { documents: 1 } },
		{ suspended: 'yes' },
		{ quota: null },
		[]
	])('or a suspension that is none is refused: %j', async (body) => {
		const ann = await signUp(service.url);
		expect(await change(ann, body)).toMatchObject({
			status: 400,
			body: { error: 'invalid-request' }
		});
	});

	test.each([randomUUID(), 'a%2Fb', '%00', 'x'.repeat(80)])(
		'of nobody, %s, is not found',
		async (id) => {
			const answer = await ada.ask('PATCH', `/api/admin/accounts/${id}`, { suspended: true });
			await expectProblem(answer, 404, 'not-found');
		}
	);
});

describe('an invitation', () => {
	let inviting: RunningService;
	beforeAll(async () => {
		inviting = await runService({ env: { SIGN_UP: 'invite' }, beside: service });
	});
	afterAll(() => inviting.close());
	afterEach(() => void vi.useRealTimers());

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

	test('lets one in, is listed until then, and is kept as a hash only', async () => {
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

	test('is good once, however many use it at the same time', async () => {
		const { code } = await invite();
		const statuses = await Promise.all(Array.from({ length: 8 }, () => use(code)));
		expect(statuses.toSorted()).toEqual([201, ...Array.from({ length: 7 }, () => 403)]);
	});

	test('for one address lets nobody else in', async () => {
		const email = `${randomUUID()}@example.org`;
		const { code } = await invite({ email: email.toUpperCase() });
		expect(await list()).toContainEqual(expect.objectContaining({ email }));
		expect(await use(code)).toBe(403);
		expect(await use(code, email)).toBe(201);
		const answer = await ada.ask('POST', '/api/admin/invites', { email: 'nobody' });
		await expectProblem(answer, 400, 'invalid-email');
	});

	test('that came to nothing is good again', async () => {
		const { code } = await invite();
		expect(await use(code, ada.email)).toBe(409);
		expect(await use(code)).toBe(201);
	});

	test('that is revoked lets nobody in', async () => {
		const { code, id } = await invite();
		const path = `/api/admin/invites/${id}`;
		expect((await ada.ask('DELETE', path)).status).toBe(204);
		await expectProblem(await ada.ask('DELETE', path), 404, 'not-found');
		expect(await use(code)).toBe(403);
	});

	test('ends after fourteen days', async () => {
		const { code, id } = await invite();
		const rows = toRows();
		const row = await rows.find<InviteRow>(`invite:${id}`);
		const expiresAt = new Date(Date.now() - 1).toISOString();
		await rows.put({ ...row, _id: `invite:${id}`, expiresAt });
		expect(await use(code)).toBe(403);
		expect(await list()).not.toContainEqual(expect.objectContaining({ id }));
	});

	test('is taken once though its answer is lost, and given back by who took it', async () => {
		const invites = createInvites(toRows());
		const { code } = await invites.make(undefined);
		expect(await invites.take(code, 'a@example.org')).toBe('taken');
		expect(await invites.take(code, 'a@example.org')).toBe('invalid');
		await invites.giveBack(code);
		expect(await invites.take(code, 'b@example.org')).toBe('taken');
	});
});

test('a ledger is noted as synced once in an hour, not with each request', async () => {
	const ann = await signUp(service.url);
	const readRow = () => toRows().find(`ledger:${ann.ledgerId}`);
	await ann.send(`/sync/${ann.ledgerId}`);
	await vi.waitFor(async () => expect((await readRow())?.lastSyncAt).toBeDefined());
	const row = await readRow();
	const other = await signUp(service.url);
	await ann.send(`/sync/${ann.ledgerId}`);
	// Notes are written in turn: once this one is, the other would have been.
	await other.send(`/sync/${other.ledgerId}`);
	await vi.waitFor(async () =>
		expect((await toRows().find(`ledger:${other.ledgerId}`))?.lastSyncAt).toBeDefined()
	);
	expect(await readRow()).toEqual(row);
});
