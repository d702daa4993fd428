import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openAccounts } from '#service/accounts/open-accounts.ts';
import { toOnlyPlacement } from '#service/ledgers/placements.ts';
import { openRows, type Rows } from '#service/accounts/rows.ts';
import { createSweep, type Sweep } from '#service/accounts/sweep.ts';
import type { CouchDocument } from '#service/couch/client.ts';
import type { LedgerRow } from '#service/ledgers/ledger-row.ts';
import { noteLeftover } from '#service/ledgers/leftovers.ts';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import { PASSWORD, postJson, signIn, signUp } from '#tests/service/people.ts';

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

test('an account that changes its email while its sign-up is looked at is left alone', async () => {
	const ann = await signUp(service.url);
	const { real, accountsDatabase } = service.store;
	const rows = openRows(real.client, real.provisioner, accountsDatabase);
	const { ledgerId, accountId } = ann;
	const { database } = (await rows.find<LedgerRow>(`ledger:${ledgerId}`))!;
	await noteLeftover(rows, { placement: 'primary', database, ledgerId, accountId });
	const email = `${randomUUID()}@example.org`;
	let changed = false;
	const slow: Rows = {
		...rows,
		async find<T extends CouchDocument>(id: string) {
			if (id.startsWith('email:') && !changed) {
				changed = true;
				const body = { email, password: PASSWORD };
				expect((await ann.ask('PUT', '/api/account/email', body)).status).toBe(200);
			}
			return rows.find<T>(id);
		}
	};
	const sweep = createSweep(openAccounts(slow, toOnlyPlacement(real)), () => {});
	await runLater(11 * 60_000, sweep);
	expect(changed).toBe(true);
	expect(await countRows('leftover:')).toBe(1);
	await runLater(11 * 60_000, sweep);
	expect(await countRows('leftover:')).toBe(0);
	const again = await signIn(service.url, email);
	expect((await again.send(`/sync/${ledgerId}`)).status).toBe(200);
});
