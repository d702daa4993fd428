import { expect, test, vi } from 'vitest';
import { type CouchClient, StoreUnavailable } from '#service/couch/client.ts';
import {
	changeRow,
	countDatabases,
	findRow,
	move,
	readLeaves,
	startPlaced,
	sweepLater,
	type Wrap
} from '#tests/service/moves.ts';
import { pushDocuments, signUp, toRevision } from '#tests/service/people.ts';

/** Ends whoever asks a store for something from that operation on, and for good. */
function killAt(at: number): { wrap: Wrap; count: () => number } {
	let operations = 0;
	const run = async <T>(work: () => Promise<T>): Promise<T> => {
		if (++operations >= at) throw new Error('killed');
		return work();
	};
	const wrapClient = (client: CouchClient): CouchClient => ({
		request: (...args) => run(() => client.request(...args)),
		epoch: () => client.epoch(),
		find: (...args) => run(() => client.find(...args)) as never,
		put: (...args) => run(() => client.put(...args)),
		remove: (...args) => run(() => client.remove(...args)),
		list: (...args) => run(() => client.list(...args)) as never
	});
	const wrap: Wrap = (placement) => ({
		...placement,
		client: wrapClient(placement.client),
		provisioner: {
			createDatabase: (name) => run(() => placement.provisioner.createDatabase(name)),
			destroyDatabase: (name) => run(() => placement.provisioner.destroyDatabase(name)),
			countDatabases: () => run(() => placement.provisioner.countDatabases())
		}
	});
	return { wrap, count: () => operations };
}

const QUICK = { settleMs: 0, forgottenMs: 0, holdMs: 100 };

test('killed between any two operations, the ledger works on, and running it again goes on', async () => {
	const service = await startPlaced();
	const ann = await signUp(service.url);
	await pushDocuments(ann, toRevision('first'));
	const whole = killAt(Infinity);
	await move(service, ann.ledgerId, 'second', { timing: QUICK, wrap: whole.wrap });
	expect(whole.count()).toBeGreaterThan(20);
	let written = 1;
	let to = 'primary';
	for (let at = 1; at <= whole.count(); at++) {
		const { wrap } = killAt(at);
		const killed = move(service, ann.ledgerId, to, { timing: QUICK, wrap });
		await expect(
			killed.then(
				({ ok }) => ok,
				() => 'killed'
			)
		).resolves.toBeDefined();
		// Within the time of a hold it takes writes again.
		await vi.waitFor(() => pushDocuments(ann, toRevision(`after:${at}`)), { timeout: 3_000 });
		written++;
		const again = await move(service, ann.ledgerId, to, { timing: QUICK });
		expect([at, again]).toMatchObject([at, { ok: true }]);
		const row = (await findRow(service, ann.ledgerId))!;
		expect([at, row]).toMatchObject([at, { placement: to }]);
		expect([at, row.next, row.former, row.hold]).toEqual([at, ...Array(3).fill(undefined)]);
		to = to === 'primary' ? 'second' : 'primary';
	}
	expect(await readLeaves(service, ann.ledgerId)).toHaveLength(written);
	// Nothing is left of them but the one, and no note of any.
	expect((await countDatabases(service)).toSorted()).toEqual([0, 1]);
	await sweepLater(service);
	expect((await service.store.rows()).filter(({ _id }) => /^leftover:/.test(_id))).toEqual([]);
	expect((await countDatabases(service)).toSorted()).toEqual([0, 1]);
	expect(await readLeaves(service, ann.ledgerId)).toHaveLength(written);
}, 120_000);

test('a hold whose mover is gone is over by itself, and says so until then', async () => {
	const service = await startPlaced();
	const ann = await signUp(service.url);
	const until = new Date(Date.now() + 1_000).toISOString();
	await changeRow(service, ann.ledgerId, { hold: { id: 'x', until } });
	await vi.waitFor(async () => {
		const refused = await ann.post('_bulk_docs', { docs: [toRevision('a')], new_edits: false });
		expect(refused.status).toBe(503);
		expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
		expect(await refused.json()).toMatchObject({ error: 'busy' });
	});
	expect((await ann.send(`/sync/${ann.ledgerId}/_changes`)).status).toBe(200);
	await vi.waitFor(() => pushDocuments(ann, toRevision('a')), { timeout: 3_000 });
	expect(await findRow(service, ann.ledgerId)).not.toHaveProperty('hold');
});

test('what cannot be moved stays where it is and works', async () => {
	const service = await startPlaced({
		further: [{ name: 'second', capacity: 0 }, { name: 'third' }]
	});
	const ann = await signUp(service.url);
	await pushDocuments(ann, toRevision('a'));
	expect(await move(service, ann.ledgerId, 'second')).toMatchObject({ problem: 'full' });
	expect(await move(service, 'nobody', 'second')).toMatchObject({ problem: 'gone' });
	const refuse = async (): Promise<never> => {
		throw new StoreUnavailable('refused by the test');
	};
	for (const away of ['primary', 'third']) {
		const wrap: Wrap = (placement) =>
			placement.name !== away
				? placement
				: {
						...placement,
						// The rows are there, what ledgers hold is not.
						client: { ...placement.client, request: refuse, epoch: () => placement.client.epoch() }
					};
		const tried = await move(service, ann.ledgerId, 'third', {
			wrap: (placement) => {
				const { client } = placement;
				const wrapped = wrap(placement);
				return {
					...wrapped,
					client: {
						request:
							wrapped.client === client
								? (...args) => client.request(...args)
								: (method, path, options) =>
										path.startsWith('/ledger-') ? refuse() : client.request(method, path, options),
						epoch: () => client.epoch(),
						find: (...args) => client.find(...args) as never,
						put: (...args) => client.put(...args),
						remove: (...args) => client.remove(...args),
						list: (...args) => client.list(...args) as never
					}
				};
			},
			timing: { patienceMs: 100 }
		});
		expect([away, tried]).toMatchObject([away, { ok: false, problem: 'away' }]);
		await pushDocuments(ann, toRevision(`without ${away}`));
	}
	expect((await findRow(service, ann.ledgerId))?.placement).toBe('primary');
	expect(await move(service, ann.ledgerId, 'third')).toMatchObject({ what: 'moved' });
	expect(await readLeaves(service, ann.ledgerId)).toHaveLength(3);
	expect(await countDatabases(service)).toEqual([0, 0, 1]);
});
