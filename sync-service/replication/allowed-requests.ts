import type { Refusal } from '#service/plugins/problems.ts';
import { isDocumentId } from '#service/replication/document-id.ts';
import { BULK_RULES, CHANGES_RULES, DOCUMENT_RULES } from '#service/replication/query-rules.ts';
import { readQuery, writeQuery } from '#service/replication/query.ts';

/**
 * What of CouchDB's protocol a device may ask, and nothing else. `path` is what to ask the store,
 * below the ledger's database; `query` begins with `?` or is empty. Both are written anew here,
 * never copied from the request.
 */
export type AllowedRequest =
	| { kind: 'service' }
	| { kind: 'ledger'; ledgerId: string }
	| { kind: 'checkpoint'; ledgerId: string; method: 'GET' | 'PUT'; path: string; id: string }
	| { kind: 'changes'; ledgerId: string; query: string }
	| { kind: 'longpoll'; ledgerId: string; query: string; wait: LongpollWait }
	| { kind: 'commit'; ledgerId: string }
	| { kind: 'bulk'; ledgerId: string; path: BulkPath; query: string }
	| { kind: 'document'; ledgerId: string; path: string; query: string };

export type BulkPath = keyof typeof BULK_RULES;

export interface LongpollWait {
	/** Where the client is, opaque; absent: the beginning. */
	since: string | undefined;
	/** Milliseconds until the client gets an empty answer. */
	timeoutMs: number;
	/** Milliseconds between signs of life; absent: none. */
	heartbeatMs: number | undefined;
}

export type Verdict = { ok: true; request: AllowedRequest } | { ok: false; refusal: Refusal };

export interface RequestLimits {
	/** Milliseconds a longpoll without heartbeat waits at most. */
	longpollMs: number;
	/** Milliseconds a longpoll with heartbeat waits at most. */
	heartbeatLongpollMs: number;
}

/**
 * Whether a request changes what the store holds. Checkpoints count: PouchDB, which pulls with a credential that
 * may not write, does without.
 */
export function isWrite(request: AllowedRequest): boolean {
	if (request.kind === 'checkpoint') return request.method === 'PUT';
	return request.kind === 'bulk' && request.path === '_bulk_docs';
}

/** One path segment: printable ASCII without what servers tell apart differently. */
const SEGMENT = /^(?:[A-Za-z0-9._~!$'()*+,;:@=&-]|%[0-9A-Fa-f]{2})+$/;
/** Encoded dot, slash, backslash, percent or control: only somebody playing tricks sends these. */
const TRICK = /%(?:2e|2f|5c|25|7f|[01][0-9a-f])/i;
const LEDGER_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const CHECKPOINT_ID = /^[A-Za-z0-9.=_-]{1,128}$/;

/**
 * Judges a request under `/sync/` by its method and its address exactly as they arrived, not
 * decoded by anybody. Whatever is not allowed by name is refused.
 */
export function judgeRequest(method: string, rawUrl: string, limits: RequestLimits): Verdict {
	const mark = rawUrl.indexOf('?');
	const rawPath = mark === -1 ? rawUrl : rawUrl.slice(0, mark);
	const rawQuery = mark === -1 ? '' : rawUrl.slice(mark + 1);
	if (!rawPath.startsWith('/sync/')) return refuse('not-found');
	if (rawPath === '/sync/') {
		return method === 'GET' && mark === -1 ? allow({ kind: 'service' }) : refuse('forbidden');
	}

	const segments = rawPath.slice('/sync/'.length).split('/');
	// PouchDB asks for a ledger's root with the slash, others without.
	if (segments.length === 2 && segments[1] === '') segments.pop();
	if (!segments.every((segment) => SEGMENT.test(segment) && !TRICK.test(segment))) {
		return refuse('forbidden');
	}
	const [ledgerId = '', first, second, ...deeper] = segments;
	if (!LEDGER_ID.test(ledgerId) || deeper.length > 0) return refuse('forbidden');
	if (first === undefined) {
		const asks = (method === 'GET' || method === 'HEAD') && mark === -1;
		return asks ? allow({ kind: 'ledger', ledgerId }) : refuse('forbidden');
	}
	if (second !== undefined) {
		if (first !== '_local' || mark !== -1) return refuse('forbidden');
		return judgeCheckpoint(method, ledgerId, second);
	}
	return judgeEndpoint(method, ledgerId, first, rawQuery, limits);
}

function judgeEndpoint(
	method: string,
	ledgerId: string,
	name: string,
	rawQuery: string,
	limits: RequestLimits
): Verdict {
	const isPost = method === 'POST';
	if (name === '_changes' && (isPost || method === 'GET')) {
		return judgeChanges(ledgerId, rawQuery, limits);
	}
	if (name === '_ensure_full_commit' && isPost) {
		return rawQuery === '' ? allow({ kind: 'commit', ledgerId }) : refuse('invalid-request');
	}
	if (isPost && isBulkPath(name)) {
		const query = readQuery(rawQuery, BULK_RULES[name]);
		if (query === undefined) return refuse('invalid-request');
		return allow({ kind: 'bulk', ledgerId, path: name, query: writeQuery(query) });
	}
	if (method === 'GET') return judgeDocument(ledgerId, name, rawQuery);
	return refuse('forbidden');
}

function judgeCheckpoint(method: string, ledgerId: string, segment: string): Verdict {
	const id = decode(segment);
	if (id === undefined || !CHECKPOINT_ID.test(id) || isDots(id)) return refuse('forbidden');
	if (method !== 'GET' && method !== 'PUT') return refuse('forbidden');
	const path = `_local/${encodeURIComponent(id)}`;
	return allow({ kind: 'checkpoint', ledgerId, method, path, id: `_local/${id}` });
}

function judgeDocument(ledgerId: string, segment: string, rawQuery: string): Verdict {
	const id = decode(segment);
	if (id === undefined || !isDocumentId(id) || isDots(id)) return refuse('forbidden');
	const query = readQuery(rawQuery, DOCUMENT_RULES);
	if (query === undefined) return refuse('invalid-request');
	return allow({
		kind: 'document',
		ledgerId,
		path: encodeURIComponent(id),
		query: writeQuery(query)
	});
}

function judgeChanges(ledgerId: string, rawQuery: string, limits: RequestLimits): Verdict {
	const asked = readQuery(rawQuery, CHANGES_RULES);
	if (asked === undefined) return refuse('invalid-request');
	// The service does the waiting: the store is only ever asked what is there.
	const { feed, timeout, heartbeat, ...others } = asked;
	if (feed !== 'longpoll') {
		return allow({ kind: 'changes', ledgerId, query: writeQuery({ feed: 'normal', ...others }) });
	}
	const { since, ...rest } = others;
	const waitMs = Math.min(Number(timeout ?? limits.longpollMs), limits.longpollMs);
	const wait: LongpollWait = {
		since,
		// As in CouchDB, a heartbeat overrides the timeout.
		timeoutMs: heartbeat === undefined ? waitMs : limits.heartbeatLongpollMs,
		heartbeatMs: heartbeat === undefined ? undefined : Number(heartbeat)
	};
	return allow({
		kind: 'longpoll',
		ledgerId,
		query: writeQuery({ feed: 'normal', ...rest }),
		wait
	});
}

function isBulkPath(name: string): name is BulkPath {
	return Object.hasOwn(BULK_RULES, name);
}

function isDots(id: string): boolean {
	return id === '.' || id === '..';
}

function decode(segment: string): string | undefined {
	try {
		return decodeURIComponent(segment);
	} catch {
		return undefined;
	}
}

function allow(request: AllowedRequest): Verdict {
	return { ok: true, request };
}

function refuse(code: Refusal['code']): Verdict {
	return { ok: false, refusal: { code } };
}
