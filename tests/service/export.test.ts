import { once } from 'node:events';
import { type IncomingMessage, request as sendRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import { type Person, pushDocuments, signUp, toRevision } from '#tests/service/people.ts';
import { makeProgram } from '#tests/service/programs.ts';

let service: RunningService;
let ann: Person;
beforeAll(async () => {
	service = await runService();
});
beforeEach(async () => {
	ann = await signUp(service.url);
	service.store.requests.length = 0;
});
afterAll(() => service.stop());

interface Exported {
	exportedAt: string;
	ledger: string;
	documents: { _id: string; _rev: string; note?: string }[];
}

async function readExport(answer: Response): Promise<Exported> {
	expect(answer.status).toBe(200);
	return (await answer.json()) as Exported;
}

test('a session and an app password get the documents as they are stored', async () => {
	const odd = 'größer 🎂 "quoted" \\ \u2028 \n]},';
	await pushDocuments(
		ann,
		toRevision('transaction:b', { note: odd, nested: { deep: [1, 'two', null] } }),
		toRevision('transaction:a', { note: ']}' })
	);
	const program = await makeProgram(service.url, ann);
	for (const answer of [await ann.send('/api/export'), await program.send('/api/export')]) {
		expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
		expect(answer.headers.get('content-disposition')).toMatch(
			/^attachment; filename="outlay-\d{4}-\d\d-\d\d\.json"$/
		);
		expect(answer.headers.get('cache-control')).toBe('no-store');
		const copy = await readExport(answer.clone());
		expect(copy.ledger).toBe(ann.ledgerId);
		expect(Math.abs(Date.now() - Date.parse(copy.exportedAt))).toBeLessThan(60_000);
		expect(copy.documents).toEqual([
			{ _id: 'transaction:a', _rev: '1-abc', note: ']}' },
			{ _id: 'transaction:b', _rev: '1-abc', note: odd, nested: { deep: [1, 'two', null] } }
		]);
		// One document to a line.
		const lines = (await answer.text()).split('\n');
		expect(lines.map((line) => line.slice(0, 7))).toEqual([
			'{"expor',
			'{"_id":',
			'{"_id":',
			']}',
			''
		]);
	}
});

test('a long list is whole', async () => {
	const documents = Array.from({ length: 1201 }, (_, at) =>
		toRevision(`transaction:${String(at).padStart(5, '0')}`, { note: `“${at}”\u2028\n` })
	);
	await pushDocuments(ann, ...documents.slice(0, 700));
	await pushDocuments(ann, ...documents.slice(700));
	const copy = await readExport(await ann.send('/api/export'));
	expect(copy.documents.map(({ _id }) => _id)).toEqual(documents.map(({ _id }) => _id));
	expect(copy.documents[1200]?.note).toBe('“1200”\u2028\n');
});

test('an empty ledger is an empty list', async () => {
	expect((await readExport(await ann.send('/api/export'))).documents).toEqual([]);
});

test('what is deleted is not there; what is not merged yet is there with all its leaves', async () => {
	await pushDocuments(
		ann,
		toRevision('a', { note: 'loses' }, '1-aaa'),
		toRevision('a', { note: 'wins' }, '1-bbb'),
		toRevision('a', { _deleted: true }, '1-ccc'),
		toRevision('b', { _deleted: true }),
		toRevision('c/d e+f', { note: 'here' }, '1-aaa'),
		toRevision('c/d e+f', { note: 'there' }, '1-bbb')
	);
	const { documents } = await readExport(await ann.send('/api/export'));
	expect(documents).toEqual([
		{ _id: 'a', _rev: '1-bbb', note: 'wins' },
		{ _id: 'a', _rev: '1-aaa', note: 'loses' },
		{ _id: 'c/d e+f', _rev: '1-bbb', note: 'there' },
		{ _id: 'c/d e+f', _rev: '1-aaa', note: 'here' }
	]);
});

test('it can be put back as it is', async () => {
	await pushDocuments(ann, toRevision('a', { note: 'one' }, '1-aaa'));
	await pushDocuments(ann, toRevision('a', { note: 'two' }, '1-bbb'));
	const { documents } = await readExport(await ann.send('/api/export'));
	const bob = await signUp(service.url);
	await pushDocuments(bob, ...documents);
	const copy = await readExport(await bob.send('/api/export'));
	expect(copy.documents).toEqual(documents);
});

test('nothing but the own ledger is read, and checkpoints are not told', async () => {
	const bob = await signUp(service.url);
	await pushDocuments(bob, toRevision('his'));
	await ann.ask('PUT', `/sync/${ann.ledgerId}/_local/checkpoint`, { last_seq: 1 });
	await pushDocuments(ann, toRevision('hers'));
	service.store.requests.length = 0;
	const answer = await ann.send('/api/export?ledger=x&database=y');
	const { documents } = await readExport(answer);
	expect(documents.map(({ _id }) => _id)).toEqual(['hers']);
	expect(service.store.requests).toHaveLength(1);
});

test('nobody else gets anything', async () => {
	expect((await fetch(`${service.url}/api/export`)).status).toBe(401);
	expect((await ann.send('/api/export', { method: 'POST' })).status).toBe(404);
	const crossSite = { 'sec-fetch-site': 'cross-site' };
	expect((await ann.send('/api/export', { headers: crossSite })).status).toBe(403);
	expect(service.store.requests).toEqual([]);
});

test('a store that is away is a refusal; one that breaks off never looks like a whole export', async () => {
	service.store.plan = () => 'refused';
	expect((await ann.send('/api/export')).status).toBe(503);
	service.store.plan = undefined;
	const { request } = service.store.client;
	const docs = Array.from({ length: 50 }, (_, at) => {
		return toRevision(`a:${at + 10}`, { note: 'x'.repeat(5_000) });
	});
	await pushDocuments(ann, ...docs);
	const outcomes: unknown[] = [];
	for (const spoil of [
		(text: string) => text.slice(0, 10),
		(text: string) => text.split('\n').slice(0, 5).join('\n'),
		(text: string) => text.split('\n').slice(0, 40).join('\n'),
		(text: string) => text.slice(0, text.length - 10_000),
		(text: string) => text.replace('-49"', '-49').replace('a:55"', 'a:55')
	]) {
		service.store.client.request = async (method, path, options) => {
			const answer = await request(method, path, options);
			return path.includes('_all_docs') ? new Response(spoil(await answer.text())) : answer;
		};
		const answer = await ann.send('/api/export');
		outcomes.push(
			await answer.text().then(
				() => answer.status,
				() => 'cut'
			)
		);
	}
	service.store.client.request = request;
	// Before the first piece was sent it can still be said.
	expect(outcomes).toEqual([503, 503, 'cut', 'cut', 'cut']);
	expect((await readExport(await ann.send('/api/export'))).documents).toHaveLength(50);
});

test('whoever goes away ends what the store is asked, and no more than two run at a time', async () => {
	const big = 'x'.repeat(100_000);
	for (let at = 0; at < 200; at += 50) {
		const docs = Array.from({ length: 50 }, (_, n) => toRevision(`a:${at + n}`, { big }));
		await pushDocuments(ann, ...docs);
	}
	const signals: AbortSignal[] = [];
	const { request } = service.store.client;
	service.store.client.request = (method, path, options) => {
		if (path.includes('_all_docs') && options?.signal) signals.push(options.signal);
		return request(method, path, options);
	};
	const begin = async () => {
		const sent = sendRequest(`${service.url}/api/export`, {
			headers: { cookie: ann.cookie }
		}).end();
		const [response] = (await once(sent, 'response')) as [IncomingMessage];
		return response;
	};
	const [one, two] = [await begin(), await begin()];
	expect([one.statusCode, two.statusCode]).toEqual([200, 200]);
	const third = await ann.send('/api/export');
	expect([third.status, third.headers.get('retry-after')]).toEqual([503, '10']);
	expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
	const ended = signals.map((signal) => once(signal, 'abort'));
	one.destroy();
	two.destroy();
	await Promise.all(ended);
	service.store.client.request = request;
	await expect
		.poll(async () => (await (await ann.send('/api/export')).text()).length, { timeout: 10_000 })
		.toBeGreaterThan(20_000_000);
});
