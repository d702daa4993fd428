import { afterAll, beforeAll, expect, test } from 'vitest';
import { INCARNATION_HEADER } from '#contract/replication.ts';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import { type Person, pushDocuments, sendRaw, signUp, toRevision } from '#tests/service/people.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
let service: RunningService;
let ann: Person;
let bob: Person;

beforeAll(async () => {
	service = await runService();
	[ann, bob] = await Promise.all([signUp(service.url), signUp(service.url)]);
	await pushDocuments(bob, toRevision('secret', { note: 'for bob only' }));
});
afterAll(() => service.stop());

/** As Ann, with the address as it stands. `ANN` and `BOB` become the ledgers' ids. */
function asAnn(method: string, path: string, body = '', headers: Record<string, string> = {}) {
	const filled = path.replaceAll('ANN', ann.ledgerId).replaceAll('BOB', bob.ledgerId);
	const all = { cookie: ann.cookie, ...(body && JSON_TYPE), ...headers };
	return sendRaw(service.url, method, filled, all, body);
}

test('what replication needs is answered, all of it as JSON', async () => {
	const doc = toRevision('transaction:1', { amountMinor: 1250 });
	const steps: [string, string, string, number, unknown][] = [
		['GET', '/sync/', '', 200, { uuid: expect.stringMatching(/^[0-9a-f]{32}$/) }],
		['GET', '/sync/ANN', '', 200, { db_name: ann.ledgerId, doc_count: 0 }],
		['GET', '/sync/ANN/', '', 200, { db_name: ann.ledgerId }],
		['GET', '/sync/ANN/_local/abc%3D%3D', '', 404, { error: 'not_found' }],
		['PUT', '/sync/ANN/_local/abc%3D%3D', '{"last_seq":1}', 201, { ok: true }],
		['GET', '/sync/ANN/_local/abc%3D%3D', '', 200, { _id: '_local/abc==', last_seq: 1 }],
		// As in CouchDB, a checkpoint is whatever was written last.
		['PUT', '/sync/ANN/_local/abc%3D%3D', '{"last_seq":2}', 201, { ok: true }],
		['GET', '/sync/ANN/_local/abc%3D%3D', '', 200, { last_seq: 2 }],
		['POST', '/sync/ANN/_revs_diff', '{"transaction:1":["1-abc"]}', 200, { 'transaction:1': {} }],
		[
			'POST',
			'/sync/ANN/_bulk_docs',
			JSON.stringify({ docs: [doc], new_edits: false }),
			201,
			expect.any(Array)
		],
		['POST', '/sync/ANN/_ensure_full_commit', '', 201, { ok: true }],
		['POST', '/sync/ANN/_ensure_full_commit', '{}', 201, { ok: true }],
		[
			'GET',
			'/sync/ANN/_changes?style=all_docs&since=0&limit=100',
			'',
			200,
			{ results: [{ id: doc._id }] }
		],
		['POST', '/sync/ANN/_changes', '', 200, { results: [{ id: doc._id }] }],
		['POST', '/sync/ANN/_changes?since=now', '{}', 200, { results: [] }],
		[
			'GET',
			'/sync/ANN/_changes?include_docs=true&conflicts=true&descending=true&seq_interval=5',
			'',
			200,
			{ results: [{ doc: { amountMinor: 1250 } }] }
		],
		[
			'POST',
			'/sync/ANN/_bulk_get?revs=true&latest=true',
			'{"docs":[{"id":"transaction:1","rev":"1-abc"}]}',
			200,
			{ results: [{ id: doc._id, docs: [{ ok: { amountMinor: 1250 } }] }] }
		],
		['GET', '/sync/ANN/transaction%3A1?revs=true&conflicts=true', '', 200, { amountMinor: 1250 }],
		['GET', '/sync/ANN/transaction:1?rev=1-abc&latest=true', '', 200, { amountMinor: 1250 }],
		[
			'GET',
			'/sync/ANN/transaction%3A1?open_revs=%5B%221-abc%22%5D',
			'',
			200,
			[{ ok: { amountMinor: 1250 } }]
		],
		['GET', '/sync/ANN/transaction%3A1?open_revs=all', '', 200, [{ ok: { _rev: '1-abc' } }]],
		['GET', '/sync/ANN/nothing', '', 404, { error: 'not_found' }]
	];
	for (const [method, path, body, status, expected] of steps) {
		const answer = await asAnn(method, path, body, JSON_TYPE);
		expect({ method, path, status: answer.status }).toEqual({ method, path, status });
		expect(answer.headers['content-type']).toMatch(/^application\/json/);
		expect(answer.headers[INCARNATION_HEADER]).toMatch(/^[0-9a-f]{32}$/);
		for (const name of ['server', 'location', 'x-couch-request-id', 'www-authenticate', 'etag']) {
			expect(answer.headers).not.toHaveProperty(name);
		}
		const json: unknown = JSON.parse(answer.text);
		if (Array.isArray(expected)) expect(json).toMatchObject(expected);
		else expect(json).toEqual(toMatcher(expected));
	}
	expect((await asAnn('HEAD', '/sync/ANN/')).status).toBe(200);
});

function toMatcher(expected: unknown): unknown {
	const isMatcher =
		typeof expected === 'object' && expected !== null && 'asymmetricMatch' in expected;
	return isMatcher ? expected : expect.objectContaining(toDeepMatcher(expected));
}

function toDeepMatcher(expected: unknown): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(expected as object).map(([key, value]: [string, unknown]) => {
			if (Array.isArray(value)) return [key, value.map((one) => toMatcher(one))];
			const isPlain = typeof value === 'object' && value !== null && !('asymmetricMatch' in value);
			return [key, isPlain ? toMatcher(value) : value];
		})
	);
}

test.each([
	'/sync/BOB/',
	'/sync/BOB',
	'/sync/BOB/secret',
	'/sync/BOB/_changes?include_docs=true',
	'/sync/BOB/_local/x',
	'/sync/ANN/../BOB/secret',
	'/sync/ANN/..%2FBOB/secret',
	'/sync/ANN%2F..%2FBOB/secret',
	'/sync/ANN/%2e%2e/BOB/secret',
	'/sync/ANN/%252e%252e/BOB/secret',
	'/sync/ANN//BOB/secret',
	'/sync//BOB/secret',
	'//sync/BOB/secret',
	'/sync/./BOB/secret',
	'/sync/ANN\\..\\BOB/secret',
	'/sync/ANN/..\\BOB\\secret',
	'/sync/ANN%00/../BOB/secret',
	'/sync/BOB%00/secret',
	'/sync/BOB;/secret',
	'/sync/%42OB/secret',
	'/sync/BOB/secret?rev=1-abc&rev=1-abc',
	'/%73ync/BOB/secret',
	'/SYNC/BOB/secret',
	'/sync/BOB/%73ecret',
	'http://store/sync/BOB/secret',
	'/sync/_all_dbs',
	'/sync/ANN/_all_docs',
	'/sync/ANN/_security',
	'/sync/ANN/_design/x',
	'/sync/outlay-accounts/_all_docs'
])('GET %s shows nothing of what is not hers', async (path) => {
	const before = service.store.ledgerRequests.length;
	const answer = await asAnn('GET', path);
	expect(answer.status).toBeGreaterThanOrEqual(400);
	expect(answer.status).toBeLessThan(500);
	expect(answer.text).not.toContain('for bob only');
	expect(Object.keys(JSON.parse(answer.text) as object).sort()).toEqual(['error', 'reason']);
	expect(service.store.ledgerRequests.slice(before)).toEqual([]);
});

test('the table above could have shown it: Bob himself sees his document', async () => {
	const answer = await bob.send(`/sync/${bob.ledgerId}/secret`);
	expect(await answer.text()).toContain('for bob only');
});

test("another's ledger and one that does not exist are refused alike", async () => {
	const [others, unknown] = [
		await asAnn('GET', '/sync/BOB/'),
		await asAnn('GET', `/sync/${'0'.repeat(32)}/`)
	];
	expect([others.status, unknown.status]).toEqual([403, 403]);
	expect(others.text).toBe(unknown.text);
	expect(Object.keys(others.headers)).toEqual(Object.keys(unknown.headers));
});

test.each([
	['COPY', '/sync/ANN/secret', {}],
	['DELETE', '/sync/ANN', {}],
	['PUT', '/sync/ANN', {}],
	['PUT', '/sync/ANN/doc', {}],
	['POST', '/sync/ANN', {}],
	['POST', '/sync/ANN/_purge', {}],
	['POST', '/sync/ANN/_compact', {}],
	['POST', '/sync/ANN/_find', {}],
	['PUT', '/sync/ANN/_security', {}],
	['POST', '/sync/_replicate', {}],
	['POST', '/sync/ANN/_bulk_docs', { 'x-http-method-override': 'DELETE' }],
	['GET', '/sync/ANN', { 'x-http-method-override': 'DELETE' }],
	['TRACE', '/sync/ANN', {}]
] as const)('%s %s with %j never reaches the store', async (method, path, headers) => {
	const before = service.store.ledgerRequests.length;
	const answer = await asAnn(method, path, '', { ...headers, 'content-length': '0' });
	expect(answer.status).toBeGreaterThanOrEqual(400);
	expect(service.store.ledgerRequests.slice(before)).toEqual([]);
});

test.each([
	['a filter in the body', '/_changes', '{"doc_ids":["x"]}', 400],
	['a selector in the body', '/_changes?feed=longpoll', '{"selector":{}}', 400],
	['edits of the store’s own', '/_bulk_docs', '{"docs":[{"_id":"a","_rev":"1-a"}]}', 400],
	[
		'a design document',
		'/_bulk_docs',
		'{"docs":[{"_id":"_design/a","_rev":"1-a"}],"new_edits":false}',
		400
	],
	[
		'an attachment',
		'/_bulk_docs',
		'{"docs":[{"_id":"a","_rev":"1-a","_attachments":{"b":{"content_type":"text/plain","data":""}}}],"new_edits":false}',
		400
	],
	[
		'a history that is none',
		'/_bulk_docs',
		'{"docs":[{"_id":"a","_rev":"1-a","_revisions":{"start":1,"ids":[]}}],"new_edits":false}',
		400
	],
	['what is not JSON', '/_bulk_docs', 'docs=1', 400],
	['nothing', '/_bulk_get', '', 400]
])('%s is refused before the store sees it', async (_what, path, body, status) => {
	const before = service.store.ledgerRequests.length;
	const answer = await asAnn('POST', `/sync/ANN${path}`, body);
	expect(answer.status).toBe(status);
	expect(service.store.ledgerRequests.slice(before)).toEqual([]);
});

test('bytes that are not UTF-8 are no JSON', async () => {
	const body = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
	const answer = await ann.send(`/sync/${ann.ledgerId}/_revs_diff`, {
		method: 'POST',
		headers: JSON_TYPE,
		body
	});
	expect(answer.status).toBe(400);
	expect(await answer.json()).toMatchObject({ error: 'malformed-json' });
});

test('nobody signed in is told so in JSON, as replication must be', async () => {
	for (const path of ['/sync/', `/sync/${ann.ledgerId}/`, `/sync/${ann.ledgerId}/_changes`]) {
		const answer = await fetch(service.url + path);
		expect(answer.status).toBe(401);
		expect(await answer.json()).toMatchObject({ error: 'signed-out' });
	}
});

test('a body over 8 MiB is refused while it streams in, whether or not it says its length', async () => {
	const path = `/sync/${ann.ledgerId}/_bulk_docs`;
	const chunk = new Uint8Array(1024 * 1024).fill(32);
	let sent = 0;
	const endless = new ReadableStream<Uint8Array>({
		pull(controller) {
			sent++;
			if (sent > 40) controller.close();
			else controller.enqueue(chunk);
		}
	});
	const init = {
		method: 'POST',
		headers: JSON_TYPE,
		body: endless,
		duplex: 'half'
	} as RequestInit;
	const streamed = await ann.send(path, init);
	expect(streamed.status).toBe(413);
	expect(await streamed.json()).toMatchObject({ error: 'too-large' });

	const whole = await ann.send(path, {
		method: 'POST',
		headers: JSON_TYPE,
		body: new Uint8Array(9 * 1024 * 1024)
	});
	expect(whole.status).toBe(413);
	const checkpoint = await ann.send(`/sync/${ann.ledgerId}/_local/a`, {
		method: 'PUT',
		headers: JSON_TYPE,
		body: JSON.stringify({ note: 'x'.repeat(9_000) })
	});
	expect(checkpoint.status).toBe(413);
});

test('a document that is too large is refused with its batch, one that is not is kept', async () => {
	const cat = await signUp(service.url);
	const send = (size: number) =>
		cat.post('_bulk_docs', {
			docs: [toRevision('big', { note: 'x'.repeat(size) })],
			new_edits: false
		});
	expect((await send(900_001)).status).toBe(413);
	expect((await send(890_000)).status).toBe(201);
	expect((await (await cat.send(`/sync/${cat.ledgerId}/big`)).json()) as object).toHaveProperty(
		'note'
	);
});

test('when the client goes away the store is not left working for it', async () => {
	const { store } = service;
	const aborted: PromiseWithResolvers<void> = Promise.withResolvers();
	const original = store.client.request;
	store.client.request = (method, path, options) => {
		options?.signal?.addEventListener('abort', () => aborted.resolve());
		return original(method, path, options);
	};
	const arrived: PromiseWithResolvers<void> = Promise.withResolvers();
	store.hold = () => {
		arrived.resolve();
		return aborted.promise;
	};
	const leaving = new AbortController();
	const answer = ann.send(`/sync/${ann.ledgerId}/_changes`, { signal: leaving.signal });
	await arrived.promise;
	leaving.abort();
	await expect(answer).rejects.toThrow();
	await aborted.promise;
	store.hold = undefined;
	store.client.request = original;
});

test('the ledger’s uuid is its own', async () => {
	const uuid = async (person: Person) => {
		const answer = await person.send('/sync/');
		return ((await answer.json()) as { uuid: string }).uuid;
	};
	expect(await uuid(ann)).toBe(await uuid(ann));
	expect(await uuid(ann)).not.toBe(await uuid(bob));
});
