import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildApp } from '#service/app.ts';
import { judgeRequest } from '#service/replication/allowed-requests.ts';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import { signUpAdmin } from '#tests/service/admins.ts';
import {
	PASSWORD,
	postJson,
	pushDocuments,
	signIn,
	signUp,
	toRevision
} from '#tests/service/people.ts';
import { makeProgram, type Program } from '#tests/service/programs.ts';

interface Described {
	security: Record<string, unknown>[];
	requestBody?: object;
	responses: Record<string, { content?: object }>;
}

type Document = { paths: Record<string, Record<string, Described>> } & Record<string, unknown>;

const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete'];

let service: RunningService;
let document: Document;
beforeAll(async () => {
	service = await runService();
	const answer = await fetch(`${service.url}/api/openapi.json`);
	expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
	document = (await answer.json()) as Document;
});
afterAll(() => service.stop());

/** Every operation, as `GET /api/session`. */
function listOperations(root: string): { name: string; described: Described }[] {
	return Object.entries(document.paths)
		.filter(([path]) => path.startsWith(root))
		.flatMap(([path, item]) =>
			METHODS.filter((method) => method in item).map((method) => ({
				name: `${method.toUpperCase()} ${path}`,
				described: item[method]!
			}))
		);
}

test('it is an OpenAPI document', async () => {
	const verdict = await new Validator().validate(structuredClone(document));
	expect(verdict).toMatchObject({ valid: true });
});

test('every route under /api is described, and whatever is described is a route', async () => {
	const app = await buildApp({
		client: {} as never,
		provisioner: {} as never,
		publicUrl: undefined,
		trustProxy: 0,
		pagesFolder: '/nowhere'
	});
	const routes = [...app.apiRoutes].map((route) => route.replace(/:(\w+)/g, '{$1}'));
	await app.close();
	expect(
		listOperations('/api/')
			.map(({ name }) => name)
			.sort()
	).toEqual(routes.sort());
});

test('what the gateway lets through is what is described', () => {
	const limits = { longpollMs: 1, heartbeatLongpollMs: 1 };
	const paths = [
		'/sync/',
		'/sync/{ledger}',
		'/sync/{ledger}/{document}',
		'/sync/{ledger}/_local/{id}',
		...[
			...['_changes', '_bulk_get', '_bulk_docs', '_revs_diff', '_ensure_full_commit', '_all_docs'],
			...['_design', '_security', '_find', '_index', '_purge', '_compact', '_local', '_local_docs'],
			...['_design/{id}', '{document}/{attachment}', '_missing_revs', '_revs_limit', '_explain']
		].map((name) => `/sync/{ledger}/${name}`)
	];
	const allowed = paths.flatMap((path) =>
		[...METHODS, 'copy', 'options'].flatMap((name) => {
			const method = name.toUpperCase();
			const url = path.replace(/\{\w+\}/g, 'x');
			return judgeRequest(method, url, limits).ok ? [`${method} ${path}`] : [];
		})
	);
	expect(
		listOperations('/sync/')
			.map(({ name }) => name)
			.sort()
	).toEqual(allowed.sort());
});

/** Holds an answer against what is described of it. */
async function hold(name: string, answer: Response): Promise<number> {
	const [method = '', path = ''] = name.split(' ');
	const { responses } = document.paths[path]![method.toLowerCase()]!;
	const text = await answer.text();
	const described = responses[answer.status];
	expect({ name, status: answer.status, text, known: Object.keys(responses) }).toMatchObject({
		known: expect.arrayContaining([String(answer.status)])
	});
	if (described?.content === undefined) {
		expect({ name, text }).toEqual({ name, text: '' });
		return answer.status;
	}
	const pointer = ['paths', path, method.toLowerCase(), 'responses', String(answer.status)]
		.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1'))
		.join('/');
	const ajv = new Ajv2020({ strict: false });
	ajv.addSchema({ ...document, $id: 'https://outlay.example/' });
	const $ref = `https://outlay.example/#/${encodeURI(pointer)}/content/application~1json/schema`;
	const isValid = ajv.compile({ $ref });
	isValid(JSON.parse(text));
	expect({ name, text, errors: isValid.errors }).toEqual({ name, text, errors: null });
	return answer.status;
}

describe('real answers are as they are described', () => {
	test('of an account', async () => {
		const email = `${crypto.randomUUID()}@example.org`;
		const newPassword = 'staple battery horse';
		const url = (path: string) => service.url + path;
		await hold('GET /api/openapi.json', await fetch(url('/api/openapi.json')));
		await hold('GET /api/sign-up', await fetch(url('/api/sign-up')));
		for (const [body, status] of [
			[{ email: 'nobody', password: PASSWORD }, 400],
			[{ email, password: 'password' }, 400],
			[{}, 400],
			[{ email, password: PASSWORD }, 201],
			[{ email, password: PASSWORD }, 409]
		] as const) {
			expect(await hold('POST /api/account', await postJson(url('/api/account'), body))).toBe(
				status
			);
		}
		const text = await fetch(url('/api/session'), { method: 'POST', body: 'email=a' });
		expect(await hold('POST /api/session', text)).toBe(415);
		for (const [password, status] of [
			['not this one', 401],
			[PASSWORD, 201]
		] as const) {
			const answer = await postJson(url('/api/session'), { email, password });
			expect(await hold('POST /api/session', answer)).toBe(status);
		}
		const ann = await signIn(service.url, email);
		const ask = async (name: string, body?: unknown, path = name.split(' ')[1]!) =>
			hold(name, await ann.ask(name.split(' ')[0]!, path, body));
		expect(await ask('GET /api/session')).toBe(200);
		expect(await ask('GET /api/sessions')).toBe(200);
		expect(await ask('DELETE /api/sessions/{id}', undefined, '/api/sessions/x')).toBe(404);
		expect(await ask('DELETE /api/sessions')).toBe(204);
		expect(await ask('GET /api/recovery-codes')).toBe(200);
		expect(await ask('POST /api/recovery-codes', { password: 'wrong' })).toBe(403);
		expect(await ask('POST /api/recovery-codes', { password: PASSWORD })).toBe(201);
		expect(await ask('PUT /api/account/email', { email: 'x', password: PASSWORD })).toBe(400);
		expect(await ask('PUT /api/account/email', { email, password: PASSWORD })).toBe(200);
		expect(await ask('PUT /api/account/password', { password: PASSWORD, newPassword })).toBe(204);
		expect(await ask('GET /api/sessions')).toBe(401);
		const recovery = { email, code: 'wrong', newPassword };
		const recovered = await postJson(url('/api/session/recovery'), recovery);
		expect(await hold('POST /api/session/recovery', recovered)).toBe(401);
		const again = await signIn(service.url, email, newPassword);
		const left = await again.ask('DELETE', '/api/account', { password: newPassword });
		expect(await hold('DELETE /api/account', left)).toBe(204);
		const out = await again.ask('DELETE', '/api/session');
		expect(await hold('DELETE /api/session', out)).toBe(204);
	});

	test('of app passwords, the export and the ledger', async () => {
		const ann = await signUp(service.url);
		const name = 'POST /api/app-passwords';
		const ask = (body: unknown) => ann.ask('POST', '/api/app-passwords', body);
		expect(await hold(name, await ask({ name: '' }))).toBe(400);
		expect(await hold(name, await ask({ name: 'Backup' }))).toBe(201);
		const reader = await makeProgram(service.url, ann);
		await reader.send('/api/session');
		const list = await ann.send('/api/app-passwords');
		expect(await hold('GET /api/app-passwords', list)).toBe(200);
		await pushDocuments(ann, toRevision('a', { note: 'one' }));
		expect(await hold('GET /api/export', await reader.send('/api/export'))).toBe(200);
		expect(await hold('GET /api/session', await reader.send('/api/session'))).toBe(200);

		const writer = await makeProgram(service.url, ann, 'read-write');
		const sync = async (operation: string, tail = '', body?: unknown, by: Program = writer) => {
			const [method = '', path = ''] = operation.split(' ');
			const filled = path
				.replace('{ledger}', ann.ledgerId)
				.replace('{id}', 'checkpoint')
				.replace('{document}', 'a');
			return hold(operation, await by.ask(method, filled + tail, body));
		};
		const at = '/sync/{ledger}';
		const docs = [toRevision('b')];
		expect(await sync('GET /sync/')).toBe(200);
		expect(await sync(`GET ${at}`)).toBe(200);
		expect(await sync(`HEAD ${at}`)).toBe(200);
		expect(await sync(`GET ${at}/_local/{id}`)).toBe(404);
		expect(await sync(`PUT ${at}/_local/{id}`, '', { last_seq: 1 })).toBe(201);
		expect(await sync(`PUT ${at}/_local/{id}`, '', { last_seq: 1 }, reader)).toBe(403);
		expect(await sync(`GET ${at}/_local/{id}`)).toBe(200);
		expect(await sync(`GET ${at}/_changes`, '?limit=1')).toBe(200);
		expect(await sync(`GET ${at}/_changes`, '?filter=x')).toBe(400);
		expect(await sync(`POST ${at}/_changes`, '?include_docs=true', {})).toBe(200);
		expect(await sync(`POST ${at}/_ensure_full_commit`, '', {})).toBe(201);
		expect(await sync(`POST ${at}/_revs_diff`, '', { a: ['9-abc'] })).toBe(200);
		expect(await sync(`POST ${at}/_bulk_get`, '', { docs: [{ id: 'a' }, { id: 'z' }] })).toBe(200);
		expect(await sync(`POST ${at}/_bulk_get`, '', { ids: [] })).toBe(400);
		expect(await sync(`POST ${at}/_bulk_docs`, '', { docs, new_edits: false })).toBe(201);
		expect(await sync(`POST ${at}/_bulk_docs`, '', { docs, new_edits: false }, reader)).toBe(403);
		expect(await sync(`GET ${at}/{document}`)).toBe(200);
		expect(await sync(`GET ${at}/{document}`, '?rev=9-abc')).toBe(404);
		expect(await sync(`GET ${at}/{document}`, '?open_revs=all')).toBe(200);
		const path = `/api/app-passwords/${reader.id}`;
		expect(await hold('DELETE /api/app-passwords/{id}', await ann.ask('DELETE', path))).toBe(204);
		expect(await hold('DELETE /api/app-passwords/{id}', await ann.ask('DELETE', path))).toBe(404);
		expect(await sync(`GET ${at}`, '', undefined, reader)).toBe(401);
	});

	test('of who looks after the service', async () => {
		const [admin, bob] = [await signUpAdmin(service), await signUp(service.url)];
		const ask = async (operation: string, path: string, body?: unknown, by = admin) =>
			hold(operation, await by.ask(operation.split(' ')[0]!, path, body));
		const list = 'GET /api/admin/accounts';
		expect(await ask(list, `/api/admin/accounts?search=${bob.email}`)).toBe(200);
		expect(await ask(list, '/api/admin/accounts', undefined, bob)).toBe(403);
		const change = 'PATCH /api/admin/accounts/{id}';
		const ofBob = `/api/admin/accounts/${bob.accountId}`;
		const quota = { documents: 10, bytes: null };
		expect(await ask(change, ofBob, { suspended: true, quota })).toBe(200);
		expect(await ask(change, ofBob, { suspended: 'yes' })).toBe(400);
		expect(await ask(change, `/api/admin/accounts/${admin.accountId}`, { suspended: true })).toBe(
			403
		);
		expect(await ask(change, '/api/admin/accounts/nobody', {})).toBe(404);
		const suspended = { email: bob.email, password: PASSWORD };
		const signedIn = await postJson(`${service.url}/api/session`, suspended);
		expect(await hold('POST /api/session', signedIn)).toBe(403);
		const made = await admin.ask('POST', '/api/admin/invites', { email: bob.email });
		const { id } = (await made.clone().json()) as { id: string };
		expect(await hold('POST /api/admin/invites', made)).toBe(201);
		expect(await ask('GET /api/admin/invites', '/api/admin/invites')).toBe(200);
		const take = 'DELETE /api/admin/invites/{id}';
		expect(await ask(take, `/api/admin/invites/${id}`)).toBe(204);
		expect(await ask(take, `/api/admin/invites/${id}`)).toBe(404);
	});

	test('where the store is away', async () => {
		const ann = await signUp(service.url);
		service.store.plan = () => 'refused';
		try {
			const answer = await ann.send('/api/export');
			expect(await hold('GET /api/export', answer)).toBe(503);
		} finally {
			service.store.plan = undefined;
		}
	});
});

describe('who is let in', () => {
	const can = ({ security }: Described, scheme: string) => security.some((one) => scheme in one);

	/** Sends what an operation takes, in its form at least. */
	function toRequest(name: string, { requestBody }: Described): [string, RequestInit] {
		const [method = '', path = ''] = name.split(' ');
		const json = { headers: { 'content-type': 'application/json' }, body: '{}' };
		return [path.replace(/\{\w+\}/g, 'x'), { method, ...(requestBody && json) }];
	}

	test('nobody, where somebody must be', async () => {
		const operations = listOperations('/').filter(({ described }) => described.security.length > 0);
		expect(operations.length).toBeGreaterThan(25);
		for (const { name, described } of operations) {
			const [path, options] = toRequest(name, described);
			const { status, headers } = await fetch(service.url + path, options);
			// A browser would show a window of its own.
			const asks = headers.get('www-authenticate');
			expect({ name, status, asks }).toEqual({ name, status: 401, asks: null });
		}
	});

	test('an app password, and a session, where it says so and nowhere else', async () => {
		const ann = await signUp(service.url);
		const { send } = await makeProgram(service.url, ann, 'read-write');
		const before = await service.store.rows();
		for (const { name, described } of listOperations('/api/')) {
			if (described.security.length === 0) continue;
			const [path, options] = toRequest(name, described);
			const { status } = await send(path, options);
			const expected = can(described, 'appPassword') ? 200 : 401;
			expect({ name, status }).toEqual({ name, status: expected });
		}
		const isHers = ({ _id }: { _id: string }) => _id.includes(ann.accountId);
		const after = (await service.store.rows()).filter(isHers);
		expect(after.map(({ _id }) => _id)).toEqual(before.filter(isHers).map(({ _id }) => _id));
	});

	test('a member is no admin, and the store is not asked', async () => {
		const ann = await signUp(service.url);
		await ann.send('/api/session');
		service.store.plan = () => undefined;
		service.store.operations = 0;
		const operations = listOperations('/api/admin/');
		expect(operations).toHaveLength(5);
		for (const { name, described } of operations) {
			const [path, options] = toRequest(name, described);
			const answer = await ann.send(path, options);
			const { error } = (await answer.json()) as { error: string };
			expect({ name, error }).toEqual({ name, error: 'forbidden' });
			expect((await fetch(service.url + path, options)).status).toBe(401);
		}
		expect(service.store.operations).toBe(0);
	});
});
