import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { NewInvite } from '#contract/admin.ts';
import { findFreePort } from '#tests/support/free-port.ts';
import { makeAdmin } from '#tests/support/make-admin.ts';
import { Marks } from '#tests/support/marks.ts';
import { sendBytes } from '#tests/support/raw-http.ts';
import { removePerson, type ServiceProcess, spawnService } from '#tests/support/run-service.ts';
import {
	type Person,
	postJson,
	pushDocuments,
	signIn,
	toPerson,
	toRevision
} from '#tests/service/people.ts';
import { makeProgram, toBasic } from '#tests/service/programs.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
	for (const step of cleanUp.splice(0).reverse()) await step();
});

/** The loudest there is. */
async function spawn(env: Record<string, string>): Promise<ServiceProcess> {
	const service = await spawnService({ env: { LOG_LEVEL: 'trace', ...env } });
	cleanUp.push(service.clean);
	return service;
}

/** Somebody of whom everything is marked. */
async function join(marks: Marks, { url }: ServiceProcess, invite?: string): Promise<Marked> {
	const email = marks.watch('an email', `${marks.make('email')}@marked.example`);
	const password = marks.make('password ');
	const answer = await postJson(`${url}/api/account`, { email, password, invite });
	const person = await toPerson(url, answer);
	cleanUp.push(() => removePerson(person));
	return { ...watchPerson(marks, person), password };
}

type Marked = Person & { password: string };

function watchPerson<T extends Person>(marks: Marks, person: T): T {
	marks.watch('a ledger', person.ledgerId);
	for (const cookie of [person.cookie, person.deviceCookie]) {
		marks.watch('a cookie', cookie.slice(cookie.indexOf('=') + 1));
	}
	for (const code of person.recoveryCodes) marks.watch('a recovery code', code);
	return person;
}

/** Methods and patterns of all requests that were logged, without what a query adds. */
function readAnswered(service: ServiceProcess): Set<string> {
	const names = service
		.output()
		.split('\n')
		.flatMap((line) => {
			if (!line.startsWith('{')) return [];
			const { msg, method, route } = JSON.parse(line) as Record<string, string>;
			return msg === 'answered' ? [`${method} ${route?.replace(/\?.*$/, '')}`] : [];
		});
	return new Set(names);
}

/** The routes that are described, as the log names them. */
async function readRoutes({ url }: ServiceProcess): Promise<string[]> {
	const answer = await fetch(`${url}/api/openapi.json`);
	const { paths } = (await answer.json()) as { paths: Record<string, object> };
	return Object.entries(paths).flatMap(([path, item]) => {
		const route = path.replace(/\{\w*[lL]edger\w*\}/, ':ledger').replace(/\{\w+\}/, ':id');
		return Object.keys(item)
			.filter((method) => /^(get|head|post|put|patch|delete)$/.test(method))
			.map((method) => `${method.toUpperCase()} ${route}`);
	});
}

const anEntry = (marks: Marks, id: string) =>
	toRevision(id, {
		type: 'transaction',
		amount: marks.makeAmount(),
		note: marks.make('note'),
		payee: marks.make('payee')
	});

async function driveAccount(marks: Marks, service: ServiceProcess): Promise<void> {
	const { url } = service;
	const ann = await join(marks, service);
	const { email } = ann;
	const wrong = marks.make('wrong password');
	await postJson(`${url}/api/account`, { email, password: wrong });
	await postJson(`${url}/api/account`, { email: marks.make('no-email'), password: wrong });
	await postJson(`${url}/api/account`, { email: `x${email}`, password: 'password' });
	await postJson(`${url}/api/session`, { email, password: wrong });
	const secondAnswer = await postJson(`${url}/api/session`, { email, password: ann.password });
	const second = watchPerson(marks, await toPerson(url, secondAnswer));
	await fetch(`${url}/api/session`, { headers: { cookie: `session=${marks.make('cookie')}` } });
	for (const path of ['/api/session', '/api/sessions', '/api/recovery-codes', '/api/sign-up']) {
		await second.send(path);
	}
	await ann.ask('DELETE', `/api/sessions/${marks.make('session')}`);
	await ann.ask('POST', '/api/recovery-codes', { password: wrong });
	const codes = await ann.ask('POST', '/api/recovery-codes', { password: ann.password });
	const { recoveryCodes } = (await codes.json()) as { recoveryCodes: string[] };
	for (const code of recoveryCodes) marks.watch('a recovery code', code);
	const newPassword = marks.make('new password');
	await postJson(`${url}/api/session/recovery`, { email, code: marks.make('code'), newPassword });
	const [code] = recoveryCodes;
	const recovered = await postJson(`${url}/api/session/recovery`, { email, code, newPassword });
	const back = watchPerson(marks, await toPerson(url, recovered));
	await back.ask('PUT', '/api/account/password', { password: wrong, newPassword: wrong });
	const changed = { password: newPassword, newPassword: ann.password };
	expect((await back.ask('PUT', '/api/account/password', changed)).status).toBe(204);
	const again = watchPerson(marks, await signIn(url, email, ann.password));
	const newEmail = marks.watch('an email', `${marks.make('newer')}@marked.example`);
	const moved = { email: newEmail, password: ann.password };
	expect(await again.ask('PUT', '/api/account/email', moved)).toMatchObject({ status: 200 });
	await again.ask('DELETE', '/api/sessions');
	await again.ask('DELETE', '/api/account', { password: wrong });
	const left = await again.ask('DELETE', '/api/account', { password: ann.password });
	expect(left.status).toBe(204);
	await (await join(marks, service)).ask('DELETE', '/api/session');
}

async function driveSync(marks: Marks, service: ServiceProcess): Promise<Marked> {
	const ann = await join(marks, service);
	const id = marks.make('transaction-');
	await pushDocuments(ann, anEntry(marks, id), anEntry(marks, `${id}x`));
	const below = `/sync/${ann.ledgerId}`;
	for (const path of ['', '/', '/_changes', `/${id}?revs=true`, `/${marks.make('missing')}`]) {
		await ann.send(below + path);
	}
	await ann.send('/sync/');
	await ann.send(below, { method: 'HEAD' });
	await ann.send(`${below}/_changes?feed=longpoll&timeout=20&since=${marks.make('since')}`);
	await ann.send(`${below}/_changes?feed=longpoll&timeout=20&since=9999999`);
	await ann.post('_changes', {});
	await ann.post('_changes', { filter: marks.make('filter') });
	await ann.post('_ensure_full_commit', {});
	await ann.post('_bulk_get', { docs: [{ id }] });
	await ann.post('_all_docs', { keys: [id] });
	await ann.post('_revs_diff', { [id]: ['1-abc'], [marks.make('unknown')]: ['1-abc'] });
	await ann.post('_bulk_docs', { docs: [{ _id: '_design/x', note: marks.make('design') }] });
	await ann.post('_find', { selector: { note: marks.make('selector') } });
	const checkpoint = `_local/${marks.make('checkpoint')}`;
	await ann.ask('PUT', `${below}/${checkpoint}`, {
		_id: checkpoint,
		last_seq: marks.make('position'),
		session_id: marks.make('session')
	});
	await ann.send(`${below}/${checkpoint}`);
	await ann.send(`${below}?rev=${marks.make('query')}`);
	await ann.send(`/sync/${marks.make('others')}/_changes`);
	for (const body of [
		`{"docs":[{"note":"${marks.make('broken')}"`,
		marks.make('text'),
		'[['.repeat(9000)
	]) {
		const headers = { 'content-type': 'application/json' };
		await ann.send(`${below}/_bulk_docs`, { method: 'POST', body, headers });
		await ann.send('/api/session', { method: 'POST', body, headers });
	}
	await (await ann.send('/api/export')).text();
	return ann;
}

async function drivePrograms(marks: Marks, { url }: ServiceProcess, ann: Marked): Promise<void> {
	const program = await makeProgram(url, ann, 'read-write');
	marks.watch('an app password', program.password);
	marks.watch('Basic', program.authorization.slice('Basic '.length));
	await program.send('/api/session');
	await (await program.send('/api/export')).text();
	await program.ask('POST', `/sync/${ann.ledgerId}/_revs_diff`, { a: ['1-a'] });
	await program.send('/api/sessions');
	const names = { name: marks.make('app'), access: 'read-only' };
	const made = await ann.ask('POST', '/api/app-passwords', names);
	const { id, password } = (await made.json()) as { id: string; password: string };
	marks.watch('an app password', password);
	await ann.send('/api/app-passwords');
	const wrong = [toBasic(ann.email, marks.make('outlay-')), `Bearer ${marks.make('bearer')}`];
	wrong.push(toBasic(marks.make('user'), password), `Basic ${marks.make('basic')}`);
	for (const authorization of wrong) {
		await fetch(`${url}/api/export`, { headers: { authorization } });
	}
	await ann.ask('DELETE', `/api/app-passwords/${id}`);
}

async function driveAdmin(marks: Marks, service: ServiceProcess, ann: Marked): Promise<void> {
	const ada = await join(marks, service);
	await makeAdmin(service, ada.email);
	const list = () => ada.send(`/api/admin/accounts?search=${encodeURIComponent(ann.email)}`);
	await expect.poll(async () => (await list()).status, { timeout: 10_000 }).toBe(200);
	await ada.send(`/api/admin/accounts?after=${marks.make('after')}`);
	const change = `/api/admin/accounts/${ann.accountId}`;
	const quota = { documents: marks.makeAmount(), bytes: null };
	expect((await ada.ask('PATCH', change, { quota })).status).toBe(200);
	await ada.ask('PATCH', change, { suspended: marks.make('suspended') });
	await ada.ask('PATCH', change, { suspended: true });
	await postJson(`${service.url}/api/session`, { email: ann.email, password: ann.password });
	await ada.ask('PATCH', change, { suspended: false });
	const email = marks.watch('an email', `${marks.make('invited')}@marked.example`);
	const made = await ada.ask('POST', '/api/admin/invites', { email });
	const invite = NewInvite.parse(await made.json());
	marks.watch('an invitation', invite.code);
	await ada.send('/api/admin/invites');
	await join(marks, service, invite.code);
	await ada.ask('DELETE', `/api/admin/invites/${invite.id}`);
	await ann.send('/api/admin/accounts');
}

async function driveOddities(marks: Marks, { url }: ServiceProcess): Promise<void> {
	const html = { headers: { accept: 'text/html' } };
	await fetch(`${url}/add?amount=${marks.makeAmount()}&note=${marks.make('page')}`, html);
	await fetch(`${url}/transactions/${marks.make('entry')}`, html);
	await fetch(`${url}/api/${marks.make('nothing')}`, { method: 'PUT', body: marks.make('put') });
	const from = { 'x-request-id': marks.make('id '), referer: marks.make('referer') };
	const strange = { ...from, origin: `https://${marks.make('origin')}.example` };
	await postJson(`${url}/api/session`, { email: marks.make('cross') }, strange);
	await fetch(`${url}/api/session`, { method: 'POST', body: `note=${marks.make('form')}` });
	await fetch(`${url}/health/live?${marks.make('live')}`);
	await fetch(`${url}/health/ready`);
	const raw = (line: string, more = '') => `${line}\r\nHost: localhost\r\n${more}\r\n`;
	for (const bytes of [
		raw(`GET /%zz${marks.make('percent')} HTTP/1.1`),
		raw(`GET /sync/%00${marks.make('null')} HTTP/1.1`),
		`${marks.make('noise')} \u0001\r\n\r\n`,
		raw('GET / HTTP/1.1', `Cookie ${marks.make('colon')}\r\n`),
		raw('GET / HTTP/1.1', `X: ${marks.make('long').repeat(2000)}\r\n`),
		raw('GET / HTTP/1.1', `Expect: ${marks.make('expect')}\r\n`),
		raw('POST /api/session HTTP/1.1', `Content-Length: ${marks.make('length')}\r\n`),
		raw('POST /api/session HTTP/1.1', 'Content-Type: application/json\r\nContent-Length: 99\r\n') +
			`{"email":"${marks.make('cut')}`
	]) {
		await sendBytes(url, bytes);
	}
}

test('every route, driven with marked values, leaves none of them in a log or in the metrics', async () => {
	const marks = new Marks();
	const port = await findFreePort();
	const service = await spawn({ METRICS_PORT: String(port), TRUST_PROXY: 'loopback' });
	await driveAccount(marks, service);
	const ann = await driveSync(marks, service);
	await drivePrograms(marks, service, ann);
	await driveAdmin(marks, service, ann);
	await driveOddities(marks, service);
	const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
	const routes = await readRoutes(service);
	const parked = ann.send(`/sync/${ann.ledgerId}/_changes?feed=longpoll&heartbeat=1000`);
	await (await parked).body?.cancel();
	await service.end();
	expect(routes.length).toBeGreaterThan(30);
	expect(routes.filter((route) => !readAnswered(service).has(route))).toEqual([]);
	expect(metrics).toContain('outlay_requests_total');
	expect(marks.find(service.output() + metrics)).toEqual([]);
}, 60_000);

/** Something that answers like a store gone bad: it repeats all it was told. */
async function startEcho(): Promise<{ url: string; stop(): void; asked(): number }> {
	let asked = 0;
	const server = createServer((request, response) => {
		const answer = async () => {
			const body = Buffer.concat(await request.toArray()).toString();
			const { authorization = '' } = request.headers;
			const decoded = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString();
			const said = `${request.url} ${authorization} ${decoded} ${body}`;
			const turn = asked++ % WAYS.length;
			// A database that is to be made fails with a reason.
			const isCreation = request.method === 'PUT' && /^\/[^/]+$/.test(request.url ?? '');
			const way = isCreation ? WAYS[0]! : WAYS[turn]!;
			const [status, text] = way(said, decoded.slice(0, decoded.indexOf(':')));
			if (status === 0) return request.socket.destroy();
			response.writeHead(status, { 'content-type': 'application/json' }).end(text);
		};
		answer().catch(() => response.destroy());
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	const stop = () => {
		server.close();
		server.closeAllConnections();
	};
	return { url: `http://127.0.0.1:${port}`, stop, asked: () => asked };
}

const WAYS: ((said: string, user: string) => [number, string])[] = [
	(said) => [400, JSON.stringify({ error: said, reason: said })],
	// So short that what complains of it quotes the whole.
	(_said, user) => [200, user],
	(said) => [403, JSON.stringify({ error: 'forbidden', reason: `locked: ${said}` })],
	(said) => [401, JSON.stringify({ error: said, reason: said })],
	(said) => [200, JSON.stringify(said)],
	(said) => [404, JSON.stringify({ error: 'not_found', reason: `no_db_file ${said}` })],
	(said) => [200, JSON.stringify({ rows: said, results: said, docs: said, _id: said, _rev: said })],
	() => [0, ''],
	(said) => [418, JSON.stringify({ error: said, reason: said })],
	(said) => [500, said]
];

test('a store that repeats what it was told, or is not there, has nothing of it in the log', async () => {
	const marks = new Marks();
	const user = marks.make('user');
	const credential = `${user}:${marks.make('store-password')}`;
	marks.watch('a credential', Buffer.from(credential).toString('base64'));
	const echo = await startEcho();
	cleanUp.push(echo.stop);
	const cookie = `session=${'0'.repeat(32)}.${marks.make('token')}`;
	const services = [];
	for (const store of [echo.url, 'http://127.0.0.1:1']) {
		const service = await spawn({ COUCH_URL: store.replace('//', `//${credential}@`) });
		services.push(service);
		const { url } = service;
		const statuses = [];
		for (let round = 0; round < 12; round++) {
			const email = `${marks.make('email')}@marked.example`;
			const password = marks.make('password');
			const authorization = toBasic(email, `outlay-${marks.make('app')}`);
			const answers = [
				postJson(`${url}/api/account`, { email, password }),
				postJson(`${url}/api/session`, { email, password }),
				fetch(`${url}/api/session`, { headers: { cookie } }),
				fetch(`${url}/api/export`, { headers: { authorization } }),
				fetch(`${url}/health/ready`)
			];
			statuses.push(...(await Promise.all(answers)).map(({ status }) => status));
		}
		expect(statuses.filter((status) => status >= 500).length).toBeGreaterThan(20);
		await service.end();
	}
	expect(echo.asked()).toBeGreaterThan(20);
	const outputs = services.map((service) => service.output()).join('');
	expect(outputs).toContain('the store is unavailable');
	expect(marks.find(outputs)).toEqual([]);
}, 120_000);
