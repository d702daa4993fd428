import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { AdminAccounts } from '#contract/admin.ts';
import { createMetrics } from '#service/plugins/metrics.ts';
import {
	removePerson,
	type RunningService,
	runService,
	spawnService,
	type ServiceOptions
} from '#tests/support/run-service.ts';
import { toAdmins } from '#tests/service/admins.ts';
import {
	PASSWORD,
	type Person,
	postJson,
	pushDocuments,
	signUp,
	toRevision
} from '#tests/service/people.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
	for (const step of cleanUp.splice(0).reverse()) await step();
});

async function start(options: ServiceOptions): Promise<RunningService> {
	const service = await runService(options);
	cleanUp.push(() => service.stop());
	return service;
}

/** How many databases each placement holds, the accounts' own among them. */
async function count({ stores }: RunningService): Promise<number[]> {
	return Promise.all(stores.map(async (store) => (await store.databases()).length));
}

async function trySigningUp({ url }: RunningService) {
	const body = { email: `${randomUUID()}@example.org`, password: PASSWORD };
	const answer = await postJson(`${url}/api/account`, body);
	return { status: answer.status, said: (await answer.json()) as { error?: string } };
}

async function findRow({ store }: RunningService, { ledgerId }: Person) {
	const rows = await store.rows();
	return rows.find(({ _id }) => _id === `ledger:${ledgerId}`)!;
}

/** Signs people up until one of them is in the placement of that name. */
async function signUpIn(service: RunningService, placement: string): Promise<Person> {
	for (;;) {
		const person = await signUp(service.url);
		if ((await findRow(service, person)).placement === placement) return person;
	}
}

test('placements are filled in order, and once all are full nobody is half signed up', async () => {
	const metrics = createMetrics();
	const further = [{ name: 'second', capacity: 1 }];
	const service = await start({ capacity: 3, further, parts: { metrics } });
	const people: Person[] = [];
	for (let one = 0; one < 3; one++) people.push(await signUp(service.url));
	const placed = await Promise.all(people.map((person) => findRow(service, person)));
	expect(placed.map(({ placement }) => placement)).toEqual(['primary', 'primary', 'second']);
	expect(await count(service)).toEqual([3, 1]);

	const rows = (await service.store.rows()).filter(({ _id }) => !_id.startsWith('throttle:'));
	const refused = await trySigningUp(service);
	expect(refused).toMatchObject({ status: 503, said: { error: 'sign-up-full' } });
	expect(await count(service)).toEqual([3, 1]);
	const after = (await service.store.rows()).filter(({ _id }) => !_id.startsWith('throttle:'));
	expect(after).toEqual(rows);
	const text = await metrics.read();
	expect(text).toContain('outlay_placement_databases_left{placement="primary"} 0');
	expect(text).toContain('outlay_placement_databases_left{placement="second"} 0');

	// Whoever leaves makes room.
	await people[2]!.ask('DELETE', '/api/account', { password: PASSWORD });
	await expect.poll(() => count(service)).toEqual([3, 0]);
	expect((await findRow(service, await signUp(service.url))).placement).toBe('second');
});

test('people who sign up at the same moment, in two processes, never are too many for long', async () => {
	const further = [{ name: 'second', capacity: 3 }];
	const first = await start({ capacity: 4, further });
	const second = await start({ beside: first });
	await first.store.client.request('GET', '/');
	const answers = await Promise.all(
		Array.from({ length: 12 }, (_, at) => trySigningUp(at % 2 ? first : second))
	);
	const made = answers.filter(({ status }) => status === 201).length;
	expect(answers.every(({ status }) => status === 201 || status === 503)).toBe(true);
	expect(made).toBeLessThanOrEqual(6);
	const [home = 0, other = 0] = await count(first);
	// The accounts' own is one of them.
	expect([home + other - 1, home <= 4, other <= 3]).toEqual([made, true, true]);
	// What nobody has in the end, one who comes alone gets.
	for (let left = 6 - made; left > 0; left--) await signUp(first.url);
	expect((await trySigningUp(first)).status).toBe(503);
	expect(await count(first)).toEqual([4, 3]);
});

test('everything about a ledger goes to its own placement', async () => {
	const service = await start({ capacity: 0, further: [{ name: 'second' }] });
	const ann = await signUp(service.url);
	const [home, second] = service.stores;
	await pushDocuments(ann, toRevision('a', { note: 'one' }));
	const changes = await ann.send(`/sync/${ann.ledgerId}/_changes?since=0`);
	expect(await changes.json()).toMatchObject({ results: [{ id: 'a' }] });
	expect((await ann.send(`/sync/${ann.ledgerId}/`)).status).toBe(200);
	const exported = (await (await ann.send('/api/export')).json()) as { documents: object[] };
	expect(exported.documents).toMatchObject([{ _id: 'a', note: 'one' }]);

	const { last_seq: since } = (await (
		await ann.send(`/sync/${ann.ledgerId}/_changes?since=0`)
	).json()) as { last_seq: string };
	const waiting = ann.send(`/sync/${ann.ledgerId}/_changes?feed=longpoll&since=${since}`);
	const { database } = await findRow(service, ann);
	// Past this process, as another one's write is.
	await second!.real.client.put(String(database), { _id: 'b', note: 'two' });
	expect(await (await waiting).json()).toMatchObject({ results: [{ id: 'b' }] });

	await toAdmins(service).grant(ann.accountId);
	// Believed a little while longer to be a member.
	await expect
		.poll(() => ann.send('/api/admin/accounts').then(({ status }) => status), { timeout: 10_000 })
		.toBe(200);
	const listed = await (await ann.send('/api/admin/accounts')).json();
	expect(AdminAccounts.parse(listed).accounts[0]?.usage?.documents).toBe(2);
	expect(home!.requests.filter((request) => request.includes('/ledger-'))).toEqual([]);

	await ann.ask('DELETE', '/api/account', { password: PASSWORD });
	await expect.poll(() => count(service)).toEqual([1, 0]);
});

test('a placement that is away is passed over, and slows nobody else', async () => {
	const further = [{ name: 'second', capacity: 2 }, { name: 'third' }];
	const service = await start({ capacity: 2, further });
	const [ann, bob] = [await signUpIn(service, 'primary'), await signUpIn(service, 'second')];
	const [, second] = service.stores;
	// It says nothing at all, which is worse than refusing.
	const silence: PromiseWithResolvers<void> = Promise.withResolvers();
	second!.hold = () => silence.promise;
	const asked = bob.send(`/sync/${bob.ledgerId}/_changes`);
	const since = performance.now();
	await Promise.all(
		Array.from({ length: 20 }, (_, at) => pushDocuments(ann, toRevision(`a${at}`)))
	);
	expect(performance.now() - since).toBeLessThan(2_000);
	second!.hold = undefined;
	silence.resolve();
	expect((await asked).status).toBe(200);

	second!.plan = () => 'refused';
	expect((await bob.send(`/sync/${bob.ledgerId}/_changes`)).status).toBe(503);
	expect((await ann.send(`/sync/${ann.ledgerId}/_changes`)).status).toBe(200);
	expect((await findRow(service, await signUp(service.url))).placement).toBe('third');
	second!.plan = undefined;
	expect((await bob.send(`/sync/${bob.ledgerId}/_changes`)).status).toBe(200);
});

test('where only a placement that is away has room, nobody is told that there is none', async () => {
	const service = await start({ capacity: 1, further: [{ name: 'second', capacity: 9 }] });
	await signUp(service.url);
	service.stores[1]!.plan = () => 'refused';
	const refused = await trySigningUp(service);
	expect(refused).toMatchObject({ status: 503, said: { error: 'store-unavailable' } });
	expect(await count(service)).toEqual([1, 1]);
});

test('a store that says by itself that it is full is passed over', async () => {
	const service = await start({ further: [{ name: 'second' }] });
	await signUp(service.url);
	service.store.provisioner.createDatabase = async () => 'full';
	const ann = await signUp(service.url);
	expect((await findRow(service, ann)).placement).toBe('second');
	service.stores[1]!.provisioner.createDatabase = async () => 'full';
	expect(await trySigningUp(service)).toMatchObject({ said: { error: 'sign-up-full' } });
});

test('a ledger in a placement that is not set up says so, and troubles no other', async () => {
	const service = await start({
		capacity: 2,
		further: [{ name: 'second' }]
	});
	const [ann, bob] = [await signUpIn(service, 'primary'), await signUpIn(service, 'second')];
	const row = await findRow(service, bob);
	await service.store.real.client.put(service.store.accountsDatabase, {
		...row,
		placement: 'gone'
	});
	const other = await start({ beside: service });
	const at = (person: Person, path: string) =>
		fetch(`${other.url}${path}`, { headers: { cookie: person.cookie } });
	for (const path of [`/sync/${bob.ledgerId}/_changes`, '/api/export']) {
		const answer = await at(bob, path);
		expect([path, answer.status]).toEqual([path, 503]);
		expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
		expect(await answer.json()).toMatchObject({
			error: 'store-unavailable',
			reason: 'The store that has this ledger is not set up at the moment.'
		});
	}
	expect((await at(ann, `/sync/${ann.ledgerId}/_changes`)).status).toBe(200);
	expect((await at(bob, '/api/session')).status).toBe(200);
});

test('a service reads its placements from a file, and does not start with a wrong one', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'outlay-placements-'));
	cleanUp.push(() => rm(folder, { recursive: true, force: true }));
	const file = join(folder, 'placements.json');
	const second = { name: 'second', embedded: { dataDir: 'second' } };
	const placements = [{ name: 'primary', capacity: 0 }, second];
	await writeFile(file, JSON.stringify({ placements }));
	const service = await spawnService({ env: { PLACEMENTS_FILE: file } });
	cleanUp.push(() => service.clean());
	const ann = await signUp(service.url);
	cleanUp.push(() => removePerson(ann));
	await pushDocuments(ann, toRevision('a'));
	expect(await service.end()).toBe(0);

	await writeFile(file, JSON.stringify({ placements: [...placements, second] }, undefined, 1));
	await expect(spawnService({ env: { PLACEMENTS_FILE: file } })).rejects.toThrow('ended with 1');
});
