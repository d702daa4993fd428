import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openAccounts } from '#service/accounts/open-accounts.ts';
import { openRows } from '#service/accounts/rows.ts';
import { createSweep } from '#service/accounts/sweep.ts';
import { toOnlyPlacement } from '#service/ledgers/placements.ts';
import { eventually } from '#tests/support/eventually.ts';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import { breakOff, type Fault } from '#tests/support/watched-store.ts';
import { pushDocuments, signIn, signUp, toRevision } from '#tests/service/people.ts';

const DAY_MS = 86_400_000;
/** For a store that takes its time. */
const WAIT = { timeout: 10_000 };
let service: RunningService;
beforeEach(async () => {
	const ledgerMemory = { rememberedMs: 200, heldMs: 50, leaseMs: 300 };
	service = await runService({ parts: { ledgerMemory } });
});
afterEach(() => service.stop());

/** Makes all accounts that old, and looks for unused ledgers as a sweep does. */
async function sweepAfter(days: number, settleMs = 400): Promise<void> {
	const { real, accountsDatabase } = service.store;
	const createdAt = new Date(Date.now() - days * DAY_MS).toISOString();
	for (const row of await service.store.rows()) {
		if (row._id.startsWith('account:'))
			await real.client.put(accountsDatabase, { ...row, createdAt });
	}
	const { client, provisioner } = service.store;
	const rows = openRows(client, provisioner, accountsDatabase);
	const accounts = openAccounts(rows, service.placements);
	await createSweep(accounts, () => {}, { afterDays: 60, settleMs }).run();
}

/** Takes away what was left over, as a sweep does some time later. */
async function sweepLeftovers(): Promise<void> {
	const { real, accountsDatabase } = service.store;
	const rows = openRows(real.client, real.provisioner, accountsDatabase);
	const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 11 * 60_000);
	await createSweep(openAccounts(rows, toOnlyPlacement(real)), () => {}).run();
	clock.mockRestore();
}

const listLedgers = async () =>
	(await service.store.databases()).filter((name) => name.startsWith('ledger-'));

test('what was never written to gives its database back, and gets another at its next use', async () => {
	const [ann, bob] = [await signUp(service.url), await signUp(service.url)];
	await pushDocuments(bob, toRevision('a'));
	const before = await listLedgers();
	const greeting = await (await ann.send('/sync/')).json();
	await sweepAfter(59);
	expect(await listLedgers()).toEqual(before);
	await sweepAfter(61);
	const [kept, ...others] = await listLedgers();
	expect(others).toEqual([]);

	const annAgain = await signIn(service.url, ann.email);
	// Whoever asks at the same moment shares one.
	await eventually(async () => {
		const answers = await Promise.all([
			annAgain.send(`/sync/${ann.ledgerId}/_changes`),
			annAgain.send(`/sync/${ann.ledgerId}/`)
		]);
		expect(answers.map(({ status }) => status)).toEqual([200, 200]);
	});
	await pushDocuments(annAgain, toRevision('b'));
	expect(await (await annAgain.send('/sync/')).json()).not.toEqual(greeting);
	const after = await listLedgers();
	expect(after).toHaveLength(2);
	expect(after).toContain(kept);
	expect(before.filter((name) => after.includes(name))).toEqual([kept]);
});

test('what is written in the very moment of the release is there afterwards, or was never acknowledged', async () => {
	for (let round = 0; round < 4; round++) {
		const person = await signUp(service.url);
		const acknowledged: string[] = [];
		let over = false;
		const writing = (async () => {
			// At another point of the release each time.
			await new Promise((resolve) => setTimeout(resolve, round * 120));
			for (let at = 0; !over || acknowledged.length === 0; at++) {
				const id = `entry:${at}`;
				const answer = await person.post('_bulk_docs', {
					docs: [toRevision(id)],
					new_edits: false
				});
				await answer.text();
				if (answer.status === 201) acknowledged.push(id);
				else expect(answer.status).toBe(503);
			}
		})();
		await sweepAfter(61);
		over = true;
		await writing;
		const list = await eventually(async () => {
			const answer = await person.send(`/sync/${person.ledgerId}/_changes`);
			expect(answer.status).toBe(200);
			return (await answer.json()) as { results: { id: string }[] };
		});
		const there = list.results.map(({ id }) => id);
		expect(acknowledged.filter((id) => !there.includes(id))).toEqual([]);
	}
});

// Some hundred sweeps, which a Cloudant lets through one after the other.
test.skipIf(process.env.STORE === 'fake-cloudant').each<Fault>(['refused', 'answer-lost'])(
	'killed at any operation, %s, a release and the use after it leave one database at most',
	async (fault) => {
		const { store } = service;
		const ann = await signUp(service.url);
		const use = async () => (await ann.send(`/sync/${ann.ledgerId}/_changes`)).status;
		const breakingOff = async (last: number, work: () => Promise<unknown>) => {
			store.operations = 0;
			store.plan = breakOff(last, fault);
			await work().catch(() => {});
			store.plan = undefined;
			return store.operations >= last;
		};
		let later = 0;
		const release = async () => {
			// Holds of those that were broken off are over by then.
			later += 60_000;
			const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + later);
			await sweepAfter(61, 0).finally(() => clock.mockRestore());
		};
		let releases = 0;
		for (let last = 1, broken = true; broken; last++) {
			broken = await breakingOff(last, release);
			await sweepLeftovers();
			const left = await listLedgers();
			expect([last, left.length]).toEqual([last, Math.min(left.length, 1)]);
			if (left.length === 0) releases++;
			await vi.waitFor(async () => expect([last, await use()]).toEqual([last, 200]), WAIT);
			expect([last, await listLedgers()]).toEqual([last, [expect.any(String)]]);
		}
		// The last one was not broken off.
		expect(releases).toBeGreaterThan(2);

		for (let last = 1, broken = true; broken; last++) {
			await vi.waitFor(async () => {
				await release();
				expect(await listLedgers()).toEqual([]);
			}, WAIT);
			broken = await breakingOff(last, use);
			await sweepLeftovers();
			await vi.waitFor(async () => expect([last, await use()]).toEqual([last, 200]), WAIT);
			expect([last, await listLedgers()]).toEqual([last, [expect.any(String)]]);
		}
	}
);
