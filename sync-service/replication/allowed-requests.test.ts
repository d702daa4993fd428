import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeRequest } from '#service/replication/allowed-requests.ts';

const LIMITS = { longpollMs: 60_000, heartbeatLongpollMs: 900_000 };
const judge = (method: string, url: string) => judgeRequest(method, url, LIMITS);

function requireAllowed(method: string, url: string) {
	const verdict = judge(method, url);
	if (!verdict.ok) throw new Error(`${method} ${url} is refused: ${verdict.refusal.code}`);
	return verdict.request;
}

describe('allowed', () => {
	test.each([
		['GET', '/sync/', { kind: 'service' }],
		['GET', '/sync/abc', { kind: 'ledger', ledgerId: 'abc' }],
		['GET', '/sync/abc/', { kind: 'ledger', ledgerId: 'abc' }],
		['HEAD', '/sync/abc/', { kind: 'ledger', ledgerId: 'abc' }],
		[
			'GET',
			'/sync/abc/_local/x.Y_z-1%3D%3D',
			{ kind: 'checkpoint', method: 'GET', path: '_local/x.Y_z-1%3D%3D', id: '_local/x.Y_z-1==' }
		],
		['PUT', '/sync/abc/_local/q', { kind: 'checkpoint', method: 'PUT', path: '_local/q' }],
		['PUT', '/sync/abc/_local/a==', { kind: 'checkpoint', path: '_local/a%3D%3D' }],
		['PUT', `/sync/abc/_local/${'a'.repeat(128)}`, { kind: 'checkpoint' }],
		['GET', '/sync/abc/_changes', { kind: 'changes', query: '?feed=normal' }],
		['POST', '/sync/abc/_changes', { kind: 'changes', query: '?feed=normal' }],
		['GET', '/sync/abc/_changes?feed=normal&since=now', { query: '?feed=normal&since=now' }],
		['GET', '/sync/abc/_changes?limit=0', { query: '?feed=normal&limit=0' }],
		['GET', '/sync/abc/_changes?limit=1000', { query: '?feed=normal&limit=1000' }],
		[
			'GET',
			'/sync/abc/_changes?style=all_docs&include_docs=true&descending=false&conflicts=true&seq_interval=100&since=12-g1AAA%3D',
			{ kind: 'changes' }
		],
		[
			'GET',
			'/sync/abc/_changes?since=%5B3%2C%22x%22%5D',
			{ query: '?feed=normal&since=%5B3%2C%22x%22%5D' }
		],
		['POST', '/sync/abc/_ensure_full_commit', { kind: 'commit' }],
		['POST', '/sync/abc/_bulk_docs', { kind: 'bulk', path: '_bulk_docs', query: '' }],
		['POST', '/sync/abc/_revs_diff', { kind: 'bulk', path: '_revs_diff', query: '' }],
		[
			'POST',
			'/sync/abc/_bulk_get?revs=true&latest=true',
			{ kind: 'bulk', path: '_bulk_get', query: '?revs=true&latest=true' }
		],
		[
			'GET',
			'/sync/abc/transaction%3Ax?revs=true&open_revs=%5B%221-a%22%5D&latest=true&conflicts=true',
			{ kind: 'document', path: 'transaction%3Ax' }
		],
		['GET', '/sync/abc/transaction:x?rev=2-ff', { path: 'transaction%3Ax', query: '?rev=2-ff' }],
		['GET', '/sync/abc/x?open_revs=all', { kind: 'document' }],
		['GET', `/sync/abc/${'a'.repeat(512)}`, { kind: 'document' }],
		['GET', '/sync/abc/%C3%BC', { path: '%C3%BC' }]
	])('%s %s', (method, url, expected) => {
		expect(requireAllowed(method, url)).toMatchObject(expected);
	});

	test('a longpoll is asked of the store as a normal feed, and waits here', () => {
		const url = '/sync/abc/_changes?feed=longpoll&since=5-x&timeout=1000&heartbeat=10000&limit=25';
		expect(requireAllowed('GET', url)).toEqual({
			kind: 'longpoll',
			ledgerId: 'abc',
			query: '?feed=normal&limit=25',
			wait: { since: '5-x', timeoutMs: 900_000, heartbeatMs: 10_000 }
		});
	});

	test.each([
		['', 60_000],
		['&timeout=1000', 1_000],
		['&timeout=99999999', 60_000]
	])('a longpoll with %s waits %i ms', (query, timeoutMs) => {
		const request = requireAllowed('GET', `/sync/abc/_changes?feed=longpoll${query}`);
		expect(request).toMatchObject({ wait: { timeoutMs, heartbeatMs: undefined } });
	});
});

describe('blocked', () => {
	test.each([
		// Methods and endpoints that are nobody's business.
		['PUT', '/sync/abc'],
		['DELETE', '/sync/abc'],
		['POST', '/sync/abc'],
		['POST', '/sync/'],
		['HEAD', '/sync/'],
		['GET', '/sync'],
		['GET', '/sync/abc?x=1'],
		['PUT', '/sync/abc/doc'],
		['DELETE', '/sync/abc/doc?rev=1-a'],
		['COPY', '/sync/abc/doc'],
		['HEAD', '/sync/abc/doc'],
		['PATCH', '/sync/abc/doc'],
		['OPTIONS', '/sync/abc/'],
		['GET', '/sync/abc/_bulk_docs'],
		['GET', '/sync/abc/_bulk_get'],
		['PUT', '/sync/abc/_changes'],
		['GET', '/sync/abc/_ensure_full_commit'],
		['DELETE', '/sync/abc/_local/x'],
		['POST', '/sync/abc/_local/x'],
		['POST', '/sync/abc/_local_docs'],
		['GET', '/sync/abc/_design/x'],
		['PUT', '/sync/abc/_design/x'],
		['GET', '/sync/abc/_design%2Fx'],
		['GET', '/sync/abc/_design/x/_view/y'],
		['GET', '/sync/abc/_security'],
		['PUT', '/sync/abc/_security'],
		['GET', '/sync/abc/_all_docs'],
		['POST', '/sync/abc/_all_docs'],
		['POST', '/sync/abc/_find'],
		['POST', '/sync/abc/_index'],
		['POST', '/sync/abc/_purge'],
		['POST', '/sync/abc/_compact'],
		['GET', '/sync/abc/_explain'],
		['GET', '/sync/abc/_revs_limit'],
		['GET', '/sync/_all_dbs'],
		['GET', '/sync/_users/'],
		['GET', '/sync/_session'],
		['POST', '/sync/_replicate'],
		['GET', '/sync/_node/_local/_config'],
		['GET', '/sync/_utils/'],
		['GET', '/sync/_db_updates'],
		['GET', '/sync/abc/doc/attachment'],
		['GET', '/sync/abc/_local/x/y'],
		// Paths that two programs read differently.
		['GET', '/sync//abc'],
		['GET', '/sync/abc//doc'],
		['GET', '/sync/abc/doc/'],
		['GET', '/sync/abc/..'],
		['GET', '/sync/abc/../def'],
		['GET', '/sync/abc/.'],
		['GET', '/sync/../_all_dbs'],
		['GET', '/sync/abc/%2e%2e'],
		['GET', '/sync/abc/%2E%2e/def'],
		['GET', '/sync/%2e%2e/_all_dbs'],
		['GET', '/sync/abc/a%2Fb'],
		['GET', '/sync/abc%2f..%2fdef/'],
		['GET', '/sync/abc/a\\b'],
		['GET', '/sync/abc/a%5Cb'],
		['GET', '/sync/abc/a%00'],
		['GET', '/sync/abc/a%0ab'],
		['GET', '/sync/abc/%7f'],
		['GET', '/sync/abc/%252e%252e'],
		['GET', '/sync/abc/a%25b'],
		['GET', '/sync/abc/%'],
		['GET', '/sync/abc/%zz'],
		['GET', '/sync/abc/%ff'],
		['GET', '/sync/abc/%5Fdesign'],
		['GET', '/sync/abc/%5fall_docs'],
		['GET', '/sync/%61bc/doc'],
		['GET', '/sync/abc/ü'],
		['GET', '/sync/abc/a b'],
		['GET', '/sync/abc#/doc'],
		['GET', '/%73ync/abc/'],
		['GET', 'http://elsewhere/sync/abc/'],
		['GET', `/sync/${'a'.repeat(65)}/`],
		['GET', `/sync/abc/${'a'.repeat(513)}`],
		['GET', `/sync/abc/${'%C3%BC'.repeat(257)}`],
		['GET', `/sync/abc/_local/${'a'.repeat(129)}`],
		['GET', '/sync/abc/_local/a%20b'],
		['GET', '/sync/abc/_local/'],
		['GET', '/sync/abc/_local/..'],
		// Queries.
		['GET', '/sync/abc/_local/x?rev=1-a'],
		['GET', '/sync/abc/_changes?feed=continuous'],
		['GET', '/sync/abc/_changes?feed=eventsource'],
		['GET', '/sync/abc/_changes?feed=normal&feed=continuous'],
		['GET', '/sync/abc/_changes?since=1&since=2'],
		['GET', '/sync/abc/_changes?f%65ed=continuous'],
		['GET', '/sync/abc/_changes?filter=_view'],
		['GET', '/sync/abc/_changes?view=a/b'],
		['GET', '/sync/abc/_changes?doc_ids=[]'],
		['GET', '/sync/abc/_changes?attachments=true'],
		['GET', '/sync/abc/_changes?limit=1001'],
		['GET', '/sync/abc/_changes?limit=-1'],
		['GET', '/sync/abc/_changes?seq_interval=0'],
		['GET', '/sync/abc/_changes?limit=1e2'],
		['GET', '/sync/abc/_changes?heartbeat=9999'],
		['GET', '/sync/abc/_changes?heartbeat=true'],
		['GET', '/sync/abc/_changes?since=a+b'],
		['GET', '/sync/abc/_changes?since=%zz'],
		['GET', '/sync/abc/_changes?include_docs=1'],
		['GET', '/sync/abc/_changes?&since=1'],
		['GET', '/sync/abc/_changes?since'],
		['GET', '/sync/abc/_changes?__proto__=1'],
		['GET', '/sync/abc/_changes?constructor=1'],
		['GET', '/sync/abc/doc?attachments=true'],
		['GET', '/sync/abc/doc?open_revs=[1]'],
		['GET', '/sync/abc/doc?open_revs={"a":1}'],
		['GET', '/sync/abc/doc?open_revs=some'],
		['GET', '/sync/abc/doc?rev=1'],
		['GET', '/sync/abc/doc?att_encoding_info=true'],
		['POST', '/sync/abc/_bulk_docs?new_edits=true'],
		['POST', '/sync/abc/_bulk_docs?batch=ok'],
		['POST', '/sync/abc/_bulk_get?attachments=true'],
		['POST', '/sync/abc/_ensure_full_commit?x=1']
	])('%s %s', (method, url) => {
		expect(judge(method, url)).toMatchObject({ ok: false });
	});
});

test('no address at all leaves the ledger it names, or reaches what begins with an underscore', () => {
	const piece = fc.constantFrom(
		...['/', '..', '.', '%2f', '%2e', '%25', '\\', '_', '_design', '_local', '?', '&', '=', 'a'],
		...['abc', '%00', '%5f', '#', ';', '+', 'since', 'rev', '1-a', 'ü', '//', '_all_docs']
	);
	const url = fc.array(piece, { maxLength: 8 }).map((pieces) => `/sync/${pieces.join('')}`);
	fc.assert(
		fc.property(fc.constantFrom('GET', 'PUT', 'POST'), url, (method, raw) => {
			const verdict = judge(method, raw);
			if (!verdict.ok || verdict.request.kind === 'service') return;
			const { request } = verdict;
			expect(raw.startsWith(`/sync/${request.ledgerId}`)).toBe(true);
			if (!('path' in request)) return;
			const resolved = new URL(`http://store/database/${request.path}`).pathname;
			expect(resolved).toBe(`/database/${request.path}`);
			if (request.kind === 'document') expect(request.path).not.toMatch(/^_|%5f|\/|%2f/i);
		}),
		{ numRuns: 3000 }
	);
});
