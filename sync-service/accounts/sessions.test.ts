import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Account } from '#service/accounts/account-store.ts';
import { createEndings, type Endings } from '#service/accounts/endings.ts';
import type { Rows } from '#service/accounts/rows.ts';
import { createSessions, type Sessions } from '#service/accounts/sessions.ts';
import type { CouchDocument } from '#service/couch/client.ts';

const DAY_MS = 86_400_000;

let documents: Map<string, CouchDocument>;
let reads: number;
let writes: number;
/** Held back before a read is answered. */
let beforeAnswer: () => Promise<unknown>;
let sessions: Sessions;
let endings: Endings;

const rows: Rows = {
	prepare: async () => {},
	async find<T extends CouchDocument>(id: string) {
		reads++;
		const document = documents.get(id) as T | undefined;
		await beforeAnswer();
		return document;
	},
	async put(row) {
		if ((documents.get(row._id)?._rev ?? '') !== (row._rev ?? '')) return 'conflict';
		writes++;
		const rev = `${writes}-a`;
		documents.set(row._id, { ...row, _rev: rev });
		return { rev };
	},
	async remove(id, rev) {
		return documents.get(id)?._rev === rev && documents.delete(id) ? 'removed' : 'conflict';
	},
	async list<T extends CouchDocument>(prefix: string) {
		return [...documents.values()].filter(({ _id }) => _id.startsWith(prefix)) as T[];
	},
	findMany: <T extends CouchDocument>(ids: readonly string[]) =>
		Promise.all(ids.map((id) => rows.find<T>(id))),
	listAfter: async () => [],
	changes: async () => ({ changes: [], last: '0', more: false })
};

/** Who is signed in; fails the test where the account is suspended. */
async function find(token: string) {
	const found = await sessions.find(token);
	if (found === 'suspended') throw new Error('The account is suspended.');
	return found;
}

beforeEach(() => {
	vi.useFakeTimers({ now: 0, toFake: ['Date'] });
	documents = new Map([['account:ann', { _id: 'account:ann', email: 'a@b.co', ledgerId: 'l' }]]);
	reads = writes = 0;
	beforeAnswer = async () => {};
	endings = createEndings();
	sessions = createSessions(rows, endings);
});
afterEach(() => {
	vi.useRealTimers();
});

test('a token says whose it is, and only its hash is kept', async () => {
	const { token } = await sessions.create({ id: 'ann' }, 'Firefox on Linux');
	expect(token).toMatch(/^ann\.[\w-]{32}$/);
	expect(await sessions.find(token)).toMatchObject({
		identity: { accountId: 'ann', email: 'a@b.co', ledgerId: 'l' }
	});
	expect(JSON.stringify([...documents.values()])).not.toContain(token.slice(4));
	expect(await sessions.find(`${token.slice(0, -1)}~`)).toBeUndefined();
	expect(await sessions.find(`bob.${token.slice(4)}`)).toBeUndefined();
});

test('a session is believed for five seconds without asking the store', async () => {
	const { token } = await sessions.create({ id: 'ann' }, 'Firefox on Linux');
	await sessions.find(token);
	const before = reads;
	vi.setSystemTime(4_999);
	await sessions.find(token);
	expect(reads).toBe(before);
	vi.setSystemTime(5_000);
	await sessions.find(token);
	expect(reads).toBeGreaterThan(before);
});

test('using a session writes when it was seen at most every quarter of an hour', async () => {
	const { token } = await sessions.create({ id: 'ann' }, 'Firefox on Linux');
	const before = writes;
	for (let minute = 0; minute < 60; minute++) {
		vi.setSystemTime(minute * 60_000);
		await sessions.find(token);
	}
	expect(writes).toBe(before + 3);
	const account = documents.get('account:ann') as unknown as Account;
	expect(await sessions.list({ ...account, id: 'ann' }, '')).toMatchObject([
		{ createdAt: '1970-01-01T00:00:00.000Z', lastSeenAt: '1970-01-01T00:45:00.000Z' }
	]);
});

test('a session is renewed once half its time is over', async () => {
	const { token } = await sessions.create({ id: 'ann' }, 'Firefox on Linux');
	for (let day = 0; day <= 44; day++) {
		vi.setSystemTime(day * DAY_MS);
		expect((await find(token))?.renewedUntil).toBeUndefined();
	}
	vi.setSystemTime(46 * DAY_MS);
	const before = writes;
	expect((await find(token))?.renewedUntil).toEqual(new Date((46 + 90) * DAY_MS));
	expect(writes).toBe(before + 1);
	vi.setSystemTime(47 * DAY_MS);
	expect((await find(token))?.renewedUntil).toBeUndefined();
	vi.setSystemTime((46 + 89) * DAY_MS);
	expect(await sessions.find(token)).toBeDefined();
});

test('a session that was not used for its whole time is over', async () => {
	const { token } = await sessions.create({ id: 'ann' }, 'Firefox on Linux');
	vi.setSystemTime(90 * DAY_MS);
	expect(await sessions.find(token)).toBeUndefined();
	expect([...documents.keys()]).toEqual(['account:ann']);
});

test('ending a session is known at once, and to who listens', async () => {
	const { token } = await sessions.create({ id: 'ann' }, 'Firefox on Linux');
	const other = await sessions.create({ id: 'ann' }, 'Firefox on Linux');
	const ended = vi.fn();
	endings.onCredentialEnd((key) => ended(key));
	const key = (await find(token))?.identity.credentialKey;
	await sessions.end(token);
	expect(await sessions.find(token)).toBeUndefined();
	expect(ended.mock.calls).toEqual([[key]]);
	expect(await sessions.find(other.token)).toBeDefined();
});

test('a check under way does not revive a session that ends meanwhile', async () => {
	const { token } = await sessions.create({ id: 'ann' }, 'Firefox on Linux');
	const ended: PromiseWithResolvers<void> = Promise.withResolvers();
	beforeAnswer = () => ended.promise;
	const checking = sessions.find(token);
	beforeAnswer = async () => {};
	await sessions.end(token);
	ended.resolve();
	expect(await checking).toBeUndefined();
	expect(await sessions.find(token)).toBeUndefined();
});

test('all sessions of an account end, those of others go on', async () => {
	documents.set('account:bob', { _id: 'account:bob', email: 'b@b.co', ledgerId: 'm' });
	const hers = [
		await sessions.create({ id: 'ann' }, 'Firefox on Linux'),
		await sessions.create({ id: 'ann' }, 'Firefox on Linux')
	];
	const his = await sessions.create({ id: 'bob' }, 'Firefox on Linux');
	for (const { token } of [...hers, his]) await sessions.find(token);
	await sessions.endAll('ann');
	for (const { token } of hers) expect(await sessions.find(token)).toBeUndefined();
	expect(await sessions.find(his.token)).toBeDefined();
});

test('a session whose account is gone is over', async () => {
	const { token } = await sessions.create({ id: 'ann' }, 'Firefox on Linux');
	documents.delete('account:ann');
	expect(await sessions.find(token)).toBeUndefined();
	expect(documents.size).toBe(0);
});

test.each([
	['a new era', { sessionEra: 1 }],
	['a removal', { removedAt: '1970-01-01T00:00:00.000Z' }]
])(
	'%s ends what is believed as soon as it is told, and all else after five seconds',
	async (_, change) => {
		const { token } = await sessions.create({ id: 'ann' }, 'Firefox on Linux');
		await sessions.find(token);
		documents.set('account:ann', { ...documents.get('account:ann')!, ...change });
		expect(await sessions.find(token)).toBeDefined();
		endings.recheckAccount('ann');
		expect(await sessions.find(token)).toBeUndefined();
	}
);

test('a list says which session asks, names none by its key, and ends one', async () => {
	const { token } = await sessions.create({ id: 'ann' }, 'Firefox on Linux');
	const other = await sessions.create({ id: 'ann' }, 'Safari on iPad');
	const found = await find(token);
	const account = { ...(documents.get('account:ann') as unknown as Account), id: 'ann' };
	const listed = await sessions.list(account, found!.identity.credentialKey);
	expect(listed).toMatchObject([
		{ device: 'Firefox on Linux', current: true },
		{ device: 'Safari on iPad', current: false }
	]);
	for (const { id } of listed) expect(JSON.stringify([...documents.values()])).not.toContain(id);
	expect(await sessions.endListed('bob', listed[1]!.id)).toBe('unknown');
	expect(await sessions.endListed('ann', listed[1]!.id)).toBe('ended');
	expect(await sessions.endListed('ann', listed[1]!.id)).toBe('unknown');
	expect(await sessions.find(other.token)).toBeUndefined();
	expect(await sessions.find(token)).toBeDefined();
});

test('while an account is suspended nobody is signed in; afterwards the session goes on', async () => {
	const { token } = await sessions.create({ id: 'ann' }, 'Firefox on Linux');
	const row = documents.get('account:ann')!;
	documents.set('account:ann', { ...row, suspended: true });
	expect(await sessions.find(token)).toBe('suspended');
	documents.set('account:ann', row);
	expect(await find(token)).toBeDefined();
});
