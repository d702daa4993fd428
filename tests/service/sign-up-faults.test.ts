import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openAccounts } from '#service/accounts/open-accounts.ts';
import { openRows } from '#service/accounts/rows.ts';
import { createSweep } from '#service/accounts/sweep.ts';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import { breakOff, type Fault } from '#tests/support/watched-store.ts';
import {
	PASSWORD,
	type Person,
	postJson,
	signIn,
	signUp,
	toPerson
} from '#tests/service/people.ts';

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

/** The number of the operation that claims the email. After it, the note of the database is found and removed. */
async function findClaim(): Promise<number> {
	return (await trySignUp(() => undefined)).operations - 2;
}

/** Two processes sweep, so many minutes from now. */
async function sweepAfter(minutes: number): Promise<void> {
	const { real, accountsDatabase } = service.store;
	const sweeps = [1, 2].map(() => {
		const rows = openRows(real.client, real.provisioner, accountsDatabase);
		return createSweep(openAccounts(rows, service.placements), () => {});
	});
	const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + minutes * 60_000);
	try {
		await Promise.all(sweeps.map((sweep) => sweep.run()));
	} finally {
		clock.mockRestore();
	}
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
		const claims = await findClaim();
		for (let last = 1; last <= claims; last++) {
			const tried = await trySignUp(breakOff(last, fault));
			expect([last, tried.answer.status]).toEqual([last, 503]);
			// Whether or not the email was claimed: what is there is whole, and what is not can be made.
			const body = { email: tried.email, password: PASSWORD };
			const again = await postJson(`${service.url}/api/account`, body);
			const isClaimed = fault === 'answer-lost' && last === claims;
			expect([last, again.status]).toEqual([last, isClaimed ? 409 : 201]);
			const person = await signIn(service.url, tried.email);
			expect((await person.send(`/sync/${person.ledgerId}/`)).status).toBe(200);
		}
	}
);

test('an account whose claim was written but not answered for is not taken apart', async () => {
	const claims = await findClaim();
	const tried = await trySignUp((operation) => {
		if (operation === claims) return 'answer-lost';
		return operation === claims + 1 ? 'refused' : undefined;
	});
	expect(tried.answer.status).toBe(503);
	const person = await signIn(service.url, tried.email);
	expect((await person.send(`/sync/${person.ledgerId}/`)).status).toBe(200);
});

test('of sign-ups that were killed at any operation nothing is left after a while, or all', async () => {
	const { operations } = await trySignUp(() => undefined);
	// Named like a ledger's, and of somebody else: no note says that it may go.
	const foreign = `ledger-${'0'.repeat(32)}`;
	await service.store.provisioner.createDatabase(foreign);
	// What other tests have left.
	await sweepAfter(11);
	const read = async () => ({ databases: await service.store.databases(), rows: await readRows() });
	const before = await read();
	const emails: string[] = [];
	for (const fault of ['refused', 'answer-lost'] as const) {
		for (let last = 1; last <= operations; last++) {
			emails.push((await trySignUp(breakOff(last, fault))).email);
		}
	}
	const left = await read();
	expect(left.databases.length).toBeGreaterThan(before.databases.length + operations);
	await sweepAfter(9);
	expect(await read()).toEqual(left);

	await sweepAfter(11);
	// Of two that remove a database at the same moment one may be told an error, and notes it again.
	await sweepAfter(22);
	const whole: Person[] = [];
	for (const email of emails) {
		const body = { email, password: PASSWORD };
		const answer = await postJson(`${service.url}/api/session`, body);
		if (answer.status === 201) whole.push(await toPerson(service.url, answer));
	}
	// The claim was written, and answered for or not: killed when the note was looked for, or removed, or had been.
	expect(whole).toHaveLength(5);
	for (const person of whole) {
		expect((await person.send(`/sync/${person.ledgerId}/`)).status).toBe(200);
	}
	const after = await read();
	expect(after.databases).toEqual(expect.arrayContaining(before.databases));
	expect(after.databases).toHaveLength(before.databases.length + whole.length);
	// Each has an account, a ledger, a claim, the session of its sign-up, and the one of just now.
	expect(after.rows).toHaveLength(before.rows.length + 5 * whole.length);
}, 120_000);

test('a sign-up that stood still for long does not go on, and leaves nothing', async () => {
	const claims = await findClaim();
	const clock = vi.spyOn(Date, 'now');
	const tried = await trySignUp((operation) => {
		// Before its session is written, and thus before it claims the email.
		if (operation === claims - 3) clock.mockReturnValue(Date.now() + 3 * 60_000);
		return undefined;
	});
	clock.mockRestore();
	expect(tried.answer.status).toBe(503);
	expect(await service.store.databases()).toEqual(tried.before.databases);
	expect(await readRows()).toEqual(tried.before.rows);
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
		await ann.post('_bulk_docs', { docs: [], new_edits: false })
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
	expect(answer.headers.get('retry-after')).toBe('3600');
	expect(await answer.json()).toMatchObject({ error: 'sign-up-full' });
	expect({ databases: await store.databases(), rows: await readRows() }).toEqual(before);
	expect((await postJson(`${service.url}/api/account`, body)).status).toBe(201);
});

describe('in a placement beside the home', () => {
	let placed: RunningService;
	beforeAll(async () => {
		placed = await runService({
			capacity: 1,
			further: [{ name: 'second', capacity: 1_000 }],
			parts: { making: { restMs: 100 } }
		});
		await signUp(placed.url);
	});
	afterAll(() => placed.stop());

	test.each<Fault>(['refused', 'answer-lost'])(
		'a sign-up with any one operation there %s is whole or nothing',
		async (fault) => {
			const second = placed.stores[1]!;
			const body = () => ({ email: `${randomUUID()}@example.org`, password: PASSWORD });
			for (let failing = 1; failing <= 3; failing++) {
				const before = await second.databases();
				second.operations = 0;
				second.plan = (operation) => (operation === failing ? fault : undefined);
				const person = body();
				const answer = await postJson(`${placed.url}/api/account`, person);
				second.plan = undefined;
				expect([failing, answer.status]).toEqual([failing, 503]);
				expect(second.operations).toBeGreaterThanOrEqual(failing);
				expect(await second.databases()).toEqual(before);
				const leftovers = (await placed.store.rows()).filter(({ _id }) =>
					/^(ledger|account|email|leftover):/.test(_id)
				);
				expect(leftovers).toHaveLength(3 * before.length);
				// Passed over for a moment.
				await expect
					.poll(async () => (await postJson(`${placed.url}/api/account`, person)).status, {
						timeout: 10_000
					})
					.toBe(201);
			}
		}
	);

	test('what cannot be removed there is noted, and swept once it can', async () => {
		const second = placed.stores[1]!;
		const before = await second.databases();
		second.operations = 0;
		// The database is made, its answer lost, and then nothing is heard any more.
		second.plan = (operation) =>
			operation < 2 ? undefined : operation === 2 ? 'answer-lost' : 'refused';
		const body = { email: `${randomUUID()}@example.org`, password: PASSWORD };
		await vi.waitFor(
			async () => {
				second.operations = 0;
				const answer = await postJson(`${placed.url}/api/account`, body);
				expect(answer.status).toBe(503);
				expect(await second.databases()).toHaveLength(before.length + 1);
			},
			{ timeout: 10_000, interval: 500 }
		);
		second.plan = undefined;
		const { real, accountsDatabase } = placed.store;
		const rows = openRows(real.client, real.provisioner, accountsDatabase);
		const sweep = createSweep(openAccounts(rows, placed.placements), () => {});
		await sweep.run();
		expect(await second.databases()).toHaveLength(before.length + 1);
		const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 11 * 60_000);
		await sweep.run();
		clock.mockRestore();
		expect(await second.databases()).toEqual(before);
		expect((await placed.store.rows()).filter(({ _id }) => _id.startsWith('leftover:'))).toEqual(
			[]
		);
	});
});
