import type { DeviceRequest } from '#tests/support/sync-traffic.ts';

/** A change to a request. `at` says where, `pick` what: any numbers do. Numbers stay small when they shrink. */
export interface Mutation {
	kind: keyof typeof MUTATIONS;
	at: number;
	pick: number;
}

/** Pieces of paths that mean something to somebody. `OTHER` is the ledger of somebody else. */
const SEGMENTS = [
	...[
		'OTHER',
		'..',
		'.',
		'',
		'%2e%2e',
		'%2E',
		'%2F',
		'%2f..%2fOTHER',
		'%5c',
		'\\',
		'%00',
		'%0a',
		'%25'
	],
	...[
		'_design',
		'_design%2fx',
		'_all_docs',
		'_security',
		'_local',
		'_users',
		'_session',
		'_all_dbs'
	],
	...[
		'_find',
		'_purge',
		'_compact',
		'_bulk_docs',
		'_bulk_get',
		'_changes',
		'_revs_diff',
		'%5Fdesign'
	],
	...['transaction%3A1', 'transaction:3', 'nothing', '%C3%BC', '%ff', '%', ';a=b', 'a'.repeat(600)],
	...['__proto__', 'constructor', 'toString', '%F0%9F%98%80', '*', '~', '@', 'http:', '&', 'null']
];
const QUERIES = [
	...[
		'since=0',
		'since=now',
		'since=5',
		'since=',
		'since=%22x%22',
		'since=%5B1%2C%22a%22%5D',
		'since=-1'
	],
	...[
		'limit=1',
		'limit=0',
		'limit=1001',
		'limit=-1',
		'feed=normal',
		'feed=longpoll',
		'feed=continuous'
	],
	...[
		'timeout=1',
		'heartbeat=10000',
		'heartbeat=1',
		'include_docs=true',
		'conflicts=true',
		'style=all_docs'
	],
	...[
		'descending=true',
		'seq_interval=7',
		'filter=_view',
		'view=a/b',
		'doc_ids=[]',
		'attachments=true'
	],
	...[
		'rev=1-a',
		'rev=x',
		'revs=true',
		'open_revs=all',
		'open_revs=%5B%221-a%22%5D',
		'open_revs=[]'
	],
	...[
		'latest=true',
		'new_edits=true',
		'batch=ok',
		'__proto__=1',
		'constructor=1',
		'a',
		'=',
		'&',
		'%',
		'+'
	],
	...[
		'rev=1-a&rev=1-a',
		'since=0&since=1',
		'f%65ed=continuous',
		'selector=%7B%7D',
		`since=${'9'.repeat(400)}`
	]
];
const HEADERS = [
	...['X-HTTP-Method-Override: DELETE', 'X-Method-Override: PUT', 'Authorization: Basic YTpi'],
	...[
		'X-Auth-CouchDB-UserName: admin',
		'X-Auth-CouchDB-Roles: _admin',
		'X-Forwarded-For: 127.0.0.1'
	],
	...[
		'X-Forwarded-Host: store',
		'X-Forwarded-Proto: https',
		'Forwarded: for=1',
		'X-Original-URL: /_all_dbs'
	],
	...['Cookie: AuthSession=abc', 'Cookie: outlay-session=abc', 'Accept: text/html', 'Accept: */*'],
	...[
		'Accept-Encoding: br, gzip',
		'If-None-Match: *',
		'If-Match: "1-a"',
		'Range: bytes=0-1',
		'Connection: close'
	],
	...[
		'Content-Encoding: gzip',
		'Content-Type: text/plain',
		'Content-Type: multipart/mixed; boundary=x'
	],
	...[
		'Origin: https://evil.example',
		'Sec-Fetch-Site: cross-site',
		'Sec-Fetch-Site: same-origin',
		'DNT: 1'
	],
	...[
		'Host: store',
		'Transfer-Encoding: chunked',
		'Content-Length: 3',
		'Expect: 100-continue',
		'TE: trailers'
	],
	...[
		'Upgrade: websocket',
		'X-CouchDB-Full-Commit: true',
		'Destination: /OTHER/x',
		'User-Agent: ü',
		'X: \x01'
	],
	...[
		`X-Long: ${'a'.repeat(20_000)}`,
		'Referer: /_utils',
		'Max-Forwards: 0',
		'Via: 1.1 x',
		'X-Empty:'
	]
];
const METHODS = [
	'GET',
	'HEAD',
	'POST',
	'PUT',
	'DELETE',
	'PATCH',
	'OPTIONS',
	'COPY',
	'TRACE',
	'PURGE'
];
const NAMES = [
	...[
		'_id',
		'_rev',
		'_revisions',
		'_deleted',
		'_attachments',
		'_conflicts',
		'_local_seq',
		'_unknown',
		'id'
	],
	...[
		'rev',
		'docs',
		'new_edits',
		'ids',
		'start',
		'__proto__',
		'constructor',
		'toString',
		'length',
		'',
		'note'
	],
	...[
		'selector',
		'filter',
		'doc_ids',
		'atts_since',
		'a\u0000b',
		'\ud800',
		'ü',
		'purged',
		'deletedAt',
		'_design/x'
	]
];
const VALUES: unknown[] = [
	...[
		null,
		true,
		false,
		0,
		-1,
		1,
		1.5,
		1e308,
		Number.MAX_SAFE_INTEGER,
		'',
		'a',
		'1-a',
		'2-abc',
		'1-',
		'x'.repeat(3000)
	],
	...[
		'_design/x',
		'_local/x',
		'transaction:1',
		'../OTHER',
		'a/b',
		'a\u0000',
		'\ud83d',
		'\u2028',
		'😀',
		'1'.repeat(40)
	],
	...[
		[],
		{},
		[[]],
		[null],
		['1-a', '1-b'],
		{ _id: 'x', _rev: '1-a' },
		{ id: 'x' },
		[{ _id: '_design/x' }]
	],
	...[
		{ start: 1, ids: ['a'] },
		{ start: 2, ids: ['b', 'a'] },
		{ ok: true },
		{ toString: 1, __proto__: null }
	]
];

const pickOf = <T>(list: readonly T[], pick: number): T => list[pick % list.length] as T;

/** Each changes one thing, for the worse or for no worse. Those of `benign…` leave what is asked for valid. */
export const MUTATIONS = {
	benignNewDocument: (request, { pick }) => onJson(request, (body) => renewDocuments(body, pick)),
	benignValue: (request, { at, pick }) => onJson(request, (body) => changeField(body, at, pick)),
	benignQuery: (request, { pick }) => ({
		...request,
		query: request.query.replace(/\b(limit|timeout|seq_interval)=\d+/, `$1=${1 + (pick % 900)}`)
	}),
	benignCheckpoint: (request, { pick }) => ({
		...request,
		path: request.path.replace(/(_local\/).*/, `$1any.${pick % 50}%3D%3D`)
	}),
	method: (request, { pick }) => ({ ...request, method: pickOf(METHODS, pick) }),
	replaceSegment: (request, { at, pick }) =>
		onSegments(request, at, () => [pickOf(SEGMENTS, pick)]),
	insertSegment: (request, { at, pick }) =>
		onSegments(request, at, (segment) => [segment, pickOf(SEGMENTS, pick)]),
	extendSegment: (request, { at, pick }) =>
		onSegments(request, at, (segment) => [segment + pickOf(SEGMENTS, pick)]),
	encodeSegment: (request, { at, pick }) =>
		onSegments(request, at, (segment) => [encodeOne(segment, pick)]),
	dropSegment: (request, { at }) => onSegments(request, at, () => []),
	otherLedger: (request) => ({ ...request, path: request.path.replace('LEDGER', 'OTHER') }),
	addQuery: (request, { pick }) => ({
		...request,
		query: [request.query, pickOf(QUERIES, pick)].filter(Boolean).join('&')
	}),
	replaceQuery: (request, { pick }) => ({ ...request, query: pickOf(QUERIES, pick) }),
	repeatQuery: (request) => ({ ...request, query: `${request.query}&${request.query}` }),
	addHeader: (request, { at, pick }) => {
		const [name = '', value = ''] = pickOf(HEADERS, pick).split(/:\s?(.*)/);
		return {
			...request,
			headers: { ...request.headers, [at % 2 ? name : name.toLowerCase()]: value }
		};
	},
	dropHeader: (request, { at }) => {
		const { [pickOf(Object.keys(request.headers), at)]: _dropped, ...headers } = request.headers;
		return { ...request, headers };
	},
	replaceMember: (request, { at, pick }) =>
		onMember(request, at, (holder, name) => {
			holder[name] = pickOf(VALUES, pick);
		}),
	renameMember: (request, { at, pick }) =>
		onMember(request, at, (holder, name) => {
			define(holder, pickOf(NAMES, pick), holder[name]);
			Reflect.deleteProperty(holder, name);
		}),
	addMember: (request, { at, pick }) =>
		onMember(request, at, (holder) => {
			define(holder, pickOf(NAMES, pick), pickOf(VALUES, at));
		}),
	dropMember: (request, { at }) =>
		onMember(request, at, (holder, name) => {
			Reflect.deleteProperty(holder, name);
		}),
	repeatMember: (request, { at, pick }) => {
		const colon = [...request.body.matchAll(/[{,]"/g)][at % 20]?.index;
		if (colon === undefined) return request;
		const added = `${JSON.stringify(pickOf(NAMES, pick))}:${JSON.stringify(pickOf(VALUES, at))},`;
		return {
			...request,
			body: request.body.slice(0, colon + 1) + added + request.body.slice(colon + 1)
		};
	},
	cutBody: (request, { at }) => ({
		...request,
		body: request.body.slice(0, at % (request.body.length + 1))
	}),
	insertBytes: (request, { at, pick }) => {
		const where = at % (request.body.length + 1);
		const piece = pickOf(
			['\0', '"', '{', ']', ',', '1e999', '\\u0000', '\\ud800', '\ufeff', ' ', '/**/'],
			pick
		);
		return { ...request, body: request.body.slice(0, where) + piece + request.body.slice(where) };
	},
	nestBody: (request, { pick }) =>
		onMember(request, pick, (holder, name) => {
			let deep: unknown = 1;
			for (let depth = 0; depth < 20 + (pick % 400); depth++)
				deep = pick % 2 ? [deep] : { a: deep };
			holder[name] = deep;
		})
} satisfies Record<
	string,
	(request: DeviceRequest, mutation: Omit<Mutation, 'kind'>) => DeviceRequest
>;

export const MUTATION_KINDS = Object.keys(MUTATIONS) as (keyof typeof MUTATIONS)[];

export function mutate(request: DeviceRequest, mutations: readonly Mutation[]): DeviceRequest {
	return mutations.reduce<DeviceRequest>(
		(sum, mutation) => MUTATIONS[mutation.kind](sum, mutation),
		request
	);
}

function onSegments(
	request: DeviceRequest,
	at: number,
	change: (segment: string) => string[]
): DeviceRequest {
	const segments = request.path.split('/');
	const index = 1 + (at % (segments.length - 1));
	return {
		...request,
		path: segments.toSpliced(index, 1, ...change(segments[index] ?? '')).join('/')
	};
}

function encodeOne(segment: string, pick: number): string {
	if (segment === '') return '%2F';
	const at = pick % segment.length;
	const code = segment.charCodeAt(at).toString(16).padStart(2, '0');
	return `${segment.slice(0, at)}%${code}${segment.slice(at + 1)}`;
}

function onJson(request: DeviceRequest, change: (body: unknown) => void): DeviceRequest {
	try {
		const body: unknown = JSON.parse(request.body);
		change(body);
		return { ...request, body: JSON.stringify(body) };
	} catch {
		return request;
	}
}

/** Changes a member of some object or list in the body. */
function onMember(
	request: DeviceRequest,
	at: number,
	change: (holder: Record<string, unknown>, name: string) => void
): DeviceRequest {
	return onJson(request, (body) => {
		const members: [Record<string, unknown>, string][] = [];
		const collect = (value: unknown): void => {
			if (typeof value !== 'object' || value === null) return;
			for (const [name, child] of Object.entries(value)) {
				members.push([value as Record<string, unknown>, name]);
				collect(child);
			}
		};
		collect(body);
		const [holder, name] = members[at % members.length] ?? [{}, ''];
		change(holder, name);
	});
}

/** By definition: an assignment to `__proto__` would vanish. */
function define(holder: object, name: string, value: unknown): void {
	Object.defineProperty(holder, name, {
		value,
		enumerable: true,
		configurable: true,
		writable: true
	});
}

interface Documents {
	docs?: { _id?: string; _rev?: string; _revisions?: { start: number; ids: string[] } }[];
}

function renewDocuments(body: unknown, pick: number): void {
	for (const [at, document] of ((body as Documents).docs ?? []).entries()) {
		if (document._revisions === undefined) continue;
		document._id = `transaction:fuzz-${(pick + at) % 300}`;
		const hash = (pick % 0xffffff).toString(16).padStart(32, '0');
		document._rev = `1-${hash}`;
		document._revisions = { start: 1, ids: [hash] };
	}
}

function changeField(body: unknown, at: number, pick: number): void {
	const { docs = [] } = body as Documents;
	for (const document of docs) {
		if (document._revisions === undefined) continue;
		define(
			document,
			pickOf(['note', 'amountMinor', 'payee', '#tag', 'ü'], at),
			pickOf(VALUES, pick)
		);
	}
}
