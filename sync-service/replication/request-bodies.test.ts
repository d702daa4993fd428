import { expect, test } from 'vitest';
import { BATCH_DOCUMENTS, DOCUMENT_BYTES } from '#contract/replication.ts';
import { judgeBulkBody, judgeCheckpointBody } from '#service/replication/request-bodies.ts';

const DOC = '{"_id":"transaction:a","_rev":"1-a","amountMinor":5}';

test.each([
	['_bulk_docs', `{"docs":[${DOC}],"new_edits":false}`],
	['_bulk_docs', '{"docs":[],"new_edits":false}'],
	[
		'_bulk_docs',
		'{"docs":[{"_id":"a","_rev":"3-c","_revisions":{"start":3,"ids":["c","b"]},"_attachments":{}}],"new_edits":false}'
	],
	['_bulk_get', '{"docs":[{"id":"a","rev":"1-a"},{"id":"a/b"}]}'],
	['_revs_diff', '{"a":["1-a","2-b"],"b":[]}']
] as const)('%s takes %s', (path, text) => {
	expect(judgeBulkBody(path, text)).toEqual({ ok: true, body: JSON.parse(text) });
});

test.each([
	['_bulk_docs', '', 'malformed-json'],
	['_bulk_docs', '{"docs":[', 'malformed-json'],
	['_bulk_docs', 'null', 'invalid-request'],
	['_bulk_docs', '[]', 'invalid-request'],
	['_bulk_docs', `{"docs":[${DOC}]}`, 'invalid-request'],
	['_bulk_docs', `{"docs":[${DOC}],"new_edits":true}`, 'invalid-request'],
	['_bulk_docs', `{"docs":[${DOC}],"new_edits":false,"all_or_nothing":true}`, 'invalid-request'],
	[
		'_bulk_docs',
		'{"docs":[{"_id":"_design/a","_rev":"1-a"}],"new_edits":false}',
		'invalid-request'
	],
	['_bulk_docs', '{"docs":[{"_id":"_local/a","_rev":"1-a"}],"new_edits":false}', 'invalid-request'],
	['_bulk_docs', '{"docs":[{"_id":"","_rev":"1-a"}],"new_edits":false}', 'invalid-request'],
	['_bulk_docs', '{"docs":[{"_id":5,"_rev":"1-a"}],"new_edits":false}', 'invalid-request'],
	[
		'_bulk_docs',
		'{"docs":[{"_id":"a\\u0000b","_rev":"1-a"}],"new_edits":false}',
		'invalid-request'
	],
	['_bulk_docs', '{"docs":[{"_id":"\\ud800","_rev":"1-a"}],"new_edits":false}', 'invalid-request'],
	['_bulk_docs', '{"docs":[{"_id":"a"}],"new_edits":false}', 'invalid-request'],
	['_bulk_docs', '{"docs":[null],"new_edits":false}', 'invalid-request'],
	...[
		'{}',
		'{"start":0,"ids":["aa"]}',
		'{"start":2,"ids":[]}',
		'{"start":1,"ids":["aa","bb"]}',
		'{"start":2,"ids":["bb","aa"]}',
		'{"start":2,"ids":["aa","aa"]}',
		'{"start":2,"ids":["aa","-"]}',
		'{"start":2,"ids":["aa",null]}',
		'{"start":"2","ids":["aa"]}'
	].map(
		(revisions) =>
			[
				'_bulk_docs',
				`{"docs":[{"_id":"a","_rev":"2-aa","_revisions":${revisions}}],"new_edits":false}`,
				'invalid-request'
			] as const
	),
	[
		'_bulk_docs',
		'{"docs":[{"_id":"a","_rev":"1-a","_attachments":{"b":{"data":""}}}],"new_edits":false}',
		'invalid-request'
	],
	[
		'_bulk_docs',
		`{"docs":[{"_id":"a","_rev":"1-${'z'.repeat(32)}"}],"new_edits":false}`,
		'invalid-request'
	],
	['_bulk_get', '{"docs":[{"id":"_design/a"}]}', 'invalid-request'],
	['_bulk_get', '{"docs":[{"id":"a","atts_since":["1-a"]}]}', 'invalid-request'],
	['_revs_diff', '{"_design/a":["1-a"]}', 'invalid-request'],
	['_revs_diff', '{"a":["x"]}', 'invalid-request'],
	['_revs_diff', '[1]', 'invalid-request']
] as const)('%s refuses %s as %s', (path, text, code) => {
	expect(judgeBulkBody(path, text)).toEqual({ ok: false, refusal: { code } });
});

test('an id of 512 bytes is taken, one of 513 is not', () => {
	const toBody = (id: string) => JSON.stringify({ [id]: ['1-a'] });
	expect(judgeBulkBody('_revs_diff', toBody('é'.repeat(256)))).toMatchObject({ ok: true });
	expect(judgeBulkBody('_revs_diff', toBody(`${'é'.repeat(256)}a`))).toMatchObject({ ok: false });
});

test('a document keeps every field, whatever it is called', () => {
	const text = `{"docs":[{"_id":"a","_rev":"1-a","__proto__":{"x":1},"constructor":2,"_deleted":true,"später":[null,1.5]}],"new_edits":false}`;
	const verdict = judgeBulkBody('_bulk_docs', text);
	expect(JSON.stringify(verdict.ok && verdict.body)).toBe(text);
});

test('half a character becomes the sign for it, and a whole one stays', () => {
	const text =
		'{"docs":[{"_id":"a","_rev":"1-a","cut":["x\\ud83d"],"whole":"\\ud83d\\ude00"}],"new_edits":false}';
	const verdict = judgeBulkBody('_bulk_docs', text);
	expect(verdict).toMatchObject({ body: { docs: [{ cut: ['x\ufffd'], whole: '😀' }] } });
});

test('of two equal keys the one that was judged is the only one left', () => {
	const text =
		'{"docs":[{"_id":"_design/a","_id":"a","_rev":"1-a"}],"new_edits":true,"new_edits":false}';
	const verdict = judgeBulkBody('_bulk_docs', text);
	expect(JSON.stringify(verdict.ok && verdict.body)).toBe(
		'{"docs":[{"_id":"a","_rev":"1-a"}],"new_edits":false}'
	);
});

test('more documents than a batch may have are too large, whatever they are', () => {
	const docs = Array.from({ length: BATCH_DOCUMENTS + 1 }, () => 7);
	const text = JSON.stringify({ docs, new_edits: false });
	expect(judgeBulkBody('_bulk_docs', text)).toEqual({ ok: false, refusal: { code: 'too-large' } });
});

test('a document over the limit is too large; its revisions are not counted', () => {
	const ids = Array.from({ length: 1000 }, (_, at) => String(at).padStart(32, '0'));
	const fields = { _id: 'a', _rev: `1000-${ids[0]}`, _revisions: { start: 1000, ids } };
	const toBody = (size: number) =>
		JSON.stringify({ docs: [{ ...fields, note: 'x'.repeat(size) }], new_edits: false });
	expect(judgeBulkBody('_bulk_docs', toBody(DOCUMENT_BYTES - 100))).toMatchObject({ ok: true });
	expect(judgeBulkBody('_bulk_docs', toBody(DOCUMENT_BYTES))).toMatchObject({
		refusal: { code: 'too-large' }
	});
});

test.each([
	['arrays', '['.repeat(100_000) + ']'.repeat(100_000)],
	['objects', '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)]
])('a depth bomb of %s is refused', (_kind, bomb) => {
	const text = `{"docs":[{"_id":"a","_rev":"1-a","x":${bomb}}],"new_edits":false}`;
	expect(judgeBulkBody('_bulk_docs', text)).toMatchObject({ ok: false });
});

test('a checkpoint is an object and no other document', () => {
	expect(judgeCheckpointBody('_local/a', '{"_id":"_local/a","last_seq":"5-x"}').ok).toBe(true);
	expect(judgeCheckpointBody('_local/a', '{"last_seq":5}').ok).toBe(true);
	expect(judgeCheckpointBody('_local/a', '{"_id":"_local/b"}').ok).toBe(false);
	expect(judgeCheckpointBody('_local/a', '{"_id":"_design/a"}').ok).toBe(false);
	expect(judgeCheckpointBody('_local/a', '{"_rev":"0-12","last_seq":5}').ok).toBe(true);
	for (const own of ['"_rev":"1-a"', '"_rev":null', '"_deleted":true', '"_revisions":{}']) {
		expect(judgeCheckpointBody('_local/a', `{${own}}`).ok).toBe(false);
	}
	expect(judgeCheckpointBody('_local/a', '[]').ok).toBe(false);
	expect(judgeCheckpointBody('_local/a', '').ok).toBe(false);
});
