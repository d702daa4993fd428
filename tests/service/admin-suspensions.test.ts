import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AdminAccount } from '#contract/admin.ts';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import { changeAccountAs, findAccountsAs, signUpAdmin, toAdmins } from '#tests/service/admins.ts';
import { expectProblem } from '#tests/service/expect-problem.ts';
import { PASSWORD, type Person, postJson, signIn, signUp } from '#tests/service/people.ts';

let service: RunningService;
let ada: Person;
beforeAll(async () => {
	service = await runService();
	ada = await signUpAdmin(service);
});
afterAll(() => service.stop());

describe('a suspension', () => {
	test('ends sessions, the longpolls they hold and signing in, at once; lifted, all goes on', async () => {
		const ann = await signUp(service.url);
		const changes = `/sync/${ann.ledgerId}/_changes`;
		const { last_seq } = (await (await ann.send(changes)).json()) as { last_seq: string };
		const parked = await ann.send(`${changes}?feed=longpoll&heartbeat=10000&since=${last_seq}`);
		const since = Date.now();
		const suspended = await changeAccountAs(ada, ann, { suspended: true });
		expect(suspended).toMatchObject({ status: 200, body: { suspended: true } });
		AdminAccount.parse(suspended.body);
		expect(JSON.parse(await parked.text())).toMatchObject({ results: [] });
		expect(Date.now() - since).toBeLessThan(2_000);
		await expectProblem(await ann.send('/api/session'), 403, 'suspended');
		await expectProblem(await ann.send(changes), 403, 'suspended');
		const entering = { email: ann.email, password: PASSWORD };
		await expectProblem(await postJson(`${service.url}/api/session`, entering), 403, 'suspended');

		expect((await changeAccountAs(ada, ann, { suspended: false })).body).toMatchObject({
			suspended: false
		});
		expect((await ann.send(changes)).status).toBe(200);
		await signIn(service.url, ann.email);
	});

	test('reaches other processes within five seconds', async () => {
		const there = await runService({
			beside: service,
			parts: { longpolls: { recheckMs: 1_000_000 } }
		});
		try {
			const ann = await signUp(service.url);
			const url = `${there.url}/sync/${ann.ledgerId}/_changes`;
			const headers = { cookie: ann.cookie };
			const parked = await fetch(`${url}?feed=longpoll&heartbeat=10000`, { headers });
			const since = Date.now();
			await changeAccountAs(ada, ann, { suspended: true });
			expect(JSON.parse(await parked.text())).toMatchObject({ results: [] });
			expect(Date.now() - since).toBeLessThan(5_000);
			await expectProblem(await fetch(url, { headers }), 403, 'suspended');
		} finally {
			await there.close();
		}
	});

	test('of oneself is refused', async () => {
		expect(
			await changeAccountAs(ada, ada, { suspended: true, quota: { documents: 1, bytes: 1 } })
		).toMatchObject({
			status: 403,
			body: { error: 'forbidden' }
		});
		expect((await findAccountsAs(ada, ada.email))[0]).toMatchObject({
			suspended: false,
			quota: { documents: null }
		});
	});

	test('leaves one admin at least, also when two suspend each other at once', async () => {
		for (let round = 0; round < 5; round++) {
			const alone = await runService();
			try {
				const [bea, cyd] = [await signUpAdmin(alone), await signUpAdmin(alone)];
				await Promise.all([
					changeAccountAs(bea, cyd, { suspended: true }),
					changeAccountAs(cyd, bea, { suspended: true })
				]);
				const admins = await toAdmins(alone).list();
				expect(admins).toHaveLength(2);
				expect(admins.filter(({ suspended }) => !suspended).length).toBeGreaterThanOrEqual(1);
			} finally {
				await alone.stop();
			}
		}
	});

	test('of another admin is possible', async () => {
		const bea = await signUpAdmin(service);
		expect((await changeAccountAs(ada, bea, { suspended: true })).status).toBe(200);
		await expectProblem(await bea.send('/api/admin/accounts'), 403, 'suspended');
	});
});
