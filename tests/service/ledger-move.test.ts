import { afterEach, expect, test, vi } from 'vitest';
import { openAccounts } from '#service/accounts/open-accounts.ts';
import { openRows } from '#service/accounts/rows.ts';
import { createSweep } from '#service/accounts/sweep.ts';
import { type CouchClient, type CouchDocument, StoreUnavailable } from '#service/couch/client.ts';
import { createLedgerDatabases } from '#service/ledgers/ledger-databases.ts';
import type { LedgerRow } from '#service/ledgers/ledger-row.ts';
import { type Move, moveLedger, type MoveTiming } from '#service/ledgers/move-ledger.ts';
import { type Placement, toPlacements } from '#service/ledgers/placements.ts';
import {
	type RunningService,
	runService,
	type ServiceOptions
} from '#tests/support/run-service.ts';
import {
	endSync,
	listRevisions,
	openDevice,
	openRemote,
	waitForDocument
} from '#tests/service/devices.ts';
import {
	PASSWORD,
	type Person,
	pushDocuments,
	signIn,
	signUp,
	toRevision
} from '#tests/service/people.ts';

/** As in real use, and everything shorter. */
const MEMORY = { rememberedMs: 200, heldMs: 50, leaseMs: 300 };
const TIMING: MoveTiming = { settleMs: 350, holdMs: 2_000, forgottenMs: 250, patienceMs: 5_000 };

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
	for (const step of cleanUp.splice(0).reverse()) await step();
});

async function start(options: ServiceOptions = {}): Promise<RunningService> {
	const service = await runService({
		further: [{ name: 'second' }],
		...options,
		parts: { ledgerMemory: MEMORY, ...options.parts }
	});
	cleanUp.push(() => service.stop());
	return service;
}

type Wrap = (placement: Placement) => Placement;

/** Moves as the command does, in this process, with stores that `wrap` may tamper with. */
async function move(
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

async function findRow({ store }: RunningService, ledgerId: string) {
	const found = (await store.rows()).find(({ _id }) => _id === `ledger:${ledgerId}`);
	return found as LedgerRow | undefined;
}

async function changeRow(service: RunningService, ledgerId: string, fields: Partial<LedgerRow>) {
	const { real, accountsDatabase } = service.store;
	const row = await findRow(service, ledgerId);
	expect(await real.client.put(accountsDatabase, { ...row!, ...fields })).not.toBe('conflict');
}

const countDatabases = ({ stores }: RunningService) =>
	Promise.all(
		stores.map(
			async ({ databases }) =>
				(await databases()).filter((name) => name.startsWith('ledger-')).length
		)
	);

/** Every leaf of a ledger's database as the store has it, with its history. */
async function readLeaves(service: RunningService, ledgerId: string): Promise<CouchDocument[]> {
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
function keepWriting(person: Person, name: string) {
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
	return {
		acknowledged,
		refused: () => refused,
		async stop() {
			stopped = true;
			await running;
		}
	};
}

const without = (all: Iterable<string>, there: Set<string>) =>
	[...all].filter((id) => !there.has(id));

test('every leaf arrives with its history, and what belongs to the ledger stays', async () => {
	const service = await start();
	const ann = await signUp(service.url);
	const history = (start: number, ...ids: string[]) => ({ _revisions: { start, ids } });
	await pushDocuments(
		ann,
		{ ...toRevision('edited', { n: 2 }, '2-b'), ...history(2, 'b', 'a') },
		toRevision('twice', { n: 1 }, '1-a'),
		toRevision('twice', { n: 2 }, '1-b'),
		{ ...toRevision('deleted', { _deleted: true }, '2-d'), ...history(2, 'd', 'c') },
		toRevision('both', { n: 1 }, '1-x'),
		{ ...toRevision('both', { _deleted: true }, '2-z'), ...history(2, 'z', 'y') },
		toRevision('größer / % + ?', { note: 'x'.repeat(300_000) })
	);
	for (const part of [0, 1]) {
		await pushDocuments(
			ann,
			...Array.from({ length: 600 }, (_, at) => toRevision(`many:${part}:${at}`))
		);
	}
	await ann.send(`/sync/${ann.ledgerId}/_local/mark`, {
		method: 'PUT',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ _id: '_local/mark', last_seq: 1 })
	});
	await changeRow(service, ann.ledgerId, { quota: { documents: 5_000, bytes: null } });
	const [before, leaves] = [
		await findRow(service, ann.ledgerId),
		await readLeaves(service, ann.ledgerId)
	];
	expect(leaves).toHaveLength(1_207);
	const greeting = await (await ann.send('/sync/')).json();

	expect(await move(service, ann.ledgerId, 'second')).toMatchObject({ ok: true, what: 'moved' });
	expect(await readLeaves(service, ann.ledgerId)).toEqual(leaves);
	const after = (await findRow(service, ann.ledgerId))!;
	expect(after).toEqual({
		...before,
		_rev: expect.any(String) as string,
		placement: 'second',
		database: expect.stringMatching(/^ledger-[0-9a-f]{32}$/) as string,
		incarnation: expect.stringMatching(/^[0-9a-f]{32}$/) as string
	});
	expect(after.database).not.toBe(before!.database);
	expect(after.incarnation).not.toBe(before!.incarnation);
	expect(await countDatabases(service)).toEqual([0, 1]);
	expect((await service.store.rows()).filter(({ _id }) => _id.startsWith('leftover:'))).toEqual([]);
	await vi.waitFor(async () => {
		expect(await (await ann.send('/sync/')).json()).not.toEqual(greeting);
	});
	expect((await ann.send(`/sync/${ann.ledgerId}/_local/mark`)).status).toBe(404);
	expect(await move(service, ann.ledgerId, 'second')).toMatchObject({ what: 'there-already' });
});

test('devices go on all the while, through two processes, and nothing acknowledged is lost', async () => {
	const service = await start();
	const other = await start({ beside: service });
	const ann = await signUp(service.url);
	const laptopsAnn = await signIn(other.url, ann.email);
	const [phone, laptop] = [openDevice(), openDevice()];
	const live = { live: true, retry: true, back_off_function: () => 50 };
	const syncs = [
		phone.sync(openRemote(ann).database, live),
		laptop.sync(openRemote(laptopsAnn).database, live)
	];
	const writers = [
		keepWriting(ann, 'here'),
		keepWriting(await signIn(service.url, ann.email), 'also here'),
		keepWriting(laptopsAnn, 'there')
	];
	let puts = 0;
	const typing = setInterval(() => void phone.put({ _id: `typed:${puts++}` }), 20);
	for (const to of ['second', 'primary', 'second']) {
		expect(await move(service, ann.ledgerId, to)).toMatchObject({ ok: true, what: 'moved' });
	}
	clearInterval(typing);
	await Promise.all(writers.map((writer) => writer.stop()));
	await phone.put({ _id: 'last of the phone' });
	await laptop.put({ _id: 'last of the laptop' });
	await waitForDocument(laptop, 'last of the phone');
	await waitForDocument(phone, 'last of the laptop');
	await Promise.all(syncs.map(endSync));

	const acknowledged = writers.flatMap((writer) => writer.acknowledged);
	expect(acknowledged.length).toBeGreaterThan(50);
	expect(writers.some((writer) => writer.refused() > 0)).toBe(true);
	const expected = new Set([
		...acknowledged,
		...Array.from({ length: puts }, (_, at) => `typed:${at}`)
	]);
	const inStore = new Set((await readLeaves(service, ann.ledgerId)).map(({ _id }) => _id));
	expect(without(expected, inStore)).toEqual([]);
	// What the writers pushed last may be on its way to the devices still.
	await phone.replicate.from(openRemote(ann).database);
	await laptop.replicate.from(openRemote(laptopsAnn).database);
	for (const device of [phone, laptop]) {
		expect(without(expected, new Set(Object.keys(await listRevisions(device))))).toEqual([]);
	}
	expect(await countDatabases(service)).toEqual([0, 1]);
}, 120_000);

test('a write that reaches the old database late is not acknowledged, or is carried over', async () => {
	const service = await start();
	const other = await start({ beside: service });
	const ann = await signUp(service.url);
	const slow = await signIn(other.url, ann.email);
	await pushDocuments(slow, toRevision('before'));
	// The process has decided to write there, and stands still for a while.
	const standing: PromiseWithResolvers<void> = Promise.withResolvers();
	const { client } = other.store;
	const { request } = client;
	client.request = async (method, path, options) => {
		if (path.endsWith('/_bulk_docs')) await standing.promise;
		return request(method, path, options);
	};
	const late = slow.post('_bulk_docs', { docs: [toRevision('late')], new_edits: false });
	const answers: number[] = [];
	const moved = await move(service, ann.ledgerId, 'second', {
		say: (progress) => {
			if (!progress.startsWith('waiting until nobody')) return;
			// The ledger is elsewhere by now, and the old database not removed yet.
			standing.resolve();
			void late.then(({ status }) => answers.push(status));
		}
	});
	expect(moved).toMatchObject({ ok: true });
	expect((await late).status).toBe(503);
	const ids = (await readLeaves(service, ann.ledgerId)).map(({ _id }) => _id);
	// Nobody was told that it is there, and yet it is.
	expect(ids).toEqual(['before', 'late']);
	expect(answers).toEqual([503]);
});

test('a longpoll on the old database ends, in another process too', async () => {
	const service = await start({ parts: { longpolls: { recheckMs: 300 } } });
	const other = await start({ beside: service, parts: { longpolls: { recheckMs: 300 } } });
	const ann = await signUp(service.url);
	await pushDocuments(ann, toRevision('a'));
	const people = [ann, await signIn(other.url, ann.email)];
	const parked = await Promise.all(
		people.map((person) =>
			person.send(`/sync/${ann.ledgerId}/_changes?feed=longpoll&since=now&timeout=60000`)
		)
	);
	expect(await move(service, ann.ledgerId, 'second')).toMatchObject({ ok: true });
	for (const answer of parked) expect(await answer.json()).toMatchObject({ results: [] });
	const waiting = people[1]!.send(`/sync/${ann.ledgerId}/_changes?feed=longpoll&since=now`);
	await vi.waitFor(() => pushDocuments(ann, toRevision('b')));
	expect(await (await waiting).json()).toMatchObject({ results: [{ id: 'b' }] });
});

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

async function sweepLater({ store, placements }: RunningService): Promise<void> {
	const { real, accountsDatabase } = store;
	const rows = openRows(real.client, real.provisioner, accountsDatabase);
	const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 11 * 60_000);
	await createSweep(openAccounts(rows, placements), () => {}).run();
	clock.mockRestore();
}

const QUICK = { settleMs: 0, forgottenMs: 0, holdMs: 100 };

test('killed between any two operations, the ledger works on, and running it again goes on', async () => {
	const service = await start();
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
	const service = await start();
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
	const service = await start({ further: [{ name: 'second', capacity: 0 }, { name: 'third' }] });
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

test('what is written to the row meanwhile stays', async () => {
	const service = await start();
	const ann = await signUp(service.url);
	await pushDocuments(ann, toRevision('a'));
	const quotas = [1_000, 2_000, 3_000];
	const moved = await move(service, ann.ledgerId, 'second', {
		say: () => {
			const documents = quotas.shift();
			if (documents === undefined) return;
			const quota = { documents, bytes: null };
			void changeRow(service, ann.ledgerId, { quota }).catch(() => quotas.unshift(documents));
		}
	});
	expect(moved).toMatchObject({ ok: true });
	expect((await findRow(service, ann.ledgerId))?.quota?.documents).toBeGreaterThan(0);
});

test('two moves of one ledger at once bring it to one place', async () => {
	const service = await start({ further: [{ name: 'second' }, { name: 'third' }] });
	const ann = await signUp(service.url);
	const writer = keepWriting(ann, 'a');
	const same = await Promise.all([
		move(service, ann.ledgerId, 'second'),
		move(service, ann.ledgerId, 'second')
	]);
	expect(same).toMatchObject([{ ok: true }, { ok: true }]);
	const apart = await Promise.all([
		move(service, ann.ledgerId, 'third'),
		move(service, ann.ledgerId, 'primary')
	]);
	expect(apart.some(({ ok }) => ok)).toBe(true);
	await writer.stop();
	const ids = (await readLeaves(service, ann.ledgerId)).map(({ _id }) => _id);
	expect(without(writer.acknowledged, new Set(ids))).toEqual([]);
	const { placement } = (await findRow(service, ann.ledgerId))!;
	expect(await move(service, ann.ledgerId, placement)).toMatchObject({ what: 'there-already' });
	await sweepLater(service);
	expect((await countDatabases(service)).reduce((sum, one) => sum + one)).toBe(1);
});

test('an account that is removed meanwhile takes all its databases with it', async () => {
	const service = await start();
	for (const step of ['writes are held', 'waiting until']) {
		const ann = await signUp(service.url);
		await pushDocuments(ann, toRevision('a'));
		let removing: Promise<unknown> | undefined;
		const moved = await move(service, ann.ledgerId, 'second', {
			say: (progress) => {
				if (!progress.startsWith(step)) return;
				removing ??= ann.ask('DELETE', '/api/account', { password: PASSWORD });
			}
		});
		await removing;
		if (!moved.ok) expect([step, moved.problem]).toEqual([step, 'gone']);
		await expect.poll(() => countDatabases(service)).toEqual([0, 0]);
		expect(await findRow(service, ann.ledgerId)).toBeUndefined();
	}
});
