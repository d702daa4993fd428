import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Random } from '#tests/prove/random.ts';
import { signUp, type Person } from '#tests/service/people.ts';
import { aDevice, leavesOf, type TestDevice } from '#tests/support/devices.ts';
import { startFaultProxy, type FaultProxy, type Rule } from '#tests/support/fault-proxy.ts';
import { fetchAs, startSync, type SyncingDevice } from '#tests/support/replication.ts';
import { runService, type RunningService } from '#tests/support/run-service.ts';
import { shortenWaits } from '#tests/support/short-waits.ts';
import { create, isUpToDate } from '#tests/support/sync-stage.ts';

/** Each seed takes some seconds. */
const SEEDS = Number(process.env.SOAK_SEEDS ?? 6);
const FIRST_SEED = Number(process.env.SOAK_FIRST_SEED ?? 1);
/** What each device does while things go wrong. */
const STEPS = 80;

let service: RunningService;
let proxy: FaultProxy;
let person: Person;
let restoreWaits: () => void;
const running = new Set<SyncingDevice>();

beforeAll(async () => {
	service = await runService();
});

beforeEach(() => {
	restoreWaits = shortenWaits((ms) => (ms >= 200 ? ms / 50 : ms));
});

afterEach(async () => {
	await Promise.all([...running].map((sync) => sync.stop()));
	running.clear();
	await proxy.close();
	restoreWaits();
});

afterAll(() => service.stop());

/** Everything that can go wrong, now and then. */
function anything(seed: number): Rule[] {
	const answers = [429, 500, 502, 503, 507].map((status): Rule => ({
		on: /\/sync\//,
		chance: 0.01,
		fault: { kind: 'answer', status, body: status === 502 ? '<h1>Bad gateway</h1>' : '{}' }
	}));
	// What a new incarnation mends by a look through everything must not be lost without one either.
	const chance = seed % 3 === 0 ? 0.003 : 0;
	return [
		...answers,
		{ on: /\/sync\//, chance, fault: { kind: 'incarnation', name: 'another' } },
		{ on: /_bulk_docs/, chance: 0.1, fault: { kind: 'lost-answer' } },
		{ on: /_bulk_docs/, chance: 0.05, fault: { kind: 'answer', status: 413 } },
		{
			on: /_bulk_docs/,
			chance: 0.03,
			fault: { kind: 'refuse', error: 'forbidden', ids: isUnlucky }
		},
		{ on: /longpoll/, chance: 0.05, fault: { kind: 'stall' } },
		{ on: /\/sync\//, chance: 0.03, fault: { kind: 'reset' } },
		{ on: /\/sync\//, chance: 0.03, fault: { kind: 'cut-request' } },
		{ on: /\/sync\//, chance: 0.03, fault: { kind: 'cut-answer' } },
		{ on: /\/sync\//, chance: 0.03, fault: { kind: 'duplicate' } },
		{ on: /\/sync\//, chance: 0.03, fault: { kind: 'delay', ms: 300 } },
		{ on: /\/sync\//, chance: 0.02, fault: { kind: 'drip', bytes: 200, ms: 2 } },
		{ on: /\/sync\//, chance: 0.003, fault: { kind: 'answer', status: 403, body: '<h1>No</h1>' } }
	];
}

function isUnlucky(id: string): boolean {
	return id.charCodeAt(id.length - 1) % 3 === 0;
}

async function sync(device: TestDevice): Promise<SyncingDevice> {
	const started = await startSync(device, person.ledgerUrl, fetchAs(person.cookie));
	running.add(started);
	return started;
}

/** What a person did: every text must be somewhere in the end. */
interface Done {
	created: Map<string, number>;
	/** Id → texts that were written into its note. */
	noted: Map<string, string[]>;
}

/** A person at one device. Resolves with the device's last start. */
async function live(random: Random, done: Done): Promise<TestDevice> {
	let device = aDevice();
	let syncing = await sync(device);
	for (let step = 0; step < STEPS; step++) {
		const doing = random.below(10);
		const id = done.created.size > 0 ? random.pick([...done.created.keys()]) : undefined;
		if (doing < 4 || id === undefined) {
			const amountMinor = 100 + random.below(100_000);
			done.created.set(await create(device, { amountMinor }), amountMinor);
		} else if (doing < 8) {
			const note = `note ${random.below(2 ** 32)}`;
			const texts = done.noted.get(id) ?? [];
			// A history holds ten values: more would be dropped, and rightly.
			if (texts.length < 6 && (await device.repository.change(id, { note })).ok) {
				done.noted.set(id, [...texts, note]);
			}
		} else if (doing < 9) syncing.replicator.wake();
		else {
			await syncing.stop();
			running.delete(syncing);
			device = aDevice(undefined, device.name, device.id);
			syncing = await sync(device);
		}
		await new Promise((resolve) => setTimeout(resolve, random.below(40)));
	}
	return device;
}

test.each(Array.from({ length: SEEDS }, (_, index) => FIRST_SEED + index))(
	'two devices write while anything may go wrong (seed %i): nothing is lost, nothing doubled',
	async (seed) => {
		proxy = await startFaultProxy(service.url, seed);
		person = await signUp(proxy.url);
		proxy.rules = anything(seed);
		const done: Done = { created: new Map(), noted: new Map() };
		const lives = [0, 1].map((which) => live(new Random(seed, which), done));
		const devices = await Promise.all(lives);
		const meanwhile = proxy.requests.length;
		expect(meanwhile).toBeLessThan(3000);

		proxy.rules = [];
		proxy.cutAll();
		await expect
			.poll(() => inStep(devices), { timeout: 60_000, interval: 50 })
			.toEqual({ entries: done.created.size, differing: [], conflicting: [] });
		for (const syncing of running) await syncing.until(isUpToDate);
		expect(proxy.requests.length - meanwhile).toBeLessThan(500);

		for (const [id, amountMinor] of done.created) {
			const document = await devices[0]?.read(id);
			expect(document).toMatchObject({ amountMinor });
			const notes = [document?.note, ...(document?.history ?? []).map(({ value }) => value.note)];
			for (const text of done.noted.get(id) ?? []) expect(notes).toContain(text);
		}
	},
	120_000
);

interface Stand {
	entries: number;
	/** Ids of which the two devices or the cloud show different revisions. */
	differing: string[];
	/** Ids with more than one leaf. */
	conflicting: string[];
}

async function inStep(devices: TestDevice[]): Promise<Stand> {
	const answer = await person.send(`/sync/${person.ledgerId}/_changes`);
	const { results } = (await answer.json()) as {
		results: { id: string; changes: { rev: string }[] }[];
	};
	const shown = [new Map(results.map(({ id, changes }) => [id, changes[0]?.rev]))];
	const conflicting: string[] = [];
	for (const { database } of devices) {
		const { rows } = await database.allDocs();
		shown.push(new Map(rows.map((row) => [row.id, 'value' in row ? row.value.rev : undefined])));
		for (const { id } of rows) {
			if ((await leavesOf(database, id)).length > 1) conflicting.push(id);
		}
	}
	const ids = new Set(shown.flatMap((revisions) => [...revisions.keys()]));
	const differing = [...ids].filter(
		(id) => new Set(shown.map((revisions) => revisions.get(id))).size > 1
	);
	return { entries: ids.size, differing, conflicting };
}
