import {
	BATCH_DOCUMENTS,
	CHANGES_LIMIT,
	DOCUMENT_ID_BYTES,
	HEARTBEAT_MIN_MS
} from '#contract/replication.ts';
import type { Answer, JsonSchema, Operation, Parameter } from '#service/openapi/operation.ts';

const TEXT = { type: 'string' };
const FLAG = { type: 'boolean' };
const COUNT = { type: 'integer', minimum: 0 };
const REVISION = { type: 'string', examples: ['1-967a00dff5e02add41819138abb3284d'] };
const DOCUMENT_ID = { type: 'string', description: `At most ${DOCUMENT_ID_BYTES} bytes of UTF-8.` };
const OBJECT = { type: 'object' };

function toObject(properties: Record<string, JsonSchema>, required: string[]): JsonSchema {
	return { type: 'object', properties, required };
}

function toList(items: JsonSchema, more: JsonSchema = {}): JsonSchema {
	return { type: 'array', items, ...more };
}

const inQuery = (name: string, schema: JsonSchema): Parameter => ({ name, in: 'query', schema });

const CHANGES_QUERY: Parameter[] = [
	inQuery('feed', { enum: ['normal', 'longpoll'] }),
	{ ...inQuery('since', TEXT), description: 'Opaque: a `seq` or `last_seq` of before.' },
	inQuery('style', { enum: ['all_docs', 'main_only'] }),
	inQuery('include_docs', FLAG),
	inQuery('descending', FLAG),
	inQuery('conflicts', FLAG),
	inQuery('seq_interval', { type: 'integer', minimum: 1 }),
	{ ...inQuery('timeout', COUNT), description: 'Milliseconds a longpoll waits.' },
	inQuery('limit', { ...COUNT, maximum: CHANGES_LIMIT }),
	inQuery('heartbeat', { type: 'integer', minimum: HEARTBEAT_MIN_MS })
];

const CHANGES_ANSWER = toObject(
	{
		results: toList(
			toObject({ id: TEXT, changes: toList(toObject({ rev: REVISION }, ['rev'])), deleted: FLAG }, [
				'id',
				'changes'
			])
		),
		last_seq: { type: ['string', 'integer'] }
	},
	['results', 'last_seq']
);

const CHECKPOINT_ANSWER = toObject({ ok: { const: true }, id: TEXT, rev: TEXT }, [
	'ok',
	'id',
	'rev'
]);

/** What CouchDB calls a refusal that is part of the protocol. */
const toNews = (description: string, error: string): Answer => ({
	description,
	schema: toObject({ error: { const: error }, reason: TEXT }, ['error', 'reason'])
});
const MISSING = toNews('There is none.', 'not_found');

/** What every request for a ledger may be refused for. */
const REFUSALS: Operation['problems'] = ['forbidden'];
/** The same where a body is read that may be large. */
const BODY_REFUSALS: Operation['problems'] = [...REFUSALS, 'too-slow', 'busy'];

/** The part of CouchDB's replication protocol that devices and programs reach. */
export const SYNC_OPERATIONS: Operation[] = [
	{
		method: 'GET',
		path: '/sync/',
		summary: 'What replication takes for the server',
		description:
			'The `uuid` is another one when the store behind the ledger is: then all is compared anew.',
		who: 'session-or-app-password',
		answers: {
			200: { description: 'Welcome.', schema: toObject({ uuid: TEXT }, ['uuid']) }
		}
	},
	...(['GET', 'HEAD'] as const).map((method): Operation => ({
		method,
		path: '/sync/{ledger}',
		summary: 'How many documents the ledger has',
		description: 'A slash at the end makes no difference.',
		who: 'session-or-app-password',
		answers: {
			200: {
				description: 'The ledger.',
				...(method === 'GET' && {
					schema: toObject({ db_name: TEXT, doc_count: COUNT }, ['db_name', 'doc_count'])
				})
			}
		},
		problems: REFUSALS
	})),
	{
		method: 'GET',
		path: '/sync/{ledger}/_local/{id}',
		summary: 'Read a checkpoint',
		who: 'session-or-app-password',
		answers: {
			200: { description: 'The checkpoint.', schema: toObject({ _id: TEXT, _rev: TEXT }, ['_id']) },
			404: MISSING
		},
		problems: REFUSALS
	},
	{
		method: 'PUT',
		path: '/sync/{ledger}/_local/{id}',
		summary: 'Write a checkpoint',
		description:
			'Not with a read-only app password: PouchDB goes by the checkpoint on its own side.',
		who: 'session-or-app-password',
		body: OBJECT,
		answers: {
			201: { description: 'Written.', schema: CHECKPOINT_ANSWER }
		},
		problems: BODY_REFUSALS
	},
	...(['GET', 'POST'] as const).map((method): Operation => ({
		method,
		path: '/sync/{ledger}/_changes',
		summary: 'What was written since',
		description:
			'Streamed. A longpoll waits for the next write. A body, if there is one, is an empty object.',
		who: 'session-or-app-password',
		parameters: CHANGES_QUERY,
		answers: { 200: { description: 'The changes.', schema: CHANGES_ANSWER } },
		problems: method === 'POST' ? BODY_REFUSALS : REFUSALS
	})),
	{
		method: 'POST',
		path: '/sync/{ledger}/_ensure_full_commit',
		summary: 'Asked by older replicators',
		who: 'session-or-app-password',
		answers: {
			201: {
				description: 'All that was acknowledged is on the disk.',
				schema: toObject({ ok: { const: true } }, ['ok'])
			}
		},
		problems: BODY_REFUSALS
	},
	{
		method: 'POST',
		path: '/sync/{ledger}/_revs_diff',
		summary: 'Which revisions are missing here',
		who: 'session-or-app-password',
		body: {
			type: 'object',
			additionalProperties: toList(REVISION),
			maxProperties: BATCH_DOCUMENTS
		},
		answers: {
			200: {
				description: 'Those that are, by document.',
				schema: { type: 'object', additionalProperties: OBJECT }
			}
		},
		problems: BODY_REFUSALS
	},
	{
		method: 'POST',
		path: '/sync/{ledger}/_bulk_get',
		summary: 'Read documents',
		who: 'session-or-app-password',
		parameters: [inQuery('revs', FLAG), inQuery('latest', FLAG)],
		body: toObject(
			{
				docs: toList(toObject({ id: DOCUMENT_ID, rev: REVISION }, ['id']), {
					maxItems: BATCH_DOCUMENTS
				})
			},
			['docs']
		),
		answers: {
			200: {
				description: 'The documents, or why one is not there.',
				schema: toObject(
					{ results: toList(toObject({ id: TEXT, docs: toList(OBJECT) }, ['docs'])) },
					['results']
				)
			}
		},
		problems: BODY_REFUSALS
	},
	{
		method: 'POST',
		path: '/sync/{ledger}/_bulk_docs',
		summary: 'Write documents, with the revisions they have',
		description:
			'All or nothing. Not with a read-only app password. In a ledger that is full only what makes room, or changes what is there, is taken.',
		who: 'session-or-app-password',
		body: toObject(
			{
				docs: toList(toObject({ _id: DOCUMENT_ID, _rev: REVISION }, ['_id', '_rev']), {
					maxItems: BATCH_DOCUMENTS
				}),
				new_edits: { const: false }
			},
			['docs', 'new_edits']
		),
		answers: {
			201: { description: 'Written; what the list names was not.', schema: toList(OBJECT) }
		},
		problems: [...BODY_REFUSALS, 'quota-exceeded']
	},
	{
		method: 'GET',
		path: '/sync/{ledger}/{document}',
		summary: 'Read one document',
		who: 'session-or-app-password',
		parameters: [
			inQuery('rev', REVISION),
			inQuery('revs', FLAG),
			{ ...inQuery('open_revs', TEXT), description: '`all`, or a list of revisions in JSON.' },
			inQuery('latest', FLAG),
			inQuery('conflicts', FLAG)
		],
		answers: {
			200: {
				description: 'The document; with `open_revs` a list.',
				schema: { type: ['object', 'array'] }
			},
			404: MISSING
		},
		problems: REFUSALS
	}
];
