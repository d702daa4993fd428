import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startTestStore, type TestStore } from '#service/couch/embedded/test-store.ts';

let store: TestStore;

beforeAll(async () => {
	store = await startTestStore();
	await store.ask('PUT', '/ledger');
	await store.ask('PUT', '/ledger/there', { n: 1 });
});
afterAll(() => store.stop());

// An error that nobody caught would fail the run by itself; this shows that the store still works.
afterEach(async () => {
	expect(store.failures).toEqual([]);
	expect((await store.ask('GET', '/ledger/there')).body.n).toBe(1);
});

/** Sends a body as it is. */
async function send(
	path: string,
	body: string | Uint8Array<ArrayBuffer>,
	headers = {},
	method = 'POST'
) {
	const response = await fetch(store.url + path, {
		method,
		body,
		headers: {
			authorization: store.authorization,
			'content-type': 'application/json',
			...headers
		}
	});
	expect(response.headers.get('content-type')).toBe('application/json');
	return { status: response.status, body: (await response.json()) as { error: string } };
}

/** Sends a path as it is: `fetch` would tidy it up. */
async function getRaw(path: string): Promise<number> {
	const { port } = new URL(store.url);
	const asked = request({ port, path, headers: { authorization: store.authorization } });
	asked.end();
	const [response] = await once(asked, 'response');
	response.resume();
	await once(response, 'end');
	return response.statusCode;
}

test.each([
	['not JSON', '{'],
	['nothing', ''],
	['a list', '[]'],
	['null', 'null'],
	['text', '"docs"'],
	['no UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)],
	['very deep JSON', `{"docs":${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
	['a deep document', `{"docs":[{"a":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}]}`],
	['docs that are no list', '{"docs":{"length":1}}'],
	['docs that are no documents', '{"docs":[null]}'],
	['a number for an id', '{"docs":[{"_id":5}]}'],
	['an empty id', '{"docs":[{"_id":""}]}'],
	['a reserved id', '{"docs":[{"_id":"_design/x"}]}'],
	['a checkpoint', '{"docs":[{"_id":"_local/x"}]}'],
	['half a character for an id', '{"docs":[{"_id":"\\ud800"}]}'],
	['a null character in an id', '{"docs":[{"_id":"a\\u0000b"}]}'],
	['an endless id', `{"docs":[{"_id":"${'a'.repeat(2000)}"}]}`],
	['a revision that is none', '{"docs":[{"_id":"a","_rev":"x"}]}'],
	['a revision that is no text', '{"docs":[{"_id":"a","_rev":{"a":1}}]}'],
	['an unknown special member', '{"docs":[{"_id":"a","_foo":1}]}'],
	['a prototype', '{"docs":[{"_id":"a","__proto__":{"x":1}}]}'],
	['a prototype inside', '{"docs":[{"_id":"a","b":{"__proto__":{"x":1}}}]}'],
	['a deletion that is no boolean', '{"docs":[{"_id":"a","_deleted":"yes"}]}'],
	['a copy without a revision', '{"new_edits":false,"docs":[{"_id":"a"}]}'],
	['a copy without an id', '{"new_edits":false,"docs":[{"_rev":"1-aa"}]}'],
	['new_edits that is no boolean', '{"new_edits":"no","docs":[]}'],
	...[
		'{}',
		'[]',
		'{"start":0,"ids":["aa"]}',
		'{"start":1,"ids":[]}',
		'{"start":1,"ids":["aa","bb"]}',
		'{"start":2,"ids":["aa",null]}',
		'{"start":2,"ids":["aa","aa"]}',
		'{"start":1.5,"ids":["aa"]}',
		'{"start":2,"ids":["a-a","bb"]}'
	].map((revisions) => [
		`the history ${revisions}`,
		`{"new_edits":false,"docs":[{"_id":"a","_rev":"2-cc","_revisions":${revisions}}]}`
	])
] as [string, string | Uint8Array<ArrayBuffer>][])('%s as _bulk_docs is a 400', async (_, body) => {
	expect((await send('/ledger/_bulk_docs', body)).status).toBe(400);
	expect((await store.ask('GET', '/ledger')).body.doc_count).toBe(1);
});

test.each([
	['_bulk_get', '{"docs":[null]}'],
	['_bulk_get', '{"docs":[{"id":"there","rev":"x"}]}'],
	['_bulk_get', '{"docs":[{"id":"_local/x"}]}'],
	['_bulk_get', '{}'],
	['_revs_diff', '{"a":"1-aa"}'],
	['_revs_diff', '{"a":[null]}'],
	['_revs_diff', '{"__proto__":["1-aa"]}'],
	['_revs_diff', '[]'],
	['_all_docs', '{"keys":5}'],
	['_all_docs', '[]'],
	['_changes', '{']
])('%s of %s is a 400', async (path, body) => {
	expect((await send(`/ledger/${path}`, body)).status).toBe(400);
});

test.each([
	'/ledger/_all_docs?startkey=x',
	'/ledger/_all_docs?startkey=5',
	'/ledger/_all_docs?limit=-1',
	'/ledger/_all_docs?limit=1e400',
	'/ledger/_all_docs?include_docs=maybe',
	'/ledger/_changes?limit=x',
	'/ledger/_changes?since={}',
	'/ledger/there?rev=x',
	'/ledger/there?open_revs=x',
	'/ledger/there?open_revs={}',
	'/ledger/there?open_revs=[1]',
	'/ledger/%ff',
	'/ledger/%',
	'/ledger/a%00b',
	'//ledger',
	'/../ledger',
	'/ledger%00'
])('GET %s is a 400', async (path) => {
	expect(await getRaw(path)).toBe(400);
});

test.each(['/ledger//there', '/ledger/_local/', '/ledger/there/x', '/ledger/_design/x'])(
	'GET %s is a 404',
	async (path) => {
		expect(await getRaw(path)).toBe(404);
	}
);

test('what it does not know of in a query it passes over', async () => {
	const { status } = await store.ask(
		'GET',
		'/ledger/there?_nonce=1&attachments=true&w=2&__proto__=1'
	);
	expect(status).toBe(200);
});

test('an empty write changes nothing, and other kinds of body are refused', async () => {
	expect((await send('/ledger/_bulk_docs', '{"docs":[]}')).body).toEqual([]);
	expect((await send('/ledger/_bulk_docs', '{"docs":[],"new_edits":false}')).body).toEqual([]);
	const multipart = { 'content-type': 'multipart/related; boundary=x' };
	expect((await send('/ledger/a', '--x--', multipart, 'PUT')).status).toBe(415);
	const gzip = { 'content-encoding': 'gzip' };
	expect((await send('/ledger/_bulk_docs', '{}', gzip)).status).toBe(415);
});

test('a body over the limit is a 413, whether it says so at first or not', async () => {
	const { port } = new URL(store.url);
	for (const header of ['Content-Length: 99999999999', 'Transfer-Encoding: chunked']) {
		const socket = connect(Number(port), '127.0.0.1');
		// It is cut off in the middle of what it sends.
		socket.on('error', () => undefined);
		socket.write(
			`POST /ledger/_bulk_docs HTTP/1.1\r\nHost: x\r\nAuthorization: ${store.authorization}\r\n` +
				`Content-Type: application/json\r\n${header}\r\n\r\n`
		);
		const piece = ' '.repeat(1 << 20);
		const chunk = `${piece.length.toString(16)}\r\n${piece}\r\n`;
		if (header.startsWith('Transfer')) for (let n = 0; n < 17; n++) socket.write(chunk);
		const [answer] = await once(socket, 'data');
		expect(String(answer)).toMatch(/^HTTP\/1\.1 413 /);
		socket.destroy();
	}
});

test('clients that break off in the middle of anything harm nobody', async () => {
	const { port } = new URL(store.url);
	const docs = Array.from({ length: 1000 }, (_, at) => ({
		_id: `big:${at}`,
		text: 'x'.repeat(2000)
	}));
	await store.ask('PUT', '/big');
	await store.ask('POST', '/big/_bulk_docs', { docs });
	const head = `Host: x\r\nAuthorization: ${store.authorization}\r\n`;
	const beginnings = [
		`GET /big/_changes?include_docs=true HTTP/1.1\r\n${head}\r\n`,
		`GET /big/_all_docs?include_docs=true HTTP/1.1\r\n${head}\r\n`,
		`POST /big/_bulk_docs HTTP/1.1\r\n${head}Content-Length: 1000\r\n\r\n{"docs":[`
	];
	for (const beginning of beginnings) {
		const socket = connect(Number(port), '127.0.0.1');
		await once(socket, 'connect');
		socket.write(beginning);
		if (beginning.startsWith('GET')) await once(socket, 'data');
		socket.destroy();
	}
	// Deleting waits for whoever still works with it: none of the three may hold it for ever.
	expect((await store.ask('DELETE', '/big')).status).toBe(200);
});

test('a reader that stops reading does not keep its database from being deleted', async () => {
	const docs = Array.from({ length: 1000 }, (_, at) => ({
		_id: `big:${at}`,
		text: 'x'.repeat(12_000)
	}));
	await store.ask('PUT', '/big');
	await store.ask('POST', '/big/_bulk_docs', { docs });
	const { port } = new URL(store.url);
	const socket = connect(Number(port), '127.0.0.1');
	socket.on('error', () => undefined);
	socket.write(
		`GET /big/_changes?include_docs=true HTTP/1.1\r\nHost: x\r\nAuthorization: ${store.authorization}\r\n\r\n`
	);
	await once(socket, 'data');
	socket.pause();
	expect((await store.ask('DELETE', '/big')).status).toBe(200);
	socket.destroy();
});

test('nonsense of every kind is answered, and with no 500', async () => {
	const values = [null, true, 0, -1, 1e308, '', 'there', '1-aa', '_x', [], {}, [[]], { _id: 'z' }];
	const paths = ['_bulk_docs', '_bulk_get', '_revs_diff', '_all_docs', '_changes', '_security'];
	const names = [
		'docs',
		'keys',
		'_id',
		'_rev',
		'_revisions',
		'_attachments',
		'admins',
		'new_edits'
	];
	// Repeatable: a failure must be findable again.
	let seed = 1;
	const next = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
	const make = (depth: number): unknown => {
		if (depth === 0 || next(3) === 0) return values[next(values.length)];
		if (next(2)) return Array.from({ length: next(3) }, () => make(depth - 1));
		return Object.fromEntries(
			Array.from({ length: next(4) }, () => [names[next(names.length)]!, make(depth - 1)])
		);
	};
	for (let round = 0; round < 1500; round++) {
		const path = next(2) ? `${paths[next(paths.length)]}` : ['a', '_local/a', 'there'][next(3)];
		const method = ['POST', 'PUT', 'DELETE'][next(3)]!;
		if (path === 'there' && method !== 'POST') continue;
		const body = make(4);
		const { status } = await store.ask(method, `/ledger/${path}`, body);
		expect(status, JSON.stringify({ method, path, body })).toBeLessThan(500);
	}
});
