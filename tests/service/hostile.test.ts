import { gzipSync } from 'node:zlib';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BATCH_DOCUMENTS } from '#contract/replication.ts';
import { sendBytes } from '#tests/support/raw-http.ts';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import { type Person, sendRaw, signUp, toRevision } from '#tests/service/people.ts';

const PACE = { graceMs: 600, leastPerSecond: 1024, mostMs: 60_000 };
const EMPTY = '{"docs":[],"new_edits":false}';
let service: RunningService;
let ann: Person;

beforeAll(async () => {
	service = await runService({ parts: { intake: { pace: PACE } } });
	ann = await signUp(service.url);
});
afterAll(() => service.stop());

/** A request's head, line by line; `BULK`, `LEDGER`, `HOST`, `COOKIE` and `JSON` stand for what they say. */
function toHead(...lines: string[]): string {
	const head = lines
		.join('\r\n')
		.replace('BULK', `POST /sync/${ann.ledgerId}/_bulk_docs HTTP/1.1`)
		.replaceAll('LEDGER', `/sync/${ann.ledgerId}`)
		.replaceAll('HOST', `Host: ${new URL(service.url).host}`)
		.replaceAll('COOKIE', `Cookie: ${ann.cookie}`)
		.replaceAll('JSON', 'Content-Type: application/json');
	return `${head}\r\n\r\n`;
}

const BULK = ['BULK', 'HOST', 'COOKIE', 'JSON'];
const LENGTH = `Content-Length: ${EMPTY.length}`;
const CHUNKED = 'Transfer-Encoding: chunked';
const AS_CHUNK = `${EMPTY.length.toString(16)}\r\n${EMPTY}\r\n0\r\n\r\n`;

test('what the tables below vary is answered as it stands', async () => {
	const [whole] = await sendBytes(service.url, toHead(...BULK, LENGTH) + EMPTY);
	const [chunked] = await sendBytes(service.url, toHead(...BULK, CHUNKED) + AS_CHUNK);
	expect([whole?.status, chunked?.status]).toEqual([201, 201]);
});

describe('a request that two programs could read differently is refused, and nothing after it is read', () => {
	test.each([
		['a length and chunks', [...BULK, LENGTH, CHUNKED], AS_CHUNK],
		['chunks and a length', [...BULK, CHUNKED, 'Content-Length: 4'], AS_CHUNK],
		['the same length twice', [...BULK, LENGTH, LENGTH], EMPTY],
		['two lengths', [...BULK, LENGTH, 'Content-Length: 3'], EMPTY],
		['a list of lengths', [...BULK, `${LENGTH}, ${EMPTY.length}`], EMPTY],
		['a length with a sign', [...BULK, `Content-Length: +${EMPTY.length}`], EMPTY],
		['a length below zero', [...BULK, 'Content-Length: -1'], EMPTY],
		['a length beyond all numbers', [...BULK, `Content-Length: ${'9'.repeat(30)}`], EMPTY],
		['chunks twice', [...BULK, CHUNKED, CHUNKED], AS_CHUNK],
		['chunks of something packed', [...BULK, 'Transfer-Encoding: gzip, chunked'], AS_CHUNK],
		['an encoding nobody knows', [...BULK, 'Transfer-Encoding: xchunked'], AS_CHUNK],
		['identity and a length', [...BULK, 'Transfer-Encoding: identity', LENGTH], EMPTY],
		['a space before the colon', [...BULK, `Content-Length : ${EMPTY.length}`], EMPTY],
		['a folded header', [...BULK, 'X-Note: a', ' b', LENGTH], EMPTY],
		['a folded first header', ['BULK', ' X-Note: a', 'HOST', 'COOKIE', 'JSON', LENGTH], EMPTY],
		['a bare carriage return', [...BULK, 'X-Note: a\rb', LENGTH], EMPTY],
		['a bare line feed', [...BULK, `X-Note: a\n${LENGTH}`], EMPTY],
		['a null byte', [...BULK, 'X-Note: a\0b', LENGTH], EMPTY],
		['a chunk size that is none', [...BULK, CHUNKED], `zz\r\n${EMPTY}\r\n0\r\n\r\n`],
		['a chunk longer than it says', [...BULK, CHUNKED], `2\r\n${EMPTY}\r\n0\r\n\r\n`],
		['two hosts', [...BULK, 'HOST', LENGTH], EMPTY],
		['no host', ['BULK', 'COOKIE', 'JSON', LENGTH], EMPTY],
		['an empty host', ['BULK', 'Host:', 'COOKIE', 'JSON', LENGTH], EMPTY],
		['a host with a path', ['BULK', 'Host: a/b', 'COOKIE', 'JSON', LENGTH], EMPTY],
		['a host with a user', ['BULK', 'Host: a@b', 'COOKIE', 'JSON', LENGTH], EMPTY],
		['two content types', [...BULK, 'JSON', LENGTH], EMPTY],
		['two origins', [...BULK, 'Origin: http://a', 'Origin: http://b', LENGTH], EMPTY],
		['two authorizations', [...BULK, 'Authorization: a', 'Authorization: b', LENGTH], EMPTY],
		['a path with a space', ['GET LEDGER/a b HTTP/1.1', 'HOST', 'COOKIE'], ''],
		['a path with a null byte', ['GET LEDGER/a\0b HTTP/1.1', 'HOST', 'COOKIE'], ''],
		['a path that is not ASCII', ['GET LEDGER/ü HTTP/1.1', 'HOST', 'COOKIE'], ''],
		['a fragment', ['GET LEDGER/#a HTTP/1.1', 'HOST', 'COOKIE'], ''],
		['a whole address', ['GET http://elsewhereLEDGER/ HTTP/1.1', 'HOST', 'COOKIE'], ''],
		['an address as a proxy gets it', ['GET //elsewhereLEDGER/ HTTP/1.1', 'HOST', 'COOKIE'], ''],
		['a method nobody knows', ['GETS LEDGER/ HTTP/1.1', 'HOST', 'COOKIE'], ''],
		['another version', ['GET LEDGER/ HTTP/1.2', 'HOST', 'COOKIE'], ''],
		['the next protocol', ['PRI * HTTP/2.0'], 'SM\r\n\r\n'],
		['an expectation nobody knows', [...BULK, 'Expect: tea', LENGTH], EMPTY],
		['headers without end', ['GET LEDGER/ HTTP/1.1', 'HOST', `X: ${'a'.repeat(20_000)}`], '']
	])('%s', async (_what, lines, body) => {
		const before = service.store.ledgerRequests.length;
		const answers = await sendBytes(service.url, toHead(...lines) + body);
		const [answer] = answers;
		expect(answers).toHaveLength(1);
		expect(answer?.status).toBeGreaterThanOrEqual(400);
		expect(answer?.status).toBeLessThan(500);
		expect(answer?.headers['content-type']).toMatch(/^application\/json/);
		expect(JSON.parse(answer?.body ?? '')).toMatchObject({
			error: expect.any(String),
			reason: expect.any(String)
		});
		expect(service.store.ledgerRequests.slice(before)).toEqual([]);
	});

	test('what is smuggled behind one is not done', async () => {
		const before = service.store.ledgerRequests.length;
		const inner = toHead('GET LEDGER/_changes HTTP/1.1', 'HOST', 'COOKIE');
		const head = toHead(...BULK, 'HOST', `Content-Length: 0`);
		const answers = await sendBytes(service.url, head + inner + inner);
		expect(answers.map(({ status }) => status)).toEqual([400]);
		expect(service.store.ledgerRequests.slice(before)).toEqual([]);
	});

	test('a tunnel is not opened', async () => {
		expect(await sendBytes(service.url, toHead('CONNECT store:5984 HTTP/1.1', 'HOST'))).toEqual([]);
	});
});

describe('what is odd and right is answered as ever', () => {
	test.each([
		['100-continue', ['Expect: 100-continue', LENGTH], EMPTY, [100, 201]],
		['an upgrade that is not made', ['Connection: Upgrade', 'Upgrade: h2c', LENGTH], EMPTY, [201]],
		['a chunk with an extension', [CHUNKED], AS_CHUNK.replace('\r\n', ';a=b\r\n'), [201]],
		['upper case', ['CONTENT-LENGTH: 29'], EMPTY, [201]]
	])('%s', async (_what, lines, body, statuses) => {
		const answers = await sendBytes(service.url, toHead(...BULK, ...lines) + body);
		expect(answers.map(({ status }) => status)).toEqual(statuses);
	});

	test('a trailer changes nothing', async () => {
		const trailers = 'Cookie: a=b\r\nX-HTTP-Method-Override: DELETE\r\nContent-Encoding: gzip\r\n';
		const body = AS_CHUNK.replace(/\r\n$/, `${trailers}\r\n`);
		const answers = await sendBytes(
			service.url,
			toHead(...BULK, CHUNKED, 'Trailer: Cookie') + body
		);
		expect(answers.map(({ status }) => status)).toEqual([201]);
	});

	test('of requests sent at once each has its own credential and its own answer, in order', async () => {
		const requests = [
			toHead('GET LEDGER/ HTTP/1.1', 'HOST', 'COOKIE'),
			toHead('GET LEDGER/ HTTP/1.1', 'HOST'),
			toHead(...BULK, LENGTH) + EMPTY,
			toHead('GET LEDGER/_all_docs HTTP/1.1', 'HOST', 'COOKIE'),
			toHead('GET /sync/ HTTP/1.1', 'HOST', 'COOKIE', 'Connection: close')
		];
		const answers = await sendBytes(service.url, requests.join(''), 2_000);
		expect(answers.map(({ status }) => status)).toEqual([200, 401, 201, 403, 200]);
		expect(JSON.parse(answers.at(-1)?.body ?? '')).toHaveProperty('uuid');
	});
});

function send(path: string, body: string, headers: Record<string, string> = {}) {
	const all = { cookie: ann.cookie, 'content-type': 'application/json', ...headers };
	return sendRaw(service.url, 'POST', `/sync/${ann.ledgerId}/${path}`, all, body);
}

const bulk = (docs: string) => `{"docs":[${docs}],"new_edits":false}`;

describe('a hostile body never reaches the store', () => {
	const depth = 10_000;
	const bomb = `${'['.repeat(depth)}${']'.repeat(depth)}`;
	const tooMany = Array.from({ length: BATCH_DOCUMENTS + 1 }, (_, at) => `d${at}`);
	test.each([
		['a design document', '_bulk_docs', bulk('{"_id":"_design/a","_rev":"1-a"}'), 400],
		[
			'a design document, escaped',
			'_bulk_docs',
			bulk('{"_id":"\\u005fdesign/a","_rev":"1-a"}'),
			400
		],
		['a checkpoint', '_bulk_docs', bulk('{"_id":"_local/a","_rev":"1-a"}'), 400],
		['a design document to look for', '_revs_diff', '{"_design/a":["1-a"]}', 400],
		['a checkpoint to look for', '_revs_diff', '{"_local/a":["1-a"]}', 400],
		['a design document to read', '_bulk_get', '{"docs":[{"id":"_design/a"}]}', 400],
		['a checkpoint to read', '_bulk_get', '{"docs":[{"id":"_local/a","rev":"0-1"}]}', 400],
		['an id that is a list', '_bulk_docs', bulk('{"_id":["_design/a"],"_rev":"1-a"}'), 400],
		['an id that is an object', '_bulk_get', '{"docs":[{"id":{"toString":"_design/a"}}]}', 400],
		['an id that is nothing', '_bulk_docs', bulk('{"_id":"","_rev":"1-a"}'), 400],
		['an id with a null byte', '_bulk_docs', bulk('{"_id":"a\\u0000","_rev":"1-a"}'), 400],
		['an id that is too long', '_revs_diff', `{"${'a'.repeat(513)}":["1-a"]}`, 400],
		['half a character in an id', '_revs_diff', '{"\\ud800":["1-a"]}', 400],
		['the last of two ids', '_bulk_docs', bulk('{"_id":"a","_rev":"1-a","_id":"_design/a"}'), 400],
		[
			'the last of two settings',
			'_bulk_docs',
			'{"docs":[],"new_edits":false,"new_edits":true}',
			400
		],
		[
			'an escaped second setting',
			'_bulk_docs',
			'{"docs":[],"new_edits":false,"new\\u005fedits":1}',
			400
		],
		[
			'a prototype in place of documents',
			'_bulk_docs',
			'{"__proto__":{"docs":[]},"new_edits":false}',
			400
		],
		['a prototype beside documents', '_bulk_get', '{"docs":[],"__proto__":{"x":1}}', 400],
		['a constructor beside documents', '_bulk_get', '{"docs":[],"constructor":{"x":1}}', 400],
		['a prototype to look for', '_revs_diff', '{"__proto__":["1-a"]}', 400],
		[
			'a number beyond all',
			'_bulk_docs',
			bulk('{"_id":"a","_rev":"1-a","amountMinor":1e999}'),
			400
		],
		['one below all', '_bulk_docs', bulk('{"_id":"a","_rev":"1-a","x":[{"y":-1e999}]}'), 400],
		['no number', '_bulk_docs', bulk('{"_id":"a","_rev":"1-a","amountMinor":NaN}'), 400],
		['a comment', '_bulk_docs', '/* */{"docs":[],"new_edits":false}', 400],
		['two bodies', '_bulk_docs', `${EMPTY}${EMPTY}`, 400],
		['half a body', '_bulk_docs', EMPTY.slice(0, -1), 400],
		['nothing but a depth', '_bulk_docs', bomb, 400],
		['a depth in a document', '_bulk_docs', bulk(`{"_id":"a","_rev":"1-a","x":${bomb}}`), 400],
		['a depth that never ends', '_bulk_get', '['.repeat(1_000_000), 400],
		[
			'1,001 documents',
			'_bulk_docs',
			bulk(tooMany.map((_id) => JSON.stringify(toRevision(_id))).join()),
			413
		],
		[
			'1,001 ids to look for',
			'_revs_diff',
			JSON.stringify(Object.fromEntries(tooMany.map((id) => [id, []]))),
			413
		],
		[
			'1,001 documents to read',
			'_bulk_get',
			JSON.stringify({ docs: tooMany.map((id) => ({ id })) }),
			413
		],
		['9 MB of nothing', '_bulk_docs', ' '.repeat(9_000_000), 413],
		['9 MB of a number', '_revs_diff', '1'.repeat(9_000_000), 413]
	])('%s', async (_what, path, body, status) => {
		const before = service.store.ledgerRequests.length;
		const answer = await send(path, body);
		expect(answer.status).toBe(status);
		expect(JSON.parse(answer.text)).toMatchObject({ error: expect.any(String) });
		expect(service.store.ledgerRequests.slice(before)).toEqual([]);
	});

	test.each([
		['packed', { 'content-encoding': 'gzip' }],
		['packed twice', { 'content-encoding': 'identity, gzip' }],
		['brotli', { 'content-encoding': 'br' }],
		['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
		['text, as a page of another site may send it', { 'content-type': 'text/plain' }],
		['text that calls itself JSON', { 'content-type': 'text/plain; application/json' }],
		['of no type', { 'content-type': '' }]
	])('one that is %s', async (_what, headers) => {
		const before = service.store.ledgerRequests.length;
		const { status, text } = await send('_bulk_docs', EMPTY, headers);
		expect([status, (JSON.parse(text) as { error: string }).error]).toEqual([415, 'json-required']);
		expect(service.store.ledgerRequests.slice(before)).toEqual([]);
	});

	test('a bomb of a few kilobytes is not unpacked', async () => {
		const bomb = Uint8Array.from(gzipSync(' '.repeat(4_000_000)));
		const answer = await fetch(`${ann.ledgerUrl}/_bulk_docs`, {
			method: 'POST',
			headers: {
				cookie: ann.cookie,
				'content-type': 'application/json',
				'content-encoding': 'gzip'
			},
			body: bomb
		});
		expect(answer.status).toBe(415);
	});
});

test('of equal keys the store gets the one that was judged', async () => {
	const docs = '{"_id":"_design/x","_id":"twice","_rev":"1-a","note":"first","note":"last"}';
	expect((await send('_bulk_docs', bulk(docs))).status).toBe(201);
	const stored = await ann.send(`/sync/${ann.ledgerId}/twice`);
	expect(await stored.json()).toEqual({ _id: 'twice', _rev: '1-a', note: 'last' });
});

test('whoever leaves in the middle of a body leaves the room it would have taken', async () => {
	const { hostname, port } = new URL(service.url);
	for (let count = 0; count < 12; count++) {
		const socket = connect(Number(port), hostname);
		socket.write(toHead(...BULK, 'Content-Length: 8000000') + EMPTY);
		await new Promise((resolve) => setImmediate(resolve));
		socket.destroy();
	}
	const docs = Array.from({ length: 8 }, (_, at) =>
		toRevision(`big-${at}`, { note: 'x'.repeat(850_000) })
	);
	const body = JSON.stringify({ docs, new_edits: false });
	expect((await send('_bulk_docs', body)).status).toBe(201);
});

describe('a body that trickles in is cut', () => {
	/** Sends `pieces` one after the other; resolves with what came back until the connection was closed. */
	async function trickle(head: string, piece: string): Promise<string> {
		const { hostname, port } = new URL(service.url);
		const socket = connect(Number(port), hostname);
		let text = '';
		socket.setEncoding('latin1').on('data', (some: string) => (text += some));
		socket.on('error', () => {});
		socket.write(head);
		const drip = setInterval(() => socket.write(piece), 50);
		await new Promise((resolve) => socket.once('close', resolve));
		clearInterval(drip);
		return text;
	}

	test.each([
		['of a known length', 'Content-Length: 1000000', ' '],
		['in chunks', CHUNKED, '1\r\n \r\n'],
		['not at all', 'Content-Length: 1000000', '']
	])('%s', async (_what, length, piece) => {
		const began = Date.now();
		const before = service.store.ledgerRequests.length;
		const said = await trickle(toHead(...BULK, length), piece);
		expect(said).toMatch(/^HTTP\/1\.1 408 /);
		expect(said).toContain('"error":"too-slow"');
		expect(Date.now() - began).toBeLessThan(5_000);
		expect(service.store.ledgerRequests.slice(before)).toEqual([]);
	});

	test('one that is slow and keeps its pace is taken', async () => {
		const padding = ' '.repeat(500);
		const { hostname, port } = new URL(service.url);
		const socket = connect(Number(port), hostname);
		let text = '';
		socket.setEncoding('latin1').on('data', (some: string) => (text += some));
		const body = EMPTY + padding.repeat(15);
		socket.write(toHead(...BULK, `Content-Length: ${body.length}`) + EMPTY);
		for (let sent = 0; sent < 15; sent++) {
			await new Promise((resolve) => setTimeout(resolve, 100));
			socket.write(padding);
		}
		await expect.poll(() => text).toMatch(/^HTTP\/1\.1 201 /);
		socket.destroy();
	});
});
