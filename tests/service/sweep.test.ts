import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openAccounts } from '#service/accounts/open-accounts.ts';
import { toOnlyPlacement } from '#service/ledgers/placements.ts';
import { openRows } from '#service/accounts/rows.ts';
import { createSweep, type Sweep } from '#service/accounts/sweep.ts';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import { postJson, signIn, signUp } from '#tests/service/people.ts';

let service: RunningService;
beforeAll(async () => {
	service = await runService();
});
afterAll(() => service.stop());

const DAY_MS = 86_400_000;

function makeSweep(): Sweep {
	const { real, accountsDatabase } = service.store;
	const rows = openRows(real.client, real.provisioner, accountsDatabase);
	return createSweep(openAccounts(rows, toOnlyPlacement(real)), () => {});
}

async function runLater(laterMs: number, ...sweeps: Sweep[]): Promise<void> {
	const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + laterMs);
	await Promise.all(sweeps.map((sweep) => sweep.run()));
	clock.mockRestore();
}

const countRows = async (prefix: string) =>
	(await service.store.rows()).filter(({ _id }) => _id.startsWith(prefix)).length;

test('what is over goes, and nothing else, with two processes at it', async () => {
	const ann = await signUp(service.url);
	await signIn(service.url, ann.email);
	const wrong = { email: ann.email, password: 'not this one' };
	await postJson(`${service.url}/api/session`, wrong);
	expect(await countRows('throttle:')).toBe(4);

	await runLater(0, makeSweep());
	expect(await countRows('throttle:')).toBe(3 + (await countRows('throttle:sign-up:')));
	expect(await countRows('session:')).toBe(2);

	await runLater(2 * 3_600_000, makeSweep(), makeSweep());
	expect(await countRows('throttle:')).toBe(0);
	expect(await countRows('session:')).toBe(2);
	expect((await ann.ask('GET', '/api/session')).status).toBe(200);

	await runLater(91 * DAY_MS, makeSweep(), makeSweep());
	expect(await countRows('session:')).toBe(0);
	await signIn(service.url, ann.email);
});

test('a run does no more than a part of a large store, and the next goes on', async () => {
	const { real, accountsDatabase } = service.store;
	const docs = Array.from({ length: 6_000 }, (_, at) => ({
		_id: `throttle:test:${String(at).padStart(5, '0')}`,
		count: 1,
		until: 1
	}));
	await real.client.request('POST', `/${accountsDatabase}/_bulk_docs`, { body: { docs } });
	const sweep = makeSweep();
	const left: number[] = [];
	for (let run = 0; run < 2; run++) {
		await sweep.run();
		left.push(await countRows('throttle:test:'));
	}
	expect(left).toEqual([1_000, 0]);
}, 120_000);
