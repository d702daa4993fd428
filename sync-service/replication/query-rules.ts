import { CHANGES_LIMIT, HEARTBEAT_MIN_MS } from '#contract/replication.ts';
import { isRevision } from '#service/replication/document-id.ts';
import type { QueryRules } from '#service/replication/query.ts';

const FLAG = /^(?:true|false)$/;
const COUNT = /^\d{1,9}$/;

/** `_changes`: no filter, no view, no selector, no feed that goes on by itself. */
export const CHANGES_RULES: QueryRules = {
	feed: (value) => value === 'normal' || value === 'longpoll',
	since: (value) => value.length <= 8192,
	style: (value) => value === 'all_docs' || value === 'main_only',
	include_docs: FLAG,
	descending: FLAG,
	conflicts: FLAG,
	seq_interval: /^[1-9]\d{0,8}$/,
	timeout: COUNT,
	limit: (value) => COUNT.test(value) && Number(value) <= CHANGES_LIMIT,
	heartbeat: (value) => COUNT.test(value) && Number(value) >= HEARTBEAT_MIN_MS
};
/** One document. */
export const DOCUMENT_RULES: QueryRules = {
	rev: isRevision,
	revs: FLAG,
	open_revs: areOpenRevisions,
	latest: FLAG,
	conflicts: FLAG
};
/** The endpoints that take a body. */
export const BULK_RULES = {
	_bulk_get: { revs: FLAG, latest: FLAG },
	_revs_diff: {},
	_bulk_docs: {}
} satisfies Record<string, QueryRules>;

function areOpenRevisions(value: string): boolean {
	if (value === 'all') return true;
	try {
		const list: unknown = JSON.parse(value);
		return Array.isArray(list) && list.every((rev) => typeof rev === 'string' && isRevision(rev));
	} catch {
		return false;
	}
}
