import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import type { Fault } from '#tests/support/watched-store.ts';
import { PASSWORD, postJson, signIn, signUp } from '#tests/service/people.ts';

let service: RunningService;
beforeAll(async () => {
	service = await runService();
	// The accounts' database is there, so that every operation after this is a sign-up's own.
	await signUp(service.url);
});
afterAll(() => service.stop());

/** All rows but the counts of attempts, which stay when an attempt fails. */
async function readRows() {
	return (await service.store.rows()).filter(({ _id }) => !_id.startsWith('throttle:'));
}

async function trySignUp(plan: (operation: number) => Fault | undefined) {
	const { store } = service;
	const email = `${randomUUID()}@example.org`;
	const before = { databases: await store.databases(), rows: await readRows() };
	store.operations = 0;
	store.plan = plan;
	const answer = await postJson(`${service.url}/api/account`, { email, password: PASSWORD });
	store.plan = undefined;
	return { email, answer, before, operations: store.operations };
}

test.each<Fault>(['refused', 'answer-lost'])(
	'a sign-up with any one operation %s is whole or nothing',
	async (fault) => {
		const whole = await trySignUp(() => undefined);
		expect(whole.operations).toBeGreaterThanOrEqual(6);
		for (let failing = 1; failing <= whole.operations; failing++) {
			const { store } = service;
			const tried = await trySignUp((operation) => (operation === failing ? fault : undefined));
			if (tried.answer.status === 201) {
				await signIn(service.url, tried.email);
				expect(await store.databases()).toHaveLength(tried.before.databases.length + 1);
				continue;
			}
			expect([failing, tried.answer.status]).toEqual([failing, 503]);
			expect(tried.answer.headers.get('retry-after')).toMatch(/^\d+$/);
			expect(tried.answer.headers.getSetCookie()).toEqual([]);
			expect(await store.databases()).toEqual(tried.before.databases);
			expect(await readRows()).toEqual(tried.before.rows);
			const again = { email: tried.email, password: PASSWORD };
			expect((await postJson(`${service.url}/api/account`, again)).status).toBe(201);
		}
	}
);

test.each<Fault>(['refused', 'answer-lost'])(
	'a sign-up whose store goes away with one operation %s leaves nobody half signed up',
	async (fault) => {
		const { operations } = await trySignUp(() => undefined);
		for (let last = 1; last <= operations; last++) {
			const tried = await trySignUp((operation) => {
				if (operation < last) return undefined;
				return operation === last ? fault : 'refused';
			});
			expect([last, tried.answer.status]).toEqual([last, 503]);
			// Whether or not the email was claimed: what is there is whole, and what is not can be made.
			const body = { email: tried.email, password: PASSWORD };
			const again = await postJson(`${service.url}/api/account`, body);
			const isClaimed = fault === 'answer-lost' && last === operations;
			expect([last, again.status]).toEqual([last, isClaimed ? 409 : 201]);
			const person = await signIn(service.url, tried.email);
			expect((await person.send(`/sync/${person.ledgerId}/`)).status).toBe(200);
		}
	}
);

test('an account whose claim was written but not answered for is not taken apart', async () => {
	const { operations } = await trySignUp(() => undefined);
	const tried = await trySignUp((operation) => {
		if (operation < operations) return undefined;
		if (operation === operations) return 'answer-lost';
		return operation === operations + 1 ? 'refused' : undefined;
	});
	expect(tried.answer.status).toBe(503);
	const person = await signIn(service.url, tried.email);
	expect((await person.send(`/sync/${person.ledgerId}/`)).status).toBe(200);
});

test('while the store is away everything says so and nothing is made', async () => {
	const ann = await signUp(service.url);
	const { store } = service;
	const rows = await readRows();
	store.plan = () => 'refused';
	const body = { email: ann.email, password: PASSWORD };
	const answers = [
		await postJson(`${service.url}/api/account`, { ...body, email: 'new@example.org' }),
		await postJson(`${service.url}/api/session`, body),
		await ann.send(`/sync/${ann.ledgerId}/_changes`),
		await ann.post('_bulk_docs', { docs: [], new_edits: false }),
		await fetch(`${service.url}/health/ready`)
	];
	const live = await fetch(`${service.url}/health/live`);
	store.plan = undefined;
	for (const answer of answers) {
		expect(answer.status).toBe(503);
		expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
		expect(await answer.json()).toMatchObject({ error: 'store-unavailable' });
	}
	expect(live.status).toBe(200);
	expect(await readRows()).toEqual(rows);
	expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
});

test('a store with no room for another ledger refuses the sign-up whole', async () => {
	const { store } = service;
	const { createDatabase } = store.provisioner;
	const before = { databases: await store.databases(), rows: await readRows() };
	store.provisioner.createDatabase = async () => 'full';
	const body = { email: `${randomUUID()}@example.org`, password: PASSWORD };
	const answer = await postJson(`${service.url}/api/account`, body);
	store.provisioner.createDatabase = createDatabase;
	expect(answer.status).toBe(503);
	expect(await answer.json()).toMatchObject({ error: 'sign-up-full' });
	expect({ databases: await store.databases(), rows: await readRows() }).toEqual(before);
	expect((await postJson(`${service.url}/api/account`, body)).status).toBe(201);
});
