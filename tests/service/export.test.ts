import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import { type Person, pushDocuments, signUp, toRevision } from '#tests/service/people.ts';

let service: RunningService;
beforeAll(async () => {
	service = await runService();
});
afterAll(() => service.stop());

interface Exported {
	exportedAt: string;
	ledger: string;
	documents: { _id: string; _rev: string; _conflicts?: string[] }[];
}

async function read(person: Person): Promise<Exported> {
	return (await (await person.send('/api/export')).json()) as Exported;
}

test('every document is exported as it lies in the store, and nobody else’s', async () => {
	const [ann, bob] = [await signUp(service.url), await signUp(service.url)];
	const documents = Array.from({ length: 1201 }, (_, at) =>
		toRevision(`transaction:${String(at).padStart(5, '0')}`, { note: `“${at}”\u2028\n` })
	);
	await pushDocuments(ann, ...documents.slice(0, 700));
	await pushDocuments(ann, ...documents.slice(700));
	await pushDocuments(bob, toRevision('of bob'));
	const { ledger, exportedAt, documents: exported } = await read(ann);
	expect(ledger).toBe(ann.ledgerId);
	expect(Math.abs(Date.parse(exportedAt) - Date.now())).toBeLessThan(60_000);
	expect(exported.map(({ _id }) => _id)).toEqual(documents.map(({ _id }) => _id));
	expect(exported[1200]).toEqual({
		_id: 'transaction:01200',
		_rev: '1-abc',
		note: '“1200”\u2028\n'
	});
});

test('versions that nobody has merged yet are named', async () => {
	const ann = await signUp(service.url);
	await pushDocuments(ann, toRevision('a', {}, '1-aaa'), toRevision('a', {}, '1-bbb'));
	const [document] = (await read(ann)).documents;
	expect(document).toMatchObject({ _rev: '1-bbb', _conflicts: ['1-aaa'] });
});

test('an empty ledger is exported too, as a file that no cache keeps', async () => {
	const ann = await signUp(service.url);
	const response = await ann.send('/api/export');
	expect(response.headers.get('content-disposition')).toMatch(
		/^attachment; filename="outlay-\d{4}-\d\d-\d\d\.json"$/
	);
	expect(response.headers.get('cache-control')).toBe('no-store');
	expect(((await response.json()) as Exported).documents).toEqual([]);
});

test('nobody signed in, nothing exported; a store that is away is said so', async () => {
	const ann = await signUp(service.url);
	expect((await fetch(`${service.url}/api/export`)).status).toBe(401);
	await ann.send('/api/session');
	service.store.plan = () => 'refused';
	const response = await ann.send('/api/export');
	service.store.plan = undefined;
	expect(response.status).toBe(503);
});
