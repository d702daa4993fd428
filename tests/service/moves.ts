import { expect, onTestFinished, vi } from 'vitest';
import { openAccounts } from '#service/accounts/open-accounts.ts';
import { openRows } from '#service/accounts/rows.ts';
import { createSweep } from '#service/accounts/sweep.ts';
import type { CouchDocument } from '#service/couch/client.ts';
import { createLedgerDatabases } from '#service/ledgers/ledger-databases.ts';
import type { LedgerRow } from '#service/ledgers/ledger-row.ts';
import { type Move, moveLedger, type MoveTiming } from '#service/ledgers/move-ledger.ts';
import { type Placement, toPlacements } from '#service/ledgers/placements.ts';
import {
	type RunningService,
	runService,
	type ServiceOptions
} from '#tests/support/run-service.ts';
import { type Person, toRevision } from '#tests/service/people.ts';

/** As in real use, and everything shorter. */
const MEMORY = { rememberedMs: 200, heldMs: 50, leaseMs: 300 };
const TIMING: MoveTiming = { settleMs: 350, holdMs: 2_000, forgottenMs: 250, patienceMs: 5_000 };

/** A Cloudant lets so little through in a second that a large ledger is a long wait. */
export const IS_RATED = process.env.STORE === 'fake-cloudant';

/** A service with a placement to move to, until the test is over. */
export async function startPlaced(options: ServiceOptions = {}): Promise<RunningService> {
	const service = await runService({
		further: [{ name: 'second' }],
		...options,
		parts: { ledgerMemory: MEMORY, ...options.parts }
	});
	onTestFinished(() => service.stop());
	return service;
}

export type Wrap = (placement: Placement) => Placement;

/** Moves as the command does, in this process, with stores that `wrap` may tamper with. */
export async function move(
	{ stores }: RunningService,
	ledgerId: string,
	to: string,
	{
		timing,
		wrap = (placement) => placement,
		say = () => {}
	}: { timing?: Partial<MoveTiming>; wrap?: Wrap; say?: (progress: string) => void } = {}
): Promise<Move> {
	const [home, ...others] = stores.map(({ name, capacity, real, databases, made }) =>
		wrap({
			name,
			capacity,
			client: real.client,
			provisioner: {
				...real.provisioner,
				createDatabase(database) {
					made.add(database);
					return real.provisioner.createDatabase(database);
				},
				countDatabases: async () => (await databases()).length
			}
		})
	);
	const placements = toPlacements(home!, others);
	const rows = openRows(home!.client, home!.provisioner, stores[0]!.accountsDatabase);
	const databases = createLedgerDatabases(rows, placements);
	const parts = { rows, placements, databases, say, timing: { ...TIMING, ...timing } };
	return moveLedger(parts, ledgerId, to);
}

export async function findRow({ store }: RunningService, ledgerId: string) {
	const found = (await store.rows()).find(({ _id }) => _id === `ledger:${ledgerId}`);
	return found as LedgerRow | undefined;
}

export async function changeRow(
	service: RunningService,
	ledgerId: string,
	fields: Partial<LedgerRow>
) {
	const { real, accountsDatabase } = service.store;
	const row = await findRow(service, ledgerId);
	expect(await real.client.put(accountsDatabase, { ...row!, ...fields })).not.toBe('conflict');
}

export const countDatabases = ({ stores }: RunningService) =>
	Promise.all(
		stores.map(
			async ({ databases }) =>
				(await databases()).filter((name) => name.startsWith('ledger-')).length
		)
	);

/** Every leaf of a ledger's database as the store has it, with its history. */
export async function readLeaves(
	service: RunningService,
	ledgerId: string
): Promise<CouchDocument[]> {
	const { placement, database } = (await findRow(service, ledgerId))!;
	const { client } = service.stores.find(({ name }) => name === placement)!.real;
	const ask = async <T>(path: string, body?: object) => {
		const answer = await client.request(body ? 'POST' : 'GET', `/${database}/${path}`, {
			...(body && { body })
		});
		return (await answer.json()) as T;
	};
	const { results } = await ask<{ results: { id: string; changes: { rev: string }[] }[] }>(
		'_changes?style=all_docs'
	);
	const docs = results.flatMap(({ id, changes }) => changes.map(({ rev }) => ({ id, rev })));
	const found = await ask<{ results: { docs: { ok: CouchDocument }[] }[] }>('_bulk_get?revs=true', {
		docs
	});
	const leaves = new Map(
		found.results.flatMap((row) => row.docs.map(({ ok }) => [`${ok._id} ${ok._rev}`, ok] as const))
	);
	return [...leaves.keys()].sort().map((key) => leaves.get(key)!);
}

/** Pushes entries one after the other until it is told to stop, as a device does: again what was not taken. */
export function keepWriting(person: Person, name: string) {
	const acknowledged: string[] = [];
	let refused = 0;
	let stopped = false;
	const run = async () => {
		for (let at = 0; !stopped;) {
			const id = `${name}:${at}`;
			const answer = await person.post('_bulk_docs', { docs: [toRevision(id)], new_edits: false });
			await answer.text();
			if (answer.status === 201) {
				acknowledged.push(id);
				at++;
				continue;
			}
			expect(answer.status).toBe(503);
			expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
			refused++;
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	};
	const running = run();
	// A test that failed never asks what became of it.
	running.catch(() => {});
	return {
		acknowledged,
		refused: () => refused,
		async stop() {
			stopped = true;
			await running;
		}
	};
}

export const without = (all: Iterable<string>, there: Set<string>) =>
	[...all].filter((id) => !there.has(id));

/** Takes away what was left over, as a sweep does some time later. */
export async function sweepLater({ store, placements }: RunningService): Promise<void> {
	const { real, accountsDatabase } = store;
	const rows = openRows(real.client, real.provisioner, accountsDatabase);
	const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 11 * 60_000);
	await createSweep(openAccounts(rows, placements), () => {}).run();
	clock.mockRestore();
}
