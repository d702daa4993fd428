import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AdminAccounts } from '#contract/admin.ts';
import { createAccountStore } from '#service/accounts/account-store.ts';
import { findAccounts } from '#service/admin/find-accounts.ts';
import { eventually } from '#tests/support/eventually.ts';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import {
	changeAccountAs,
	findAccountsAs,
	signUpAdmin,
	toAdmins,
	toRows
} from '#tests/service/admins.ts';
import { expectProblem } from '#tests/service/expect-problem.ts';
import { PASSWORD, type Person, pushDocuments, signUp, toRevision } from '#tests/service/people.ts';

let service: RunningService;
let ada: Person;
beforeAll(async () => {
	service = await runService({
		env: { QUOTA_DOCUMENTS: '3' },
		parts: { lastSyncMs: 50, room: { nearMs: 0, fullMs: 0 } }
	});
	ada = await signUpAdmin(service);
});
afterAll(() => service.stop());

describe('the list of accounts', () => {
	test('says what an account is and takes up, and nothing of what is in its ledger', async () => {
		const ann = await signUp(service.url);
		const before = await findAccountsAs(ada, ann.email);
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
		await eventually(async () => {
			const [account] = await findAccountsAs(ada, ann.email);
			expect(account?.usage?.documents).toBe(2);
			expect(Math.abs(Date.now() - Date.parse(account?.lastSyncAt ?? ''))).toBeLessThan(60_000);
		});
		const [{ role } = { role: '' }] = await findAccountsAs(ada, ada.email);
		expect(role).toBe('admin');
	});

	test('finds parts of an email, whatever the case, and nobody who is gone', async () => {
		const [ann, bob] = [await signUp(service.url), await signUp(service.url)];
		const part = ann.email.slice(4, 20).toUpperCase();
		expect((await findAccountsAs(ada, ` ${part} `)).map(({ id }) => id)).toEqual([ann.accountId]);
		await bob.ask('DELETE', '/api/account', { password: PASSWORD });
		expect(await findAccountsAs(ada, bob.email)).toEqual([]);
		expect(await findAccountsAs(ada, bob.email.slice(0, 20))).toEqual([]);
	});

	test('comes in pages of fifty, each account once', async () => {
		const rows = toRows(service);
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
		const rows = toRows(service);
		const row = await rows.find(`ledger:${ann.ledgerId}`);
		await service.store.real.provisioner.destroyDatabase(String(row?.database));
		const [account] = await findAccountsAs(ada, ann.email);
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

test('an admin who leaves is on no list any more', async () => {
	const bea = await signUpAdmin(service);
	expect((await toAdmins(service).list()).map(({ id }) => id)).toContain(bea.accountId);
	const left = await bea.ask('DELETE', '/api/account', { password: PASSWORD });
	expect(left.status).toBe(204);
	expect(await toRows(service).find(`admin:${bea.accountId}`)).toBeUndefined();
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
		expect((await changeAccountAs(ada, ann, { quota: raised })).body).toMatchObject({
			quota: raised
		});
		expect(await push(ann, 'b')).toBe(201);
		expect((await findAccountsAs(ada, ann.email))[0]?.quota).toEqual(raised);
		const none = { documents: null, bytes: null };
		expect((await changeAccountAs(ada, ann, { quota: none })).body).toMatchObject({ quota: none });
		expect(await push(ann, 'c')).toBe(507);
		expect((await changeAccountAs(ada, ann, { quota: { documents: 10, bytes: 1 } })).status).toBe(
			200
		);
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
		expect(await changeAccountAs(ada, ann, body)).toMatchObject({
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

test('a ledger is noted as synced once in an hour, not with each request', async () => {
	const ann = await signUp(service.url);
	const readRow = () => toRows(service).find(`ledger:${ann.ledgerId}`);
	await ann.send(`/sync/${ann.ledgerId}`);
	await eventually(async () => expect((await readRow())?.lastSyncAt).toBeDefined());
	const row = await readRow();
	const other = await signUp(service.url);
	await ann.send(`/sync/${ann.ledgerId}`);
	// Notes are written in turn: once this one is, the other would have been.
	await other.send(`/sync/${other.ledgerId}`);
	await eventually(async () =>
		expect((await toRows(service).find(`ledger:${other.ledgerId}`))?.lastSyncAt).toBeDefined()
	);
	expect(await readRow()).toEqual(row);
});
