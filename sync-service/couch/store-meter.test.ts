import { expect, test } from 'vitest';
import { toQuestion } from '#service/couch/store-meter.ts';

test.each([
	['GET', '/', 'other'],
	['GET', '/_all_dbs?limit=1', 'other'],
	['POST', '/_dbs_info', 'other'],
	['GET', '/ledger-1', 'database'],
	['GET', '/ledger-1/transaction%3A1?rev=1-a/b', 'document'],
	['PUT', '/accounts/session%3A1', 'write'],
	['DELETE', '/accounts/session%3A1?rev=1-a', 'write'],
	['POST', '/ledger-1/_bulk_docs', 'bulk-write'],
	['POST', '/ledger-1/_bulk_get?revs=true', 'document'],
	['GET', '/ledger-1/_changes?since=0', 'changes'],
	['GET', '/accounts/_all_docs', 'list'],
	['POST', '/ledger-1/_revs_diff', 'revisions'],
	['PUT', '/ledger-1/_local/abc', 'checkpoint'],
	['GET', '/ledger-1/_anything', 'other']
])('%s %s asks for: %s', (method, path, question) => {
	expect(toQuestion(method, path)).toBe(question);
});
