import { isDatabaseName } from '#service/couch/embedded/database-name.ts';
import type {
	Answer,
	DatabaseHandler,
	Exchange,
	StoreContext
} from '#service/couch/embedded/exchange.ts';
import { isExpected } from '#service/couch/embedded/failure.ts';
import {
	ProtocolError,
	toMethodNotAllowed,
	toNotFound
} from '#service/couch/embedded/protocol-error.ts';
import { streamDocuments } from '#service/couch/embedded/routes/all-docs.ts';
import { writeBulk } from '#service/couch/embedded/routes/bulk-docs.ts';
import { streamBulk } from '#service/couch/embedded/routes/bulk-get.ts';
import { streamChanges } from '#service/couch/embedded/routes/changes.ts';
import {
	createDatabase,
	deleteDatabase,
	describeDatabase,
	toNoDatabase
} from '#service/couch/embedded/routes/database.ts';
import { describeDatabases } from '#service/couch/embedded/routes/dbs-info.ts';
import {
	deleteDocument,
	readDocument,
	writeDocument
} from '#service/couch/embedded/routes/document.ts';
import { readLocal, writeLocal } from '#service/couch/embedded/routes/local-document.ts';
import { compact, ensureFullCommit } from '#service/couch/embedded/routes/maintenance.ts';
import { compareRevisions } from '#service/couch/embedded/routes/revs-diff.ts';
import { readSecurity, writeSecurity } from '#service/couch/embedded/routes/security.ts';
import { toWelcome } from '#service/couch/embedded/routes/welcome.ts';

type Methods = Record<string, DatabaseHandler>;

/** What is below a database, by name. Whatever is not here does not exist. */
const BELOW_DATABASE = new Map<string, Methods>([
	['_security', { GET: readSecurity, PUT: writeSecurity }],
	['_changes', { GET: streamChanges, POST: streamChanges }],
	['_bulk_docs', { POST: writeBulk }],
	['_bulk_get', { POST: streamBulk }],
	['_revs_diff', { POST: compareRevisions }],
	['_all_docs', { GET: streamDocuments, POST: streamDocuments }],
	['_ensure_full_commit', { POST: ensureFullCommit }],
	['_compact', { POST: compact }]
]);
const LOCAL_DOCUMENT: Methods = { GET: readLocal, PUT: writeLocal };
const DOCUMENT: Methods = { GET: readDocument, PUT: writeDocument, DELETE: deleteDocument };

/**
 * Finds what answers a request and lets it answer.
 *
 * @returns `undefined` when the response is written already.
 * @throws {ProtocolError} for everything that CouchDB answers with an error.
 */
export async function route(exchange: Exchange, store: StoreContext): Promise<Answer | undefined> {
	const [name, ...below] = exchange.segments;
	if (name === undefined) return get(exchange, () => toWelcome(store));
	if (!below.length && name === '_up') {
		return get(exchange, () => ({ status: 200, body: { status: 'ok', seeds: {} } }));
	}
	if (!below.length && name === '_all_dbs') {
		return get(exchange, () => ({ status: 200, body: store.databases.names() }));
	}
	if (!below.length && name === '_dbs_info') {
		if (exchange.method !== 'POST') throw toMethodNotAllowed('POST');
		return describeDatabases(exchange, store);
	}
	if (name.startsWith('_')) throw toNotFound();
	if (!isDatabaseName(name)) throw toIllegalName(name);
	return below.length ? routeBelow(exchange, store, name) : routeDatabase(exchange, store, name);
}

function routeDatabase(
	exchange: Exchange,
	store: StoreContext,
	name: string
): Promise<Answer | undefined> {
	switch (exchange.method) {
		case 'GET':
			return inDatabase(exchange, store, name, describeDatabase);
		case 'PUT':
			return createDatabase(name, store);
		case 'DELETE':
			return deleteDatabase(name, exchange, store);
		default:
			throw toMethodNotAllowed('DELETE,GET,HEAD,PUT');
	}
}

function routeBelow(
	exchange: Exchange,
	store: StoreContext,
	name: string
): Promise<Answer | undefined> {
	const methods = requireMethods(exchange.segments);
	const handler = Object.hasOwn(methods, exchange.method) ? methods[exchange.method] : undefined;
	if (!handler) {
		const allowed = Object.keys(methods).flatMap((one) => (one === 'GET' ? ['GET', 'HEAD'] : one));
		throw toMethodNotAllowed(allowed.sort().join(','));
	}
	return inDatabase(exchange, store, name, handler);
}

function requireMethods(segments: string[]): Methods {
	const [, first = '', ...rest] = segments;
	if (first === '_local' ? rest.length > 0 : first.startsWith('_local/')) return LOCAL_DOCUMENT;
	// Attachments would be below a document; there are none.
	if (rest.length) throw toNotFound();
	if (!first.startsWith('_')) return DOCUMENT;
	const methods = BELOW_DATABASE.get(first);
	if (!methods) throw toNotFound();
	return methods;
}

async function inDatabase(
	exchange: Exchange,
	{ databases }: StoreContext,
	name: string,
	handler: DatabaseHandler
): Promise<Answer | undefined> {
	let isThere = false;
	const answer = await databases.use(name, async (database) => {
		isThere = true;
		try {
			return await handler(exchange, database);
		} catch (error) {
			// LevelDB that failed to write once stays that way until it is opened again.
			if (!isExpected(error) && !exchange.response.destroyed) database.distrust();
			throw error;
		}
	});
	if (!isThere) throw toNoDatabase();
	return answer;
}

function get({ method }: Exchange, answer: () => Answer): Answer {
	if (method !== 'GET') throw toMethodNotAllowed('GET,HEAD');
	return answer();
}

function toIllegalName(name: string): ProtocolError {
	return new ProtocolError(
		400,
		'illegal_database_name',
		`Name: '${name}'. Only lowercase characters (a-z), digits (0-9), and any of the characters _, $, (, ), +, -, and / are allowed. Must begin with a letter.`
	);
}
