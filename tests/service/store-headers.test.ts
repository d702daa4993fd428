import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import {
	createServer,
	type IncomingHttpHeaders,
	request as sendRequest,
	type Server
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
	type EmbeddedStore,
	startEmbeddedStore
} from '#service/couch/embedded/start-embedded-store.ts';
import { readStoreFile } from '#service/couch/store-file.ts';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import { type Person, sendRaw, signUp, toRevision } from '#tests/service/people.ts';

/** What a store, or a proxy before it, may say and nobody else shall hear. */
const SAID = {
	'set-cookie': 'AuthSession=secret; Path=/',
	server: 'CouchDB/3.5.0',
	location: 'http://store.internal/ledger-secret',
	'x-couch-request-id': 'abc',
	'x-couchdb-body-time': '0',
	'access-control-allow-origin': '*',
	'www-authenticate': 'Basic realm="store"'
};

/** What a client may say and the store shall not hear. */
const FORGED = {
	authorization: 'Basic YWRtaW46YWRtaW4=',
	'x-auth-couchdb-username': 'admin',
	'x-auth-couchdb-roles': '_admin',
	'x-auth-couchdb-token': 'abc',
	'x-forwarded-for': '127.0.0.1',
	'x-forwarded-host': 'store',
	'x-forwarded-proto': 'https',
	forwarded: 'for=127.0.0.1',
	'if-none-match': '*',
	destination: 'other',
	'x-couchdb-full-commit': 'false'
};

let folder: string;
let embedded: EmbeddedStore | undefined;
let talkative: Server;
let service: RunningService;
let ann: Person;
const heard: { path: string; headers: IncomingHttpHeaders }[] = [];

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'outlay-headers-'));
	const target = new URL(process.env.COUCH_URL || (await startStore()));
	talkative = createServer((incoming, outgoing) => {
		heard.push({ path: incoming.url ?? '', headers: incoming.headers });
		const { method, url: path, headers } = incoming;
		const { hostname, port } = target;
		const passed = sendRequest({ hostname, port, method, path, headers }, (answer) => {
			outgoing.writeHead(answer.statusCode ?? 500, { ...answer.headers, ...SAID });
			answer.pipe(outgoing);
		});
		incoming.pipe(passed);
	});
	talkative.listen(0, '127.0.0.1');
	await once(talkative, 'listening');
	const front = new URL(target);
	front.port = String((talkative.address() as AddressInfo).port);
	front.hostname = '127.0.0.1';
	service = await runService({ env: { COUCH_URL: front.href } });
	ann = await signUp(service.url);
});
afterAll(async () => {
	await service.stop();
	talkative.closeAllConnections();
	talkative.close();
	await embedded?.stop();
	await rm(folder, { recursive: true });
});

/** The embedded store's address, with its credential. */
async function startStore(): Promise<string> {
	embedded = await startEmbeddedStore({ dataDir: folder });
	const file = await readStoreFile(folder);
	if (file === undefined) throw new Error('The store has written no file.');
	const url = new URL(file.url);
	url.username = file.user;
	url.password = file.password;
	return url.href;
}

const docs = JSON.stringify({ docs: [toRevision('a', { note: 'x' })], new_edits: false });

test.each([
	['POST', '_bulk_docs', docs],
	['GET', '', ''],
	['GET', 'a', ''],
	['GET', 'nothing', ''],
	['GET', '_changes?include_docs=true', ''],
	['GET', '_changes?feed=longpoll&since=0', ''],
	['POST', '_bulk_get', '{"docs":[{"id":"a"}]}'],
	['POST', '_revs_diff', '{"a":["1-abc"]}'],
	['PUT', '_local/x', '{"last_seq":1}'],
	['GET', '_local/x', '']
])(
	'what %s %s says goes to the store, who says it does not, and back comes the answer alone',
	async (method, path, body) => {
		heard.length = 0;
		const type = body === '' ? {} : { 'content-type': 'application/json' };
		const headers = { ...FORGED, ...type, cookie: ann.cookie };
		const answer = await sendRaw(
			service.url,
			method,
			`/sync/${ann.ledgerId}/${path}`,
			headers,
			body
		);
		expect([200, 201, 404]).toContain(answer.status);

		const asked = heard.filter((one) => one.path.startsWith('/ledger-'));
		expect(asked.length).toBeGreaterThan(0);
		for (const { headers: passed } of asked) {
			expect(passed.authorization).not.toBe(FORGED.authorization);
			expect(JSON.stringify(passed)).not.toContain(ann.cookie);
			for (const name of ['cookie', ...Object.keys(FORGED)]) {
				if (name !== 'authorization') expect(passed).not.toHaveProperty(name);
			}
		}
		for (const name of Object.keys(SAID)) expect(answer.headers).not.toHaveProperty(name);
	}
);
