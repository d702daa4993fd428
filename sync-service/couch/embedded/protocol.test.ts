import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestStore, type Ask, type TestStore } from '#service/couch/embedded/test-store.ts';

let store: TestStore;
let name: string;
let ask: Ask;

beforeAll(async () => {
	store = await startTestStore();
	ask = store.ask;
});
afterAll(() => store.stop());

beforeEach(async () => {
	name = `ledger-${randomUUID()}`;
	await ask('PUT', `/${name}`);
	return () => expect(store.failures).toEqual([]);
});

const put = async (id: string, body: object = {}) =>
	(await ask('PUT', `/${name}/${encodeURIComponent(id)}`, body)).body.rev as string;

describe('the store', () => {
	test('says who it is', async () => {
		const { status, body } = await ask('GET', '/');
		expect(status).toBe(200);
		expect(body).toMatchObject({
			couchdb: 'Welcome',
			uuid: expect.stringMatching(/^[0-9a-f]{32}$/),
			vendor: { name: 'Outlay embedded store' }
		});
	});

	test('lets nobody in without its password, except to ask whether it is up', async () => {
		for (const authorization of ['', 'Basic b3V0bGF5Og==', 'Bearer x', `${store.authorization}x`]) {
			const refused = await fetch(`${store.url}/${name}`, { headers: { authorization } });
			expect(refused.status).toBe(401);
			expect(await refused.json()).toMatchObject({ error: 'unauthorized' });
		}
		expect((await fetch(`${store.url}/_up`)).status).toBe(200);
	});

	test('says of many databases at once how far they are', async () => {
		const about = (keys: unknown) => ask('POST', '/_dbs_info', { keys });
		await put('a');
		const { body: info } = await ask('GET', `/${name}`);
		expect((await about([name, 'nowhere', '../x', 1])).body).toEqual([
			{
				key: name,
				info: {
					db_name: name,
					doc_count: 1,
					update_seq: info.update_seq,
					cluster: info.cluster
				}
			},
			{ key: 'nowhere', error: 'not_found' },
			{ key: '../x', error: 'not_found' },
			{ key: 1, error: 'not_found' }
		]);
		const { last_seq } = (await ask('GET', `/${name}/_changes`)).body;
		expect(last_seq).toBe(info.update_seq);
		expect(await about([])).toMatchObject({ status: 200, body: [] });
		for (const keys of ['x', null, {}, Array(101).fill(name)]) {
			expect(await about(keys)).toMatchObject({ status: 400, body: { error: 'bad_request' } });
		}
		expect((await ask('POST', '/_dbs_info')).status).toBe(400);
		expect((await ask('GET', '/_dbs_info')).status).toBe(405);
		const refused = await fetch(`${store.url}/_dbs_info`, { method: 'POST', body: '{"keys":[]}' });
		expect(refused.status).toBe(401);
	});

	test('knows no other paths', async () => {
		for (const path of ['_users', '_session', '_node/_local', '_replicate', '_utils', '_dbs']) {
			expect(await ask('GET', `/${path}`)).toMatchObject({
				status: 404,
				body: { error: 'not_found' }
			});
		}
		for (const path of ['_find', '_index', '_design/x', '_purge', '_view', 'doc/attachment']) {
			expect((await ask('POST', `/${name}/${path}`, {})).status).toBe(404);
		}
		expect(await ask('POST', `/${name}/doc`, {})).toMatchObject({
			status: 405,
			body: { error: 'method_not_allowed', reason: 'Only DELETE,GET,HEAD,PUT allowed' }
		});
		expect((await ask('PATCH', '/')).headers.get('allow')).toBe('GET,HEAD');
	});
});

describe('a database', () => {
	test('is made once, found, and gone with its files', async () => {
		expect(await ask('PUT', `/${name}`)).toMatchObject({
			status: 412,
			body: { error: 'file_exists' }
		});
		expect((await ask('HEAD', `/${name}`)).status).toBe(200);
		expect((await ask('GET', '/_all_dbs')).body).toContain(name);
		const folder = join(store.dataDir, 'store', 'databases');
		expect(await readdir(folder)).toContain(name);

		expect(await ask('DELETE', `/${name}`)).toMatchObject({ status: 200, body: { ok: true } });
		expect(await readdir(folder)).not.toContain(name);
		expect(await readdir(join(store.dataDir, 'store', 'trash'))).toEqual([]);
		for (const [method, path] of [
			['GET', ''],
			['DELETE', ''],
			['GET', '/_changes'],
			['PUT', '/doc']
		] as const) {
			expect(await ask(method, `/${name}${path}`, method === 'PUT' ? {} : undefined)).toMatchObject(
				{ status: 404, body: { error: 'not_found', reason: 'Database does not exist.' } }
			);
		}
	});

	test('made anew under an old name is empty, and old sequences begin at its beginning', async () => {
		for (const id of ['a', 'b', 'c']) await put(id);
		const { body: before } = await ask('GET', `/${name}/_changes`);
		await ask('DELETE', `/${name}`);
		await ask('PUT', `/${name}`);
		for (const id of ['x', 'y', 'z', 'zz']) await put(id);
		const { body } = await ask('GET', `/${name}/_changes?since=${before.last_seq}`);
		expect(body.results.map(({ id }: { id: string }) => id)).toEqual(['x', 'y', 'z', 'zz']);
	});

	test('may have every name that CouchDB allows, and no other', async () => {
		const odd = `a/b_$()+-/${randomUUID()}`;
		const path = `/${encodeURIComponent(odd)}`;
		expect((await ask('PUT', path)).status).toBe(201);
		expect((await ask('GET', path)).body).toMatchObject({ db_name: odd, doc_count: 0 });
		expect((await ask('GET', '/_all_dbs')).body).toContain(odd);
		for (const bad of [
			'A',
			'1a',
			'a.b',
			'a%5Cb',
			'a%20b',
			'..%2Fa',
			'a%00',
			'é',
			'a'.repeat(300)
		]) {
			expect(await ask('PUT', `/${bad}`)).toMatchObject({
				status: 400,
				body: { error: 'illegal_database_name' }
			});
		}
	});

	test('keeps its _security', async () => {
		expect((await ask('GET', `/${name}/_security`)).body).toEqual({
			members: { roles: ['_admin'] },
			admins: { roles: ['_admin'] }
		});
		const security = { admins: { names: ['x'], roles: [] }, members: { names: [], roles: [] } };
		for (const one of [{ admins: {} }, security]) {
			expect((await ask('PUT', `/${name}/_security`, one)).body).toEqual({ ok: true });
		}
		expect((await ask('GET', `/${name}/_security`)).body).toEqual(security);
		expect((await ask('PUT', `/${name}/_security`, { admins: { names: 'x' } })).status).toBe(400);
		expect((await ask('GET', `/${name}/_local/outlay:security`)).status).toBe(404);
	});

	test('commits and compacts', async () => {
		const rev = await put('a', { n: 1 });
		await put('a', { _rev: rev, n: 2 });
		expect((await ask('POST', `/${name}/_ensure_full_commit`)).status).toBe(201);
		expect((await ask('POST', `/${name}/_compact`)).status).toBe(202);
		expect((await ask('GET', `/${name}/a`)).body.n).toBe(2);
		expect((await ask('GET', `/${name}/a?rev=${rev}`)).status).toBe(404);
	});
});

describe('a document', () => {
	test('is written, read, changed and deleted', async () => {
		const created = await ask('PUT', `/${name}/a`, { n: 1 });
		expect(created).toMatchObject({ status: 201, body: { ok: true, id: 'a' } });
		const { rev } = created.body;
		expect((await ask('GET', `/${name}/a`)).body).toEqual({ _id: 'a', _rev: rev, n: 1 });
		expect((await ask('HEAD', `/${name}/a`)).headers.get('etag')).toBe(`"${rev}"`);

		expect((await ask('PUT', `/${name}/a`, { n: 2 })).status).toBe(409);
		expect((await ask('PUT', `/${name}/a`, { n: 2, _rev: '1-aa' })).status).toBe(409);
		const second = await put('a', { n: 2, _rev: rev });
		expect((await ask('PUT', `/${name}/a`, { n: 3, _rev: rev })).status).toBe(409);

		expect((await ask('DELETE', `/${name}/a`)).status).toBe(409);
		expect((await ask('DELETE', `/${name}/a?rev=${rev}`)).status).toBe(409);
		expect((await ask('DELETE', `/${name}/a?rev=${second}`)).status).toBe(200);
		expect(await ask('DELETE', `/${name}/a?rev=${second}`)).toMatchObject({
			status: 404,
			body: { error: 'not_found', reason: 'deleted' }
		});
		expect((await ask('GET', `/${name}/b`)).body).toEqual({
			error: 'not_found',
			reason: 'missing'
		});
		expect(await put('a', { n: 4 })).toMatch(/^4-/);
	});

	test('that repeats a revision below its deletion is a conflict, and ends nothing', async () => {
		const first = await put('a', { n: 1 });
		const second = await put('a', { n: 2, _rev: first });
		await ask('DELETE', `/${name}/a?rev=${second}`);
		expect((await ask('PUT', `/${name}/a`, { n: 2, _rev: first })).status).toBe(409);
		expect((await ask('GET', '/_up')).status).toBe(200);
	});

	test('shows its revisions, leaves and conflicts', async () => {
		const docs = [
			{ _id: 'a', _revisions: { start: 2, ids: ['bb', 'aa'] }, n: 2 },
			{ _id: 'a', _revisions: { start: 2, ids: ['cc', 'aa'] }, n: 3 },
			{ _id: 'a', _revisions: { start: 3, ids: ['dd', 'bb', 'aa'] }, _deleted: true }
		];
		const stored = await ask('POST', `/${name}/_bulk_docs`, { docs, new_edits: false });
		expect(stored).toMatchObject({ status: 201, body: [] });

		expect((await ask('GET', `/${name}/a?revs=true&conflicts=true`)).body).toEqual({
			_id: 'a',
			_rev: '2-cc',
			_revisions: { start: 2, ids: ['cc', 'aa'] },
			n: 3
		});
		const all = await ask('GET', `/${name}/a?open_revs=all`);
		expect(all.body.map(({ ok }: { ok: { _rev: string } }) => ok._rev)).toEqual(['2-cc', '3-dd']);
		const open = encodeURIComponent(JSON.stringify(['1-aa', '2-cc', '9-ff']));
		expect((await ask('GET', `/${name}/a?open_revs=${open}`)).body).toEqual([
			{ missing: '1-aa' },
			{ ok: { _id: 'a', _rev: '2-cc', n: 3 } },
			{ missing: '9-ff' }
		]);
		expect((await ask('GET', `/${name}/a?rev=2-bb&latest=true`)).body).toMatchObject({
			_rev: '3-dd',
			_deleted: true
		});
		// PouchDB's own `latest` ends the process over this one.
		expect((await ask('GET', `/${name}/a?rev=9-ff&latest=true`)).status).toBe(404);
	});

	test('is read in bulk: found, missing, deleted and the latest of an old one', async () => {
		const old = await put('a', { n: 1 });
		const rev = await put('a', { n: 2, _rev: old });
		const { body } = await ask('POST', `/${name}/_bulk_get?revs=true&latest=true`, {
			docs: [{ id: 'a', rev: old }, { id: 'a', rev: '7-ee' }, { id: 'b' }, { id: 'a' }]
		});
		const ok = {
			_id: 'a',
			_rev: rev,
			_revisions: { start: 2, ids: [rev.slice(2), old.slice(2)] },
			n: 2
		};
		const error = (id: string, missing: string) => ({
			error: { id, rev: missing, error: 'not_found', reason: 'missing' }
		});
		expect(body).toEqual({
			results: [
				{ id: 'a', docs: [{ ok }] },
				{ id: 'a', docs: [error('a', '7-ee')] },
				{ id: 'b', docs: [error('b', 'undefined')] },
				{ id: 'a', docs: [{ ok }] }
			]
		});
		expect((await ask('POST', `/${name}/_bulk_get`, { docs: [] })).body).toEqual({ results: [] });
	});

	test('written twice in one request is stored once, and once a conflict', async () => {
		const docs = [{ _id: 'a', n: 1 }, { _id: 'a', n: 2 }, { n: 3 }];
		const { status, body } = await ask('POST', `/${name}/_bulk_docs`, { docs });
		expect(status).toBe(201);
		expect(body).toEqual([
			{ ok: true, id: 'a', rev: expect.any(String) },
			{ id: 'a', error: 'conflict', reason: 'Document update conflict.' },
			{ ok: true, id: expect.stringMatching(/^[0-9a-f]{32}$/), rev: expect.any(String) }
		]);
	});

	test('of which some revisions are missing says so', async () => {
		const rev = await put('a', { n: 1 });
		const { body } = await ask('POST', `/${name}/_revs_diff`, {
			a: [rev, '2-bb'],
			b: ['1-aa'],
			c: []
		});
		expect(body).toEqual({
			a: { missing: ['2-bb'], possible_ancestors: [rev] },
			b: { missing: ['1-aa'] }
		});
	});

	test('of checkpoints: counted, and as in CouchDB never a conflict', async () => {
		const path = `/${name}/_local/abc==`;
		expect((await ask('GET', path)).status).toBe(404);
		expect((await ask('PUT', path, { n: 1 })).body).toEqual({
			ok: true,
			id: '_local/abc==',
			rev: '0-1'
		});
		expect((await ask('PUT', path, { n: 2, _rev: '0-1' })).body.rev).toBe('0-2');
		expect((await ask('GET', path)).body).toEqual({ _id: '_local/abc==', _rev: '0-2', n: 2 });
		const late = [{ n: 3, _rev: '0-1' }, { n: 3 }, { n: 3, _rev: '0-9' }];
		const answers = await Promise.all(late.map((one) => ask('PUT', path, one)));
		expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
		expect((await ask('GET', path)).body.n).toBe(3);
		expect((await ask('GET', `/${name}/_all_docs`)).body.rows).toEqual([]);
	});
});

describe('lists', () => {
	const ids = (rows: { id: string }[]) => rows.map(({ id }) => id);

	test('changes come in pages, from the end, and backwards', async () => {
		const docs = Array.from({ length: 1200 }, (_, at) => ({ _id: `t:${at}` }));
		await ask('POST', `/${name}/_bulk_docs`, { docs });
		const { body: all } = await ask('GET', `/${name}/_changes`);
		expect(ids(all.results)).toEqual(ids(docs.map(({ _id }) => ({ id: _id }))));
		expect(all.pending).toBe(0);

		const seen = [];
		let since = '0';
		for (;;) {
			const { body } = await ask('GET', `/${name}/_changes?limit=501&since=${since}`);
			if (!body.results.length) break;
			seen.push(...ids(body.results));
			since = body.last_seq;
		}
		expect(seen).toEqual(ids(all.results));

		const now = await ask('GET', `/${name}/_changes?since=now`);
		expect(now.body).toEqual({ results: [], last_seq: all.last_seq, pending: 0 });
		const last = await ask('GET', `/${name}/_changes?descending=true&limit=2`);
		expect(ids(last.body.results)).toEqual(['t:1199', 't:1198']);
		expect((await ask('GET', `/${name}/_changes?since=99999`)).body.results).toHaveLength(1200);

		// Edits leave holes where the documents were: every one comes once, the last edited first.
		const edited = docs.filter((_, at) => at % 3 === 0).map(({ _id }) => _id);
		for (const row of all.results as { id: string; changes: [{ rev: string }] }[]) {
			if (!edited.includes(row.id)) continue;
			const update = { _id: row.id, _rev: row.changes[0].rev, again: true };
			await ask('POST', `/${name}/_bulk_docs`, { docs: [update] });
		}
		const forth = await ask('GET', `/${name}/_changes`);
		const back = await ask('GET', `/${name}/_changes?descending=true&include_docs=true`);
		expect(ids(back.body.results)).toEqual(ids(forth.body.results).reverse());
		expect(back.body.results).toHaveLength(1200);
		expect(back.body.results[0].doc).toMatchObject({ _id: edited.at(-1), again: true });
		expect(back.body.pending).toBe(0);
	});

	test('a change shows its leaves, its document and its conflicts when asked', async () => {
		const rev = await put('a', { n: 1 });
		const docs = [{ _id: 'a', _rev: '1-aa', n: 2 }];
		await ask('POST', `/${name}/_bulk_docs`, { docs, new_edits: false });
		const [winner, loser] = [rev, '1-aa'].sort().reverse();
		const path = `/${name}/_changes?style=all_docs&include_docs=true&conflicts=true`;
		const { body } = await ask('POST', path, {});
		expect(body.results).toHaveLength(1);
		expect(body.results[0].changes.map((one: { rev: string }) => one.rev).sort()).toEqual(
			[rev, '1-aa'].sort()
		);
		expect(body.results[0].doc).toMatchObject({ _rev: winner, _conflicts: [loser] });
		for (const query of ['feed=longpoll', 'feed=continuous', 'filter=_view', 'since=x']) {
			expect((await ask('GET', `/${name}/_changes?${query}`)).status).toBe(400);
		}
	});

	test('documents come by range, by key, backwards and in pages', async () => {
		const order = ['a', 'b', 'b1', 'c', '～', '😀'];
		for (const id of order) await put(id, { n: id });
		const all = async (query: Record<string, unknown>) => {
			const entries = Object.entries(query).map(([key, value]) => [key, JSON.stringify(value)]);
			const path = `/${name}/_all_docs?${new URLSearchParams(Object.fromEntries(entries))}`;
			return (await ask('GET', path)).body.rows;
		};
		expect(ids(await all({}))).toEqual(order);
		expect(ids(await all({ descending: true }))).toEqual([...order].reverse());
		expect(ids(await all({ startkey: 'b', endkey: 'b\ufff0' }))).toEqual(['b', 'b1']);
		expect(ids(await all({ startkey: 'b', endkey: 'c', inclusive_end: false }))).toEqual([
			'b',
			'b1'
		]);
		expect(ids(await all({ startkey: 'c', endkey: 'b', descending: true }))).toEqual([
			'c',
			'b1',
			'b'
		]);
		expect(ids(await all({ skip: 1, limit: 2 }))).toEqual(['b', 'b1']);
		expect(ids(await all({ key: 'b1' }))).toEqual(['b1']);
		expect(await all({ limit: 0 })).toEqual([]);
		expect(await all({ endkey: '' })).toEqual([]);
		expect((await all({ key: 'a', include_docs: true }))[0].doc).toMatchObject({ n: 'a' });

		const { body } = await ask('POST', `/${name}/_all_docs`, { keys: ['c', '', 'no', 5, 'a'] });
		expect(body.rows.map((row: { id?: string; error?: string }) => row.id ?? row.error)).toEqual([
			'c',
			'not_found',
			'not_found',
			'not_found',
			'a'
		]);
	});

	test('more documents than a page are listed once each', async () => {
		const docs = Array.from({ length: 1001 }, (_, at) => ({ _id: String(at).padStart(5, '0') }));
		await ask('POST', `/${name}/_bulk_docs`, { docs });
		const { body } = await ask('GET', `/${name}/_all_docs`);
		expect(ids(body.rows)).toEqual(docs.map(({ _id }) => _id));
		expect(body.total_rows).toBe(1001);
	});
});
