import { afterEach, expect, test } from 'vitest';
import { startFakeStore } from '#service/couch/fake-store.ts';
import { eventually } from '#tests/support/eventually.ts';
import { removePerson, type ServiceProcess, spawnService } from '#tests/support/run-service.ts';
import { type Person, postJson, pushDocuments, signUp, toRevision } from '#tests/service/people.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
	for (const step of cleanUp.splice(0).reverse()) await step();
});

async function spawn(env: Record<string, string>): Promise<ServiceProcess> {
	const service = await spawnService({ env });
	cleanUp.push(service.clean);
	return service;
}

async function join(service: ServiceProcess): Promise<Person> {
	const person = await signUp(service.url);
	cleanUp.push(() => removePerson(person));
	return person;
}

interface Line {
	level: number;
	msg: string;
	[field: string]: unknown;
}

function readLines(service: ServiceProcess): Line[] {
	const lines = service.output().split('\n');
	return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Line);
}

const answered = (service: ServiceProcess) =>
	readLines(service).filter(({ msg }) => msg === 'answered');

/** Waits for the line of a request. */
async function findLine(service: ServiceProcess, id: string | null): Promise<Line | undefined> {
	const find = () => answered(service).find(({ reqId }) => reqId === id);
	await expect.poll(find).toBeDefined();
	return find();
}

test('each request is one line of JSON, by its pattern', async () => {
	const service = await spawn({ LOG_LEVEL: 'info' });
	const ann = await join(service);
	await pushDocuments(ann, toRevision('transaction-1'));
	const answer = await ann.send(`/sync/${ann.ledgerId}/transaction-1?rev=1-abc`);
	expect(answer.status).toBe(200);
	const id = answer.headers.get('x-request-id');
	expect(id).toMatch(/^[0-9a-f]{16}$/);
	const line = await findLine(service, id);
	expect(line).toMatchObject({ method: 'GET', route: '/sync/:ledger/:id', status: 200, level: 30 });
	expect(line?.ms).toBeTypeOf('number');
	expect(line?.bytes).toBeGreaterThan(100);
	expect(answered(service).map(({ method, route, status }) => [method, route, status])).toEqual([
		['POST', '/api/account', 201],
		['POST', '/sync/:ledger/_bulk_docs', 201],
		['GET', '/sync/:ledger/:id', 200]
	]);
	expect(service.output()).not.toContain(ann.ledgerId);
	expect(service.output()).not.toContain('transaction-1');
});

test('who waits, pages and health are lines at debug only; what a client left is one, too', async () => {
	const [quiet, loud] = [await spawn({ LOG_LEVEL: 'info' }), await spawn({ LOG_LEVEL: 'debug' })];
	for (const service of [quiet, loud]) {
		const ann = await join(service);
		const longpoll = '_changes?feed=longpoll&timeout=50';
		const nothing = await ann.send(`/sync/${ann.ledgerId}/${longpoll}`);
		// An answer that nobody reads is broken off as soon as it is collected as garbage.
		expect(await nothing.json()).toMatchObject({ results: [] });
		await fetch(`${service.url}/nothing`);
		await fetch(`${service.url}/health/ready`);
		const leaving = new AbortController();
		const waiting = `${service.url}/sync/${ann.ledgerId}/_changes?feed=longpoll`;
		const { signal } = leaving;
		await fetch(waiting, { signal, headers: { cookie: ann.cookie } });
		leaving.abort();
		await fetch(`${service.url}/api/session`);
	}
	const routes = (service: ServiceProcess) =>
		answered(service).map(({ route, status }) => `${route} ${status}`);
	const debug = [
		'/sync/:ledger/_changes?feed=longpoll 200',
		'/* 404',
		'/health/ready 200',
		'/sync/:ledger/_changes?feed=longpoll 499'
	];
	await expect.poll(() => routes(loud)).toEqual(expect.arrayContaining(debug));
	await expect.poll(() => routes(quiet)).toEqual(['/api/account 201', '/api/session 401']);
});

test('an id is a trusted proxy’s, where it looks like one', async () => {
	const [plain, behind] = [await spawn({}), await spawn({ TRUST_PROXY: 'loopback' })];
	const ask = async ({ url }: ServiceProcess, id: string) => {
		const answer = await fetch(`${url}/api/session`, { headers: { 'x-request-id': id } });
		return answer.headers.get('x-request-id');
	};
	expect(await ask(behind, 'proxy-0123.4_5')).toBe('proxy-0123.4_5');
	expect(await ask(plain, 'proxy-0123.4_5')).toMatch(/^[0-9a-f]{16}$/);
	for (const odd of ['short', 'x'.repeat(65), 'ann@example.org', 'two words', '{"a":"bcdefg"}']) {
		expect(await ask(behind, odd)).toMatch(/^[0-9a-f]{16}$/);
	}
});

test('a store that fails is told with its cause and the request’s id, which the answer has too', async () => {
	const ids: unknown[] = [];
	const store = await startFakeStore((request) => {
		ids.push(request.requestId);
		return { status: 503 };
	});
	cleanUp.push(store.stop);
	const service = await spawn({ COUCH_URL: store.url.replace('//', '//admin:hidden@') });
	const body = { email: 'ann@example.org', password: 'hidden too' };
	const answer = await postJson(`${service.url}/api/session`, body);
	const id = answer.headers.get('x-request-id');
	expect(answer.status).toBe(503);
	expect(await answer.json()).toMatchObject({ error: 'store-unavailable', requestId: id });
	expect(ids).toContain(id);
	// The answer may be here before what was written on stdout is.
	await eventually(() => {
		const told = readLines(service).find(({ reqId }) => reqId === id);
		expect(told).toMatchObject({ msg: 'the store is unavailable', said: 'the store answered 503' });
	});
	expect(service.output()).not.toMatch(/hidden|ann@/);
});
